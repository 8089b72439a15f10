"""The few CSS declarations that decide whether a word can be read, brought to one form each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import tinycss2

from newsletter.rendering.checks.colours import TRANSPARENT, Colour, colour

Property = Literal[
    "color", "background", "size", "bold",
    "display", "visibility", "opacity", "clip", "away", "shrunk", "no-height", "cut-off",
]  # fmt: skip
HIDING: frozenset[Property] = frozenset(
    {"display", "visibility", "opacity", "clip", "away", "shrunk"}
)
"""Properties of which each hides an element by itself; no height does so where overflow is cut."""

BOLD_FROM = 600
_FAINTEST = 0.1
_FAR_OFF = -300
"""Pixels; no phone shows what begins so far outside."""


@dataclass(frozen=True, slots=True)
class Length:
    """A font size: so many ``unit``, where "em" and "%" are of the parent's."""

    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """One property with its value; None as value means "as the parent has it"."""

    name: Property
    value: Colour | Length | bool | None
    important: bool = False


_SIZES = {
    "xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24,
    "xx-large": 32,
}  # fmt: skip
_INHERIT = {"inherit", "currentcolor", "unset"}


@lru_cache(maxsize=4096)
def inline(style: str) -> tuple[Declaration, ...]:
    """Read a ``style`` attribute."""
    return declarations(tinycss2.parse_blocks_contents(style))


def declarations(parsed: Sequence[Any]) -> tuple[Declaration, ...]:
    """Give what is known of a block's contents, in its order; all else is left out."""
    return tuple(
        Declaration(name, value, one.important)
        for one in parsed
        if one.type == "declaration"
        for name, value in _known(one.lower_name, _meaningful(one.value))
    )


def _known(name: str, tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    reader = _READERS.get(name)
    return reader(tokens) if reader else iter(())


def _colour(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    found = colour(tokens)
    if found or _INHERIT & _words(tokens):
        yield "color", found


def _background(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    yield "background", colour(tokens) or TRANSPARENT


def _font_size(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    if size := _size(tokens):
        yield "size", size


def _font_weight(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    yield "bold", _is_bold(tokens)


def _font(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    """Read the shorthand: the weight stands before the size, the line height behind a slash."""
    place = next((at for at, token in enumerate(tokens) if _size([token])), None)
    if place is not None:
        yield "size", _size([tokens[place]])
        yield "bold", _is_bold(tokens[:place])


def _size(tokens: list[Any]) -> Length | None:
    for token in tokens:
        if token.type == "dimension":
            return Length(token.value, token.lower_unit)
        if token.type == "percentage":
            return Length(token.value, "%")
        if token.type == "number" and token.value == 0:
            return Length(0, "px")
        if token.type == "ident" and token.lower_value in _SIZES:
            return Length(_SIZES[token.lower_value], "px")
        if token.type == "ident" and token.lower_value in {"smaller", "larger"}:
            return Length(0.83 if token.lower_value == "smaller" else 1.2, "em")
    return None


def _is_bold(tokens: list[Any]) -> bool | None:
    for token in tokens:
        if token.type == "ident" and token.lower_value in {"bold", "bolder"}:
            return True
        if token.type == "ident" and token.lower_value in _INHERIT:
            return None
        if token.type == "number":
            return bool(token.value >= BOLD_FROM)
    return False


def _meaningful(tokens: Sequence[Any]) -> list[Any]:
    return [token for token in tokens if token.type not in {"whitespace", "comment"}]


def _display(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    yield "display", "none" in _words(tokens)


def _visibility(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    yield "visibility", bool({"hidden", "collapse"} & _words(tokens))


def _opacity(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    yield "opacity", any(_amount(token, of_one=True) < _FAINTEST for token in tokens)


def _clip(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    yield "clip", not {"none", "auto", "initial", "unset", "inherit"} & _words(tokens)


def _away(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    yield "away", any(_amount(token) <= _FAR_OFF for token in tokens)


def _transform(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    """Take any scaling to nothing, and any move far off, for hiding."""
    inside = [one for token in tokens if token.type == "function" for one in token.arguments]
    nothing = any(
        token.type == "function"
        and token.lower_name.startswith("scale")
        and any(one.type == "number" and one.value == 0 for one in token.arguments)
        for token in tokens
    )
    yield "shrunk", nothing or any(_amount(one) <= _FAR_OFF for one in inside)


def _height(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    yield "no-height", any(_amount(token, of_one=True) == 0 for token in tokens)


def _overflow(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    yield "cut-off", bool({"hidden", "clip"} & _words(tokens))


def _outlook(tokens: list[Any]) -> Iterator[tuple[Property, Any]]:
    yield "visibility", "all" in _words(tokens)


def _amount(token: Any, *, of_one: bool = False) -> float:
    """Give a number in pixels or in parts of one; what is none is neither little nor far off."""
    if token.type == "dimension":
        return float(token.value) * (16 if token.lower_unit in {"em", "rem", "ch"} else 1)
    if token.type == "percentage":
        return float(token.value) / 100 if of_one else float(token.value) * 5
    return float(token.value) if token.type == "number" else 1.0


def _words(tokens: list[Any]) -> set[str]:
    return {token.lower_value for token in tokens if token.type == "ident"}


_READERS: Mapping[str, Callable[[list[Any]], Iterator[tuple[Property, Any]]]] = {
    "color": _colour,
    "background": _background,
    "background-color": _background,
    "font-size": _font_size,
    "font-weight": _font_weight,
    "font": _font,
    "display": _display,
    "visibility": _visibility,
    "opacity": _opacity,
    "clip": _clip,
    "clip-path": _clip,
    "transform": _transform,
    "overflow": _overflow,
    "overflow-y": _overflow,
    "mso-hide": _outlook,
    **dict.fromkeys(("height", "max-height", "width", "max-width"), _height),
    **dict.fromkeys(("text-indent", "left", "top", "margin-left", "margin-top"), _away),
}
