"""Who gets which choice of an issue: worked out in one stream, and nothing written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlmodel import Session, col

from newsletter.editions import ledger
from newsletter.editions.choosing import Choice, Reason, choose
from newsletter.editions.offering import Offers
from newsletter.editions.shelf import Shelf
from newsletter.editions.waiting import Waiting
from newsletter.issues.models import Issue
from subscribers.models import Subscriber
from subscribers.wishes import wishes_of

CHUNK = 1000
"""Readers whose past is asked for at once."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What one reader would get.

    Attributes:
        subscriber_id: row id.
        timezone: the reader's, None for the newsletter's own.
        outcome: the choice, or why there is no letter.
    """

    subscriber_id: int
    timezone: str | None
    outcome: Choice | Reason


def plans(
    session: Session, issue: Issue, who: ColumnElement[bool], shelf: Shelf
) -> Iterator[Planned]:
    """Plan the letter of each tailored reader, in id order.

    However many there are, only a chunk of them is in memory, and it costs three statements.

    Args:
        session: of either kind.
        issue: that begins to leave, or might.
        who: which rows of ``subscribers``; of them only those that are tailored are read.
        shelf: the frozen contents of issues.
    """
    offers = Offers(session)
    past, is_monthly = Waiting(session, issue, offers, shelf), ledger.is_monthly(session, issue)
    for readers in _chunks(session, who):
        waiting = past.of([reader.id for reader in readers])
        for reader in readers:
            outcome = choose(
                wishes_of(reader),
                offers.of(issue.number),
                waiting.get(reader.id, ()),
                is_monthly=is_monthly,
            )
            yield Planned(reader.id, reader.timezone, outcome)


def _chunks(session: Session, who: ColumnElement[bool]) -> Iterator[Sequence[Row[Any]]]:
    """Read the tailored readers, each chunk from where the last one ended.

    No cursor stays open, so that between two chunks anything may be written.
    """
    last = 0
    while readers := session.execute(_after(last, who)).all():
        yield readers
        last = readers[-1].id


def _after(last: int, who: ColumnElement[bool]) -> Any:
    return (
        select(
            col(Subscriber.id),
            col(Subscriber.timezone),
            col(Subscriber.cadence),
            col(Subscriber.topics),
            col(Subscriber.follows),
        )
        .where(who, col(Subscriber.tailored), col(Subscriber.id) > last)
        .order_by(col(Subscriber.id))
        .limit(CHUNK)
    )
