"""The copies of an issue, counted by all that is known of each: what its books and reports are made of."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import String, case, cast, func, literal, null, select, text, union_all
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
    """Count the copies of an issue, by one statement, so that none moves while they are counted.

    All plain ones are read, and only counted; the others are grouped in the order of their index.
    To group a hundred thousand took SQLite twice as long, as it sorts what it groups.
    """
    counted = union_all(_plain(issue_number), _apart(issue_number))
    return [line for row in session.execute(counted) for line in _lines(row) if line.copies]


def _plain(issue_number: int) -> Any:
    """Count the plain copies, and those of them that are queued, and that were delivered."""
    unsaid = cast(null(), String)
    is_queued = col(Delivery.state) == DeliveryState.QUEUED.value
    counts = func.count(), func.count(case((is_queued, 1))), func.count(col(Delivery.feedback))
    return select(unsaid, unsaid, unsaid, unsaid, *counts).where(
        col(Delivery.issue_number) == issue_number, text(PLAIN)
    )


def _apart(issue_number: int) -> Any:
    alike = (
        col(Delivery.state),
        col(Delivery.reason),
        col(Delivery.feedback),
        col(Delivery.feedback_reason),
    )
    of_issue = col(Delivery.issue_number) == issue_number
    counts = func.count(), literal(0), literal(0)
    return select(*alike, *counts).where(of_issue, text(APART)).group_by(*alike)


def _lines(row: Sequence[Any]) -> Iterator[Line]:
    """Make lines of one row; that of the plain copies has no state."""
    state, reason, feedback, why, copies, queued, delivered = row
    if state is not None:
        yield Line(DeliveryState(state), reason, feedback, why, copies)
        return
    silent = copies - queued - delivered
    yield Line(DeliveryState.QUEUED, None, None, None, queued)
    yield Line(DeliveryState.ACCEPTED, None, None, None, silent)
    yield Line(DeliveryState.ACCEPTED, None, DELIVERED, None, delivered)
