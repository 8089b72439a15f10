"""The HTML part read once: what it links to, what it would load, and what it says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsletter.rendering.checks.loading import Attributes, fetched, runs
from newsletter.rendering.checks.outline import Section, outline
from newsletter.rendering.checks.outlook import OutlookPart

_UNSPOKEN = ("title", "script", "style", "template", "noscript")


@dataclass(frozen=True, slots=True)
class Link:
    """One link.

    Attributes:
        url: where it leads.
        words: what a screen reader says it is.
        shown: what is written on it.
        label: what it is called instead for those who listen; empty when nothing is.
    """

    url: str
    words: str
    shown: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class HtmlPart:
    """What the rules ask of the HTML.

    Attributes:
        tree: the parsed document, for questions of structure.
        ids: places that can be linked to.
        links: every ``<a>`` and ``<area>`` with an address, in document order.
        sections: the stretches under each heading.
        fetched: addresses that make a mail program load something, Outlook among them.
        running: what would run something or send the reader elsewhere.
        only_outlook: the words that only Outlook shows.
        said: the words in the body, also those of the hidden preheader; blanks collapsed.
    """

    tree: LexborHTMLParser
    ids: frozenset[str]
    links: tuple[Link, ...]
    sections: tuple[Section, ...]
    fetched: tuple[str, ...]
    running: tuple[str, ...]
    only_outlook: str
    said: str

    @classmethod
    def read(cls, html: str) -> "HtmlPart":
        """Parse as a browser does: nothing is ever an error."""
        tree = LexborHTMLParser(html)
        nodes = list(tree.root.traverse(include_text=True)) if tree.root else []
        elements = [node for node in nodes if node.is_element_node]
        outlook = OutlookPart.read([node.comment_content or "" for node in nodes
                                    if node.is_comment_node])  # fmt: skip
        everything = [*map(_read, elements), *outlook.elements]
        return cls(
            tree=tree,
            ids=frozenset(node.attributes.get("id") or "" for node in elements) - {""},
            links=tuple(links_in(elements)),
            sections=tuple(outline(elements)),
            fetched=tuple(address for one in everything for address in fetched(*one)),
            running=tuple(
                dict.fromkeys(
                    name for tag, attributes, _ in everything for name in runs(tag, attributes)
                )
            ),
            only_outlook=outlook.words,
            said=" ".join(" ".join(_words(nodes)).split()),
        )

    @property
    def urls(self) -> tuple[str, ...]:
        """Where the links lead, in document order."""
        return tuple(link.url for link in self.links)


def links_in(elements: Iterable[LexborNode]) -> Iterator[Link]:
    """Give the links among some elements."""
    for node in elements:
        if node.tag in {"a", "area"} and "href" in node.attributes:
            shown, label = _line(node.text()), _line(node.attributes.get("aria-label") or "")
            spoken = [shown, label]
            spoken += [image.attributes.get("alt") or "" for image in node.css("img")]
            url = (node.attributes["href"] or "").strip()
            yield Link(url, _line(" ".join(spoken)), shown, label)


def _read(node: LexborNode) -> tuple[str, Attributes, str]:
    return node.tag or "", node.attributes, node.text() if node.tag == "style" else ""


def _line(words: str) -> str:
    return " ".join(words.split())


def _words(nodes: list[LexborNode]) -> Iterator[str]:
    for node in nodes:
        if node.is_text_node and node.parent and node.parent.tag not in _UNSPOKEN:
            yield node.text_content or ""
