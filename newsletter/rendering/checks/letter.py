"""A letter opened for checking: personalised for one sample subscriber, its HTML read once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from newsletter.rendering.letter import Rendered
from newsletter.rendering.personal import mark
from newsletter.rendering.views import Brand, IssueView

_TOUCHED = re.compile(r"[\s{}@]+")
_FETCHED = {"src", "srcset", "background", "poster", "data"}
_FETCHED_BY_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]*)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """What the rules look at.

    Attributes:
        view: what the letter was rendered from.
        brand: the brand as configured now.
        marks: a sample value for each known mark.
        nonce: by which marks are known.
        headers: subject and preheader by their names; nothing in them is personal.
        html: the HTML part as one subscriber gets it.
        text: the text part as one subscriber gets it.
        tags: element names in the HTML.
        links: where the HTML links to.
        fetched: addresses that the HTML makes a mail program load.
        said: the visible words of the HTML, blanks collapsed.
    """

    view: IssueView
    brand: Brand
    marks: Mapping[str, str]
    nonce: str
    headers: Mapping[str, str]
    html: str
    text: str
    tags: frozenset[str]
    links: tuple[str, ...]
    fetched: tuple[str, ...]
    said: str

    @classmethod
    def opened(
        cls, rendered: Rendered, view: IssueView, *, marks: Mapping[str, str], brand: Brand
    ) -> "Letter":
        """Fill the known marks, leave all others standing, and read the HTML."""
        html, text = rendered.html, rendered.text
        for name, value in marks.items():
            html = html.replace(mark(rendered.nonce, name), _escaped(value))
            text = text.replace(mark(rendered.nonce, name), value)
        reader = _Reader()
        reader.feed(html)
        return cls(
            view=view,
            brand=brand,
            marks=marks,
            nonce=rendered.nonce,
            headers={"subject": rendered.subject, "preheader": rendered.preheader},
            html=html,
            text=text,
            tags=frozenset(reader.tags),
            links=tuple(reader.links),
            fetched=tuple(reader.fetched),
            said=" ".join(" ".join(reader.words).split()),
        )

    @property
    def unsubscribe_url(self) -> str:
        """Where the sample subscriber would unsubscribe."""
        return f"{self.brand.base_url}/unsubscribe/{self.marks.get('unsubscribe', '')}"


def bare(text: str) -> str:
    """Leave out what wrapping and the gate for template syntax may have touched."""
    return _TOUCHED.sub("", text)


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


class _Reader(HTMLParser):
    """Collects from HTML what the rules ask about."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []
        self._inside: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside = tag
        for name, value in attrs:
            if not value:
                continue
            if tag in {"a", "area"} and name == "href":
                self.links.append(value)
            elif name in _FETCHED or (tag == "link" and name == "href"):
                self.fetched.append(value)
            elif name == "style":
                self.fetched += _FETCHED_BY_STYLE.findall(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.fetched += _FETCHED_BY_STYLE.findall(data)
        elif self._inside not in {"title", "script"}:
            self.words.append(data)
