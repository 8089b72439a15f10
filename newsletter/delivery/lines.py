"""The copies of an issue, counted by all that is known of each: what its books and reports are made of."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import case, func, select, text
from sqlmodel import Session, col

from newsletter.delivery.models import APART, PLAIN, Delivery, DeliveryState

DELIVERED = "delivered"
"""What is told of nearly every copy, where a provider tells of arrivals."""


class Line(NamedTuple):
    """The copies of which the same is known.

    Attributes:
        state: what became of them.
        reason: why, where that is not the usual.
        feedback: the gravest thing that the provider told of them afterwards; None for no word.
        why: of the feedback.
        copies: how many they are, never 0.
    """

    state: DeliveryState
    reason: str | None
    feedback: str | None
    why: str | None
    copies: int


def lines(session: Session, issue_number: int) -> list[Line]:
    """Count the copies of an issue, by two statements.

    All plain ones are read, and only counted; the others are grouped in the order of their index.
    To group a hundred thousand took SQLite twice as long, as it sorts what it groups.
    """
    return [*_plain(session, issue_number), *_apart(session, issue_number)]


def _plain(session: Session, issue_number: int) -> Iterator[Line]:
    is_queued = col(Delivery.state) == DeliveryState.QUEUED.value
    counts = select(
        func.count(), func.count(case((is_queued, 1))), func.count(col(Delivery.feedback))
    )
    of_issue = counts.where(col(Delivery.issue_number) == issue_number, text(PLAIN))
    copies, queued, delivered = session.execute(of_issue).one()
    for line in (
        Line(DeliveryState.QUEUED, None, None, None, queued),
        Line(DeliveryState.ACCEPTED, None, None, None, copies - queued - delivered),
        Line(DeliveryState.ACCEPTED, None, DELIVERED, None, delivered),
    ):
        if line.copies:
            yield line


def _apart(session: Session, issue_number: int) -> Iterator[Line]:
    alike = (
        col(Delivery.state),
        col(Delivery.reason),
        col(Delivery.feedback),
        col(Delivery.feedback_reason),
    )
    of_issue = select(*alike, func.count()).where(col(Delivery.issue_number) == issue_number)
    for row in session.execute(of_issue.where(text(APART)).group_by(*alike)):
        state, reason, feedback, why, copies = row
        yield Line(DeliveryState(state), reason, feedback, why, copies)
