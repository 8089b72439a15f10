"""The picture in the README: the demo's letter on a desk by day and on a phone by night.

``make picture`` after ``make run``. No test: what it shows is tested elsewhere.
"""

import struct
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from tests.journeys.browser import page

HEIGHT = 1700
WAND = """
async ([shots, height]) => {
  const images = await Promise.all(shots.map(async (shot) => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + shot;
    await image.decode();
    return image;
  }));
  const gap = 20, canvas = document.createElement('canvas');
  canvas.width = images.reduce((sum, image) => sum + image.width + gap, gap);
  canvas.height = height + 2 * gap;
  const paint = canvas.getContext('2d');
  paint.fillStyle = '#cfc8b9';
  paint.fillRect(0, 0, canvas.width, canvas.height);
  let left = gap;
  for (const image of images) {
    paint.drawImage(image, left, gap);
    left += image.width + gap;
  }
  const data = paint.getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Map(), code = (at) => (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
  for (let at = 0; at < data.length; at += 4) seen.set(code(at), (seen.get(code(at)) || 0) + 1);
  const palette = [...seen].sort((a, b) => b[1] - a[1]).slice(0, 96).map(([colour]) => colour);
  const far = (a, b) => [16, 8, 0].reduce((sum, by) => sum + (((a >> by) & 255) - ((b >> by) & 255)) ** 2, 0);
  const nearest = new Map();
  for (const colour of seen.keys()) {
    let best = 0;
    palette.forEach((one, at) => { if (far(one, colour) < far(palette[best], colour)) best = at; });
    nearest.set(colour, best);
  }
  let pixels = '';
  for (let at = 0; at < data.length; at += 4) pixels += String.fromCharCode(nearest.get(code(at)));
  return { width: canvas.width, height: canvas.height, palette, pixels: btoa(pixels) };
}
"""
"""Puts the shots side by side and leaves the 96 commonest colours, a third of the bytes."""


def draw(letter: Path, picture: Path) -> None:
    """Photograph a letter twice and write one small picture of both."""
    picture.write_bytes(
        side_by_side([_shot(letter, 640, "light"), _shot(letter, 360, "dark")], HEIGHT)
    )


def side_by_side(shots: Sequence[bytes], height: int) -> bytes:
    """Make one small picture of several."""
    with page(640) as opened:
        drawn = opened.evaluate(WAND, [[b64encode(shot).decode() for shot in shots], height])
    palette = b"".join(colour.to_bytes(3) for colour in drawn["palette"])
    return _png(drawn["width"], drawn["height"], palette, b64decode(drawn["pixels"]))


def _shot(letter: Path, width: int, scheme: Literal["light", "dark"]) -> bytes:
    with page(width, scheme) as opened:
        opened.goto(letter.resolve().as_uri())
        whole = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(HEIGHT)}
        shot: bytes = opened.screenshot(clip=whole, full_page=True)  # type: ignore[arg-type]
        return shot


def _png(width: int, height: int, palette: bytes, pixels: bytes) -> bytes:
    """Write a picture of indexed colours, each line unfiltered."""
    lines = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
