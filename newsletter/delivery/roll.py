"""The roll of an issue: each of its copies with its reader, and what became of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TextIO

from sqlalchemy import ColumnElement, Row, and_, or_, select, true
from sqlmodel import Session, col

from newsletter.delivery.models import Delivery, DeliveryState
from subscribers.csv_cells import write_table
from subscribers.models import Subscriber

_AT_ONCE = 1000

CAME_BACK = ("soft_bounced", "rejected", "failed", "bounced")
"""What is told of copies that were accepted and did not arrive."""

_COLUMNS: Mapping[str, Any] = {
    "uuid": Subscriber.public_id,
    "email": Subscriber.email,
    "batch": Delivery.batch,
    "state": Delivery.state,
    "reason": Delivery.reason,
    "provider_id": Delivery.provider_id,
    "settled_at": Delivery.settled_at,
    "feedback": Delivery.feedback,
    "feedback_reason": Delivery.feedback_reason,
    "feedback_at": Delivery.feedback_at,
}
"""The header, in order, and what stands under it."""


class Which(StrEnum):
    """Of which copies a roll is made: all of them, those in one state, or those named below."""

    ALL = "all"
    QUEUED = "queued"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    HELD = "held"
    UNKNOWN = "unknown"
    MISSED = "missed"
    """Whoever did not get it, as far as is known: not accepted, or it came back."""
    SILENT = "silent"
    """Accepted, and the provider has told nothing since."""


def write_roll(
    session: Session,
    issue_number: int,
    file: TextIO,
    *,
    which: Which = Which.ALL,
    progress: Callable[[int], object] = lambda _count: None,
) -> int:
    """Write the copies of an issue as CSV in the order of their readers, holding a thousand at a time.

    A reader who was erased has a line without an address, so that the books still balance.

    Args:
        session: for reading.
        issue_number: of the issue.
        file: opened with ``newline=""`` and UTF-8.
        which: of its copies.
        progress: told of each copy that was written.

    Returns:
        How many copies it holds.
    """
    rows = ([_cell(value) for value in row] for row in _copies(session, issue_number, which))
    return write_table(file, _COLUMNS, rows, progress=progress)


def _copies(session: Session, issue_number: int, which: Which) -> Iterator[Row[Any]]:
    statement = (
        select(*_COLUMNS.values())
        .join(Subscriber, col(Subscriber.id) == col(Delivery.subscriber_id))
        .where(col(Delivery.issue_number) == issue_number, _condition(which))
        .order_by(col(Delivery.subscriber_id))
        .execution_options(yield_per=_AT_ONCE)
    )
    yield from session.execute(statement)


def _condition(which: Which) -> ColumnElement[bool]:
    accepted = col(Delivery.state) == DeliveryState.ACCEPTED.value
    match which:
        case Which.ALL:
            return true()
        case Which.MISSED:
            return or_(~accepted, col(Delivery.feedback).in_(CAME_BACK))
        case Which.SILENT:
            return and_(accepted, col(Delivery.feedback).is_(None))
        case _:
            return col(Delivery.state) == which.value


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)
