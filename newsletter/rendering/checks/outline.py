"""The letter as somebody hears it who leaps from heading to heading. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

_HEADINGS = {"h1", "h2"}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with everything up to the next one.

    Attributes:
        anchor: the heading's place, as links name it; may be empty.
        heading: its words, blanks collapsed.
        nodes: all elements that begin behind it, in document order.
    """

    anchor: str
    heading: str
    nodes: tuple[LexborNode, ...]

    def all(self, *tags: str) -> Iterator[LexborNode]:
        """Give its elements of these names."""
        return (node for node in self.nodes if node.tag in tags)


def outline(elements: Iterable[LexborNode]) -> Iterator[Section]:
    """Cut the elements of a document along its first two ranks of headings."""
    heading: LexborNode | None = None
    nodes: list[LexborNode] = []
    for node in elements:
        if node.tag in _HEADINGS:
            if heading is not None:
                yield _section(heading, nodes)
            heading, nodes = node, []
        elif heading is not None:
            nodes.append(node)
    if heading is not None:
        yield _section(heading, nodes)


def _section(heading: LexborNode, nodes: list[LexborNode]) -> Section:
    words = " ".join(heading.text(separator=" ").split())
    return Section(heading.attributes.get("id") or "", words, tuple(nodes))
