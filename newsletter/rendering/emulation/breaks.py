"""What a reader sees no more, sees and should not, or cannot read, after a program's changes. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser

from newsletter.rendering.checks.cascade import elements
from newsletter.rendering.checks.colours import contrast
from newsletter.rendering.checks.contrast import needed
from newsletter.rendering.checks.finding import Finding
from newsletter.rendering.checks.media import DARK, PHONE, Scene
from newsletter.rendering.checks.sight import SeenText, seen

FORCED = Scene("in colours turned over", dark=True)

_WORDS = 40
_PIXELS = re.compile(r"(\d+)(?:px)?")
_FIXED = re.compile(r"(?<![-\w])(?:min-)?width\s*:\s*(\d+)px", re.IGNORECASE)
_LIMITED = re.compile(r"max-width\s*:\s*100%", re.IGNORECASE)


def between(before: str, after: str, scenes: Sequence[Scene]) -> Iterator[Finding]:
    """Compare what is seen of a letter before and after, and tell what cannot be read.

    Args:
        before: the HTML as it leaves.
        after: what the program makes of it.
        scenes: in which the program shows it.
    """
    for scene in scenes:
        was, now = _seen(before, _as_meant(scene)), _seen(after, scene)
        yield from _gone(was, now)
        yield from _come(was, now)
        yield from _faint(now, scene)


def too_wide(html: str) -> Iterator[Finding]:
    """Tell what is wider than a phone, and stays so without a style sheet."""
    for node in LexborHTMLParser(html).css("body [width], body [style]"):
        style = node.attributes.get("style") or ""
        said = _PIXELS.fullmatch(node.attributes.get("width") or "")
        widths = [int(said[1])] if said else []
        widths += [int(found[1]) for found in _FIXED.finditer(style)]
        if widths and max(widths) > PHONE.width and not _LIMITED.search(style):
            told = (
                f"{_first(node.text())} is {max(widths)} pixels wide, on a phone too; let it be "
                "100% wide with a largest width."
            )
            yield Finding("too-wide", "hold", told, "html")


def painted(html: str) -> Iterator[Finding]:
    """Tell which words stand on a picture: that is not turned over, and they are."""
    for node in LexborHTMLParser(html).css("body [style*='url('], body [background]"):
        if node.text().strip():
            told = (
                f"{_first(node.text())} stands on a picture, which stays light while the words "
                "become light; use a colour."
            )
            yield Finding("picture-behind", "hold", told, "html")


def _seen(html: str, scene: Scene) -> list[SeenText]:
    return list(seen(elements(LexborHTMLParser(html)), scene, knows_dark=scene is FORCED))


def _as_meant(scene: Scene) -> Scene:
    """Give the scene for which the letter itself is made."""
    return DARK if scene is FORCED else scene


def _gone(was: list[SeenText], now: list[SeenText]) -> Iterator[Finding]:
    for words in Counter(one.words for one in was) - Counter(one.words for one in now):
        told = f"{_first(words)} is not seen any more; it must not take a style sheet to be seen."
        yield Finding("words-gone", "hold", told, "html")


def _come(was: list[SeenText], now: list[SeenText]) -> Iterator[Finding]:
    for words in Counter(one.words for one in now) - Counter(one.words for one in was):
        told = f"{_first(words)} is seen and should not be; hide it at the element itself."
        yield Finding("words-come", "hold", told, "html")


def _faint(now: list[SeenText], scene: Scene) -> Iterator[Finding]:
    judged = set()
    for one in now:
        ground, least = one.look.ground, needed(one.look)
        pair = one.look.colour.over(ground), ground, least
        if pair not in judged and contrast(pair[0], ground) < least:
            told = (
                f"{_first(one.words)} is {pair[0]} on {ground} {scene.name}, "
                f"{contrast(pair[0], ground):.1f}:1 instead of {least:g}:1; set both colours at "
                "the element."
            )
            yield Finding("faint", "hold", told, "html")
        judged.add(pair)


def _first(words: str) -> str:
    return repr(" ".join(words.split())[:_WORDS])
