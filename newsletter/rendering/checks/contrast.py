"""Rules about what can be read: contrast in light and in the dark, and the size of the letters.

They hold the issue rather than block it: a faint word is a fault of the design, the rest of the
letter is right, and only a changed template or style can bring one.
"""

from collections.abc import Iterator, Sequence

from newsletter.rendering.checks.colours import Colour, contrast
from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.media import DARK, DARK_PHONE, LIGHT, PHONE, Scene
from newsletter.rendering.checks.sight import Look, SeenText

LEAST_CONTRAST = 4.5
LEAST_CONTRAST_OF_LARGE = 3.0
LARGE_FROM = 24.0
"""Pixels; bold text counts as large from ``LARGE_BOLD_FROM`` on (WCAG 2.2, 1.4.3)."""
LARGE_BOLD_FROM = 18.66
SMALLEST = 14.0
"""Pixels; below it a phone's reader needs both hands."""


def contrast_light(letter: Letter) -> Iterator[Finding]:
    """Every word stands out from its ground where the reader prefers light colours."""
    yield from _faint(letter, "contrast-light", (LIGHT, PHONE))


def contrast_dark(letter: Letter) -> Iterator[Finding]:
    """Every word stands out from its ground where the reader prefers dark colours."""
    yield from _faint(letter, "contrast-dark", (DARK, DARK_PHONE))


def font_too_small(letter: Letter) -> Iterator[Finding]:
    """No visible word is smaller than 14 pixels, on a phone either."""
    found: dict[float, str] = {}
    for scene in (LIGHT, PHONE):
        for text in letter.seen(scene):
            if text.look.size < SMALLEST:
                found.setdefault(text.look.size, text.words)
    for size, words in found.items():
        told = f"{words[:40]!r} is {size:g}px; make it {SMALLEST:g}px or more in the template."
        yield Finding("font-too-small", "hold", told, "html")


RULES: tuple[Rule, ...] = (contrast_light, contrast_dark, font_too_small)


def _faint(letter: Letter, code: str, scenes: Sequence[Scene]) -> Iterator[Finding]:
    """Give each faint pair of colours once, with the first words that wear it."""
    judged: set[tuple[Colour, Colour, float]] = set()
    for scene in scenes:
        for text in letter.seen(scene):
            ground, least = text.look.ground, needed(text.look)
            if (seen := (text.look.colour, ground, least)) in judged:
                continue
            judged.add(seen)
            shade = text.look.colour.over(ground)
            if contrast(shade, ground) < least:
                yield Finding(code, "hold", _message(text, shade, scene), "html")


def needed(look: Look) -> float:
    """Give the least contrast that letters of that size and weight may have."""
    large = look.size >= (LARGE_BOLD_FROM if look.bold else LARGE_FROM)
    return LEAST_CONTRAST_OF_LARGE if large else LEAST_CONTRAST


def _message(text: SeenText, shade: Colour, scene: Scene) -> str:
    ground = text.look.ground
    return (
        f"{text.words[:40]!r} is {shade} on {ground} {scene.name}, {contrast(shade, ground):.1f}:1 "
        f"instead of {needed(text.look):g}:1; change one of the colours in the template."
    )
