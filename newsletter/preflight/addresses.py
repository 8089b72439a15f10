"""Where a letter leads to: its addresses, sorted into this service's own and everybody else's. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from newsletter.rendering.personal import mark
from newsletter.rendering.rendered import MARKS, Rendered

_IN_TEXT = re.compile(r"https?://[^\s<>\"]+")
_AFTER_AN_ADDRESS = ".,;:!?)”’"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of a letter with their marks unfilled, each once.

    Attributes:
        own: into this service: path, query and fragment, beginning with "/".
        others: complete addresses elsewhere; none holds anything personal.
    """

    own: tuple[str, ...]
    others: tuple[str, ...]


def addresses(letter: Rendered, bases: Collection[str]) -> Addresses:
    """Collect where both parts of a letter lead a reader.

    Args:
        letter: with its marks.
        bases: addresses of this service, without a slash at the end.
    """
    hrefs = [node.attributes.get("href") for node in LexborHTMLParser(letter.html).css("a[href]")]
    said = [found.rstrip(_AFTER_AN_ADDRESS) for found in _IN_TEXT.findall(letter.text)]
    own: list[str] = []
    others: list[str] = []
    for link in dict.fromkeys([*filter(None, hrefs), *said]):
        path = _own_path(link, bases)
        if path is not None:
            own.append(path)
        elif link.startswith(("http://", "https://")) and letter.nonce not in link:
            others.append(link)
    return Addresses(tuple(dict.fromkeys(own)), tuple(others))


def shown(path: str, nonce: str) -> str:
    """Write a path with "…" for everything personal in it."""
    for name in MARKS:
        path = path.replace(mark(nonce, name), "…")
    return path


def _own_path(link: str, bases: Collection[str]) -> str | None:
    for base in bases:
        rest = link.removeprefix(base)
        if rest != link and rest[:1] in {"", "/", "?", "#"}:
            return rest if rest.startswith("/") else f"/{rest}"
    return None
