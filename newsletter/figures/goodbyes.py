"""Who left because of an issue, as far as anybody can tell.

Whoever used a link of an issue left by that issue, however old it is. Whoever left in another way,
by a mail, at the provider or on the page of their preferences, left by the issue that was the newest
then: it is what they had before their eyes. A link of any other letter is of no issue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from newsletter.figures.spans import spans
from subscribers.consent import Actor, ConsentEvent
from subscribers.models import ConsentEntry

Span = tuple[datetime, datetime]
"""While an issue was the newest: from when it began to leave until the next one did."""

_BY_THEMSELVES = (Actor.READER, Actor.PROVIDER)


@dataclass(slots=True)
class Goodbyes:
    """Who left by an issue.

    Attributes:
        by_link: by a link in it, counted by where it led: "page" or "one-click".
        otherwise: in other ways while it was the newest, counted by the way.
    """

    by_link: dict[str, int] = field(default_factory=dict)
    otherwise: dict[str, int] = field(default_factory=dict)

    @property
    def all(self) -> int:
        """How many there were."""
        return sum(self.by_link.values()) + sum(self.otherwise.values())


def goodbyes(session: Session, newest: Mapping[int, Span]) -> Mapping[int, Goodbyes]:
    """Count who left by some issues; two statements, however many there are.

    Args:
        session: for reading.
        newest: while each of them was the newest, by number.
    """
    found = {number: Goodbyes() for number in newest}
    if not found:
        return found
    source = col(ConsentEntry.source)
    said = (
        col(ConsentEntry.event) == ConsentEvent.UNSUBSCRIBED,
        col(ConsentEntry.actor).in_(_BY_THEMSELVES),
    )
    issue = col(ConsentEntry.issue)
    by_link = select(issue, source, func.count()).where(*said, issue.in_(newest))
    for number, way, count in session.execute(by_link.group_by(issue, source)):
        found[number].by_link[way] = count
    of, at = spans(newest), col(ConsentEntry.at)
    otherwise = select(of.c.number, source, func.count()).where(
        *said, issue.is_(None), at >= of.c.since, at < of.c.until
    )
    for number, way, count in session.execute(otherwise.group_by(of.c.number, source)):
        found[number].otherwise[way] = count
    return found
