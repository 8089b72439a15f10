"""The world around an issue at one instant, as plain values that rules look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from newsletter.delivery.message import Receipt
from newsletter.issues.outdated import Change
from newsletter.links.answer import Answer
from newsletter.rendering.views import Brand

Kind = Literal["unsubscribe", "one-click", "preferences", "vote", "page"]
"""What a reader does with a link into this service."""


@dataclass(frozen=True, slots=True)
class Band:
    """How far an audience may be from the last one, both in percent of it."""

    fall: float
    rise: float


@dataclass(frozen=True, slots=True)
class LastIssue:
    """The latest other issue that began to leave, and how many were to get it."""

    number: int
    audience: int


@dataclass(frozen=True, slots=True)
class Mailed:
    """A comparison of this issue that went out before, and in which issue."""

    title: str
    number: int


@dataclass(frozen=True, slots=True)
class Page:
    """What this service's own router answers to one link of the letter.

    Attributes:
        kind: what the link is for.
        shown: its path with every reader's token left out.
        status: of the answer.
        lacks: the place on the page that the link leads to, when the page has no such place.
    """

    kind: Kind
    shown: str
    status: int
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything about an issue that is not in its letter.

    Attributes:
        number: of the issue, for the commands that are named.
        begun: whether it has begun to leave, so that it cannot be built again.
        built_with: the brand that stands in its letter.
        brand: the brand as configured now.
        sender: the From header as it would leave.
        editors: how many addresses get the notices.
        audience: how many would get it now; for one that has begun, how many were to get it.
        band: how far the audience may be from the last one.
        is_wanted: whether their wishes leave anybody of them a letter.
        last: the issue to compare with, if there is one.
        altered: parts of the letter that its frozen content does not render to.
        outdated: what a new build of the draft would change.
        not_after: by when it must have left, if an end is set.
        gone_by: when the last of it can have left; None when there is no end to keep.
        mailed: what in it went out before.
        refusal: why no message can be composed; None when one was.
        way_out: for what the provider would take nothing; None when it would, or does not tell.
        pages: what the router answers to its links.
        links: what other hosts answer to its links.
    """

    number: int
    begun: bool
    built_with: Brand
    brand: Brand
    sender: str
    editors: int
    audience: int
    band: Band
    is_wanted: bool = True
    last: LastIssue | None = None
    altered: tuple[str, ...] = ()
    outdated: tuple[Change, ...] = ()
    not_after: datetime | None = None
    gone_by: datetime | None = None
    mailed: tuple[Mailed, ...] = ()
    refusal: str | None = None
    way_out: Receipt | None = None
    pages: tuple[Page, ...] = ()
    links: tuple[Answer, ...] = ()
