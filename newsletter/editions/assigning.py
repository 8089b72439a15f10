"""Who with wishes of their own gets which edition of an issue, or none this time."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from newsletter.issues.models import Issue
from subscribers.models import Subscriber


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one reader gets.

    Attributes:
        subscriber_id: row id.
        timezone: the reader's, None for the newsletter's own.
        edition: its number; None for the whole issue, or for nothing.
        reason: why there is no letter this time, as the books call it; None when there is one.
    """

    subscriber_id: int
    timezone: str | None
    edition: int | None = None
    reason: str | None = None


def assignments(session: Session, _issue: Issue, who: ColumnElement[bool]) -> Iterator[Assignment]:
    """Work out the letter of each tailored reader, in id order; editions are opened on the way.

    The list of readers is streamed and never whole in memory.

    Args:
        session: a writing session.
        issue: that begins to leave.
        who: which rows of ``subscribers``; of them only those that are tailored are read.
    """
    found = (
        select(col(Subscriber.id), col(Subscriber.timezone))
        .where(who, col(Subscriber.tailored))
        .order_by(col(Subscriber.id))
        .execution_options(yield_per=1000)
    )
    for id_, timezone in session.execute(found):
        yield Assignment(id_, timezone)
