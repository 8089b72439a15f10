"""The HTML part read once: what it links to, what it would load, and what it says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_FETCHED = ("src", "srcset", "background", "poster", "data")
_FETCHED_BY_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]*)""", re.IGNORECASE)
_UNSPOKEN = ("title", "script", "style", "template", "noscript")


@dataclass(frozen=True, slots=True)
class Link:
    """One link: where it leads, and what a screen reader says it is."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class HtmlPart:
    """What the rules ask of the HTML.

    Attributes:
        tree: the parsed document, for questions of structure.
        tags: element names.
        ids: places that can be linked to.
        links: every ``<a>`` and ``<area>`` with an address, in document order.
        fetched: addresses that make a mail program load something.
        said: the words in the body, also those of the hidden preheader; blanks collapsed.
    """

    tree: LexborHTMLParser
    tags: frozenset[str]
    ids: frozenset[str]
    links: tuple[Link, ...]
    fetched: tuple[str, ...]
    said: str

    @classmethod
    def read(cls, html: str) -> "HtmlPart":
        """Parse as a browser does: nothing is ever an error."""
        tree = LexborHTMLParser(html)
        nodes = list(tree.root.traverse(include_text=True)) if tree.root else []
        elements = [node for node in nodes if node.is_element_node]
        return cls(
            tree=tree,
            tags=frozenset(node.tag or "" for node in elements),
            ids=frozenset(node.attributes.get("id") or "" for node in elements) - {""},
            links=tuple(_links(elements)),
            fetched=tuple(address for node in elements for address in _fetched(node)),
            said=" ".join(" ".join(_words(nodes)).split()),
        )

    @property
    def urls(self) -> tuple[str, ...]:
        """Where the links lead, in document order."""
        return tuple(link.url for link in self.links)


def _links(elements: list[LexborNode]) -> Iterator[Link]:
    for node in elements:
        if node.tag in {"a", "area"} and "href" in node.attributes:
            spoken = [node.text(), node.attributes.get("aria-label") or ""]
            spoken += [image.attributes.get("alt") or "" for image in node.css("img")]
            yield Link((node.attributes["href"] or "").strip(), " ".join(" ".join(spoken).split()))


def _fetched(node: LexborNode) -> Iterator[str]:
    attributes = node.attributes
    yield from (value for name in _FETCHED if (value := attributes.get(name)))
    if node.tag == "link" and (address := attributes.get("href")):
        yield address
    style = node.text() if node.tag == "style" else attributes.get("style")
    if style:
        yield from _FETCHED_BY_STYLE.findall(style)


def _words(nodes: list[LexborNode]) -> Iterator[str]:
    for node in nodes:
        if node.is_text_node and node.parent and node.parent.tag not in _UNSPOKEN:
            yield node.text_content or ""
