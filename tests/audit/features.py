"""Which features of HTML and CSS a letter relies on, by the names that caniemail gives them."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;{}]+)")
_UNIT = re.compile(r"\d(px|em|rem|ch|ex|vh|vw|vmin|vmax|cm|mm|in|pc|pt|%)")
_FUNCTION = re.compile(r"([a-z-]+)\(")

_ELEMENTS = (
    dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6")
    | dict.fromkeys(("ul", "ol", "dl"), "html-lists")
    | dict.fromkeys(
        ("article", "aside", "figure", "footer", "header", "main", "nav", "section"),
        "html-semantics",
    )
)
_ATTRIBUTES = {"srcset": "html-srcset", "sizes": "html-srcset", "loading": "html-loading-attribute"}
_PROPERTIES = (
    dict.fromkeys(("left", "right", "top", "bottom"), "css-left-right-top-bottom")
    | dict.fromkeys(("gap", "row-gap", "column-gap"), "css-gap")
    | {"font-family": "", "color": ""}  # supported everywhere, so caniemail has no page for them
)
_FUNCTIONS = {"calc": "css-unit-calc", "var": "css-variables"}
_PAIRS = {
    "display:flex": "css-display-flex",
    "display:grid": "css-display-grid",
    "display:none": "css-display-none",
}
_FOR_WORD_ONLY = ("mso-", "-webkit-", "-ms-", "-moz-")


def essential(html: str) -> dict[str, str]:
    """Give what the letter is built of: elements, attributes and inline styles.

    Returns:
        For each feature the first place that uses it.
    """
    found: dict[str, str] = {}
    body = LexborHTMLParser(html).body
    for node in body.traverse() if body else ():
        for feature, place in _of_node(node):
            found.setdefault(feature, place)
    return found


def extra(html: str) -> set[str]:
    """Give what only ``<style>`` asks for, without which the letter must do as well."""
    styles = " ".join(node.text() for node in LexborHTMLParser(html).css("style"))
    return {feature for feature, _ in _of_style(styles)}


def _of_node(node: LexborNode) -> Iterator[tuple[str, str]]:
    tag = node.tag or ""
    yield _ELEMENTS.get(tag, f"html-{tag}"), f"<{tag}>"
    for name, value in node.attributes.items():
        if name == "style":
            for feature, place in _of_style(value or ""):
                yield feature, f"<{tag}> {place}"
        else:
            yield _ATTRIBUTES.get(name, f"html-{name}"), f"<{tag} {name}>"
    href = node.attributes.get("href") or ""
    if href.startswith(("#", "mailto:")):
        yield ("html-anchor-links" if href[0] == "#" else "html-mailto-links"), f"<{tag}> {href}"


def _of_style(style: str) -> Iterator[tuple[str, str]]:
    for name, value in _DECLARATION.findall(style):
        if name.startswith(_FOR_WORD_ONLY):
            continue
        place = f"{name}:{value.strip()}"
        yield _PROPERTIES.get(name, f"css-{name}"), place
        yield from ((feature, place) for pair, feature in _PAIRS.items() if place.startswith(pair))
        for unit in _UNIT.findall(value):
            yield f"css-unit-{'percent' if unit == '%' else unit}", place
        for function in _FUNCTION.findall(value):
            yield _FUNCTIONS.get(function, f"css-function-{function}"), place
        if "!important" in value:
            yield "css-important", place
