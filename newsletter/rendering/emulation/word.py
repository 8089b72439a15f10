"""The letter as Word lays it out, and what it loses by that. Pure."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import tinycss2
from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsletter.rendering.checks.finding import Finding
from newsletter.rendering.emulation.conditions import read_by_word
from newsletter.rendering.emulation.sheets import rewritten

_UNKNOWN = frozenset(
    {
        "max-width", "min-width", "max-height", "min-height", "border-radius", "box-shadow",
        "text-shadow", "opacity", "background-image", "background-size", "background-position",
        "position", "top", "left", "right", "bottom", "transform", "filter", "clip", "clip-path",
        "flex", "flex-direction", "flex-wrap", "gap", "grid", "grid-template-columns",
        "grid-template-rows", "justify-content", "align-items", "overflow", "object-fit",
    }
)  # fmt: skip
"""Properties that it leaves out; rounded corners among them, one by one or all at once."""

_LAYOUTS = frozenset({"flex", "inline-flex", "grid", "inline-grid"})
_PIXELS = re.compile(r"\d+(?:\.\d+)?(?:px)?")
_Styles = Mapping[str, str]


def as_word(html: str) -> str:
    """Give what is left: its own comments shown, no media queries, no property it does not know."""
    return rewritten(read_by_word(html), media=lambda _: None, declarations=_known)


def losses(html: str) -> Iterator[Finding]:
    """Tell which parts of a letter fall apart there."""
    tree = LexborHTMLParser(read_by_word(html))
    for node in tree.css("[style]"):
        styles = _styles(node)
        yield from _layout(node, styles)
        yield from _width(node, styles)
        yield from _button(node, styles)
        yield from _picture(node, styles)


def _known(declared: list[Any]) -> list[Any]:
    return [one for one in declared if not _is_lost(one)]


def _is_lost(declaration: Any) -> bool:
    name = declaration.lower_name
    if name in _UNKNOWN or (name.startswith("border-") and name.endswith("-radius")):
        return True
    words = {token.lower_value for token in declaration.value if token.type == "ident"}
    return name == "display" and bool(words & _LAYOUTS)


def _layout(node: LexborNode, styles: _Styles) -> Iterator[Finding]:
    if styles.get("display") in _LAYOUTS:
        told = (
            f"{_called(node)} is laid out by display:{styles['display']}; in Word its parts stand "
            "one below the other; use a table."
        )
        yield Finding("layout-lost", "hold", told, "html")


def _width(node: LexborNode, styles: _Styles) -> Iterator[Finding]:
    """A largest width is not known there, so that something around it has to say how wide it is."""
    if not _is_pixels(styles.get("max-width", "")) or _is_as_wide(node, styles):
        return
    told = (
        f"{_called(node)} is kept narrow by max-width only; in Word it is as wide as the window, "
        "or as its picture; put it into a table with a width."
    )
    yield Finding("width-lost", "hold", told, "html")


def _is_as_wide(node: LexborNode | None, styles: _Styles) -> bool:
    while node is not None and node.tag not in (None, "body", "-undef"):
        width = styles.get("width", "") or node.attributes.get("width") or ""
        if _is_pixels(width):
            return True
        node = node.parent
        styles = _styles(node) if node is not None else {}
    return False


def _button(node: LexborNode, styles: _Styles) -> Iterator[Finding]:
    """Room inside a link is not known there; a cell around it has room of its own."""
    is_painted = any(name.startswith(("background", "border")) for name in styles)
    has_room = any(name.startswith("padding") for name in styles)
    if node.tag == "a" and is_painted and has_room and not _has_room(node.parent):
        told = (
            f"{_called(node)} is a button by its padding; in Word it shrinks to its words; paint "
            "the cell around it, with mso-padding-alt."
        )
        yield Finding("button-shrinks", "hold", told, "html")


def _has_room(cell: LexborNode | None) -> bool:
    return cell is not None and "mso-padding-alt" in _styles(cell)


def _picture(node: LexborNode, styles: _Styles) -> Iterator[Finding]:
    if any("url(" in styles.get(name, "") for name in ("background", "background-image")):
        told = f"{_called(node)} has a picture behind it, which Word does not show."
        yield Finding("background-lost", "note", told, "html")


def _styles(node: LexborNode) -> _Styles:
    return _read(node.attributes.get("style") or "")


@lru_cache(maxsize=1024)
def _read(style: str) -> _Styles:
    parsed = tinycss2.parse_blocks_contents(style)
    return {
        one.lower_name: tinycss2.serialize(one.value).strip().lower()
        for one in parsed
        if one.type == "declaration"
    }


def _is_pixels(value: str) -> bool:
    return bool(_PIXELS.fullmatch(value)) and value not in ("0", "0px")


def _called(node: LexborNode) -> str:
    """Name an element by what it says, or by what it is."""
    words = " ".join(node.text().split())[:40]
    return repr(words) if words else f"a <{node.tag}>"
