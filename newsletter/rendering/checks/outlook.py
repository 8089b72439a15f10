"""What only Outlook reads: the elements and the words inside its conditional comments. Pure."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from newsletter.rendering.checks.loading import Attributes

_SILENT = ("style", "xml", "title", "script")


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: Attributes
    text: str = ""


@dataclass(frozen=True, slots=True)
class OutlookPart:
    """The comments read tag by tag, since a tag may open in one and close in another.

    Attributes:
        elements: name, attributes, and the text of style sheets.
        words: what Outlook alone would show.
    """

    elements: tuple[tuple[str, Attributes, str], ...] = ()
    words: str = ""

    @classmethod
    def read(cls, comments: list[str]) -> "OutlookPart":
        """Read the insides of comments, of which those that begin with ``[if`` count."""
        reader = _Reader()
        for comment in comments:
            head, _, inside = comment.partition(">")
            if head.lstrip().lower().startswith("[if") and inside.strip() != "<!":
                reader.feed(inside.rpartition("<![")[0] or inside)
        reader.close()
        elements = tuple((one.tag, one.attributes, one.text) for one in reader.found.elements)
        return cls(elements, " ".join(" ".join(reader.found.words).split()))


@dataclass(slots=True)
class _Found:
    elements: list[_Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = _Found()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.elements.append(_Element(tag, dict(attrs)))
        if tag in _SILENT:
            self.found.silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.found.silent:
            self.found.silent.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.found.silent:
            self.found.words.append(data)
        elif self.found.elements[-1].tag == "style":
            self.found.elements[-1].text += data
