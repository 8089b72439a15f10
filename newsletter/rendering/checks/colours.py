"""Colours as CSS writes them, laid over each other and compared as WCAG 2 does. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from tinycss2.color4 import Color, parse_color


class Colour(NamedTuple):
    """A colour in sRGB; all four parts from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, ground: "Colour") -> "Colour":
        """Give what is seen when this lies on an opaque ground."""
        mixed = [
            upper * self.alpha + lower * (1 - self.alpha)
            for upper, lower in zip(self[:3], ground[:3], strict=True)
        ]
        return Colour(*mixed)

    def __str__(self) -> str:
        return "#" + "".join(f"{round(part * 255):02x}" for part in self[:3])


BLACK, WHITE = Colour(0, 0, 0), Colour(1, 1, 1)
TRANSPARENT = Colour(0, 0, 0, 0)

LINEAR_UP_TO = 0.04045
"""The curve of sRGB is a straight line for parts that are no greater."""


def colour(value: str | Sequence[Any]) -> Colour | None:
    """Read a CSS colour from a string or from the tokens of one value; None when it is none."""
    candidates = [value] if isinstance(value, str) else value
    for candidate in candidates:
        parsed = parse_color(candidate)
        if isinstance(parsed, Color):
            red, green, blue = parsed.to("srgb").coordinates
            return Colour(red or 0, green or 0, blue or 0, parsed.alpha)
    return None


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast ratio of two opaque colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(shade: Colour) -> float:
    red, green, blue = (linear(min(max(part, 0.0), 1.0)) for part in shade[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    """Undo the curve by which sRGB spreads the dark shades."""
    return part / 12.92 if part <= LINEAR_UP_TO else float(((part + 0.055) / 1.055) ** 2.4)
