"""The few CSS declarations that decide whether a word can be read, brought to one form each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import tinycss2

from newsletter.rendering.checks.colours import TRANSPARENT, Colour, colour

Property = Literal["color", "background", "size", "bold", "hidden"]

BOLD_FROM = 600


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
    yield "hidden", bool({"none", "hidden"} & _words(tokens))


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
    "visibility": _display,
}
