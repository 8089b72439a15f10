"""This service's own pages, asked in process: the real router, the real tokens, no network."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from newsletter.preflight.surroundings import Kind, Page

_KINDS: dict[str, Kind] = {
    "unsubscribe": "unsubscribe",
    "manage": "preferences",
    "vote": "vote",
}


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A link into this service: as a reader follows it, and as it may be shown to others."""

    path: str
    shown: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What the router answers: its status and the page."""

    status: int
    page: str


class Router(Protocol):
    """The doors of the web application, reached without a network."""

    def get(self, paths: Sequence[str], *, published: int) -> list[Answered]:
        """Ask for pages as they will be when an issue has begun to leave; nothing is changed."""
        ...

    def post(self, path: str) -> int:
        """Press the button of a page; give the status."""
        ...


def ask_pages(
    router: Router, links: Sequence[OwnLink], *, number: int, one_click: str
) -> list[Page]:
    """Ask for every page that a letter leads to, and press the button of the way out.

    Args:
        router: the doors.
        links: of the letter, with genuine tokens in them.
        number: of the issue; its own page and its votes are not public yet.
        one_click: path of the unsubscribe address of somebody who is not there.
    """
    answers = router.get([link.path.partition("#")[0] for link in links], published=number)
    pages = [_page(link, answer) for link, answer in zip(links, answers, strict=True)]
    return [*pages, Page("one-click", "POST /unsubscribe/…", router.post(one_click))]


def _page(link: OwnLink, answer: Answered) -> Page:
    anchor = link.path.partition("#")[2]
    lacks = anchor if anchor and f'id="{anchor}"' not in answer.page else ""
    return Page(_KINDS.get(link.path.split("/")[1], "page"), link.shown, answer.status, lacks)
