"""What became of every copy of an issue: the books, and what the provider told afterwards."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlmodel import Session, col

from newsletter.delivery.books import DELIVERED, Books
from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.issues.models import Issue


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies of one issue, counted.

    Attributes:
        books: by state and reason.
        told: of the accepted ones, by the gravest thing told afterwards and its reason, largest
            first; None for no word.
    """

    books: Books
    told: Sequence[tuple[str | None, str | None, int]]

    def of(self, feedback: str | None) -> int:
        """Count the copies of which one thing was told; None for no word."""
        return sum(count for what, _, count in self.told if what == feedback)

    def reasons(self, *feedback: str) -> Mapping[str, int]:
        """Count the copies of which one of some things was told, by reason, largest first."""
        found: Counter[str] = Counter()
        for what, why, count in self.told:
            if what in feedback:
                found[why or ""] += count
        return dict(found.most_common())


def copies(session: Session, issue: Issue) -> Copies:
    """Count the copies of an issue, by one statement."""
    rows = session.execute(_counted(session, issue.number))
    lines: Counter[tuple[str, str | None]] = Counter()
    heard: Counter[tuple[str | None, str | None]] = Counter()
    for state, reason, feedback, why, count in rows:
        if not count:
            continue
        lines[state, reason] += count
        if state == DeliveryState.ACCEPTED.value:
            heard[feedback, why] += count
    in_order = sorted(lines.items(), key=lambda line: (-line[1], line[0][0], line[0][1] or ""))
    books = Books(
        issue.audience or 0,
        tuple((DeliveryState(state), reason, count) for (state, reason), count in in_order),
    )
    return Copies(books, [(what, why, count) for (what, why), count in heard.most_common()])


def _counted(session: Session, number: int) -> Any:
    """Count them by their values; PostgreSQL groups by hashing, and needs no help."""
    if session.get_bind().dialect.name != "sqlite":
        return _grouped(number)
    return union_all(*_alike(number), _grouped(number).where(~_is_alike()))


def _is_alike() -> ColumnElement[bool]:
    """Say which copies nearly all of them are: accepted, and delivered as far as anybody told.

    SQLite sorts what it groups, which took most of the time of a hundred thousand alike rows; these
    are only counted.
    """
    return and_(
        col(Delivery.state) == DeliveryState.ACCEPTED.value,
        col(Delivery.reason).is_(None),
        func.coalesce(col(Delivery.feedback), DELIVERED) == DELIVERED,
        col(Delivery.feedback_reason).is_(None),
    )


def _alike(number: int) -> Iterator[Select[Any, Any, Any, Any, Any]]:
    """Count these: those of which nobody told anything since, and those that were delivered."""
    nothing, delivered = cast(null(), String), cast(literal(DELIVERED), String)
    accepted = literal(DeliveryState.ACCEPTED.value)
    told = col(Delivery.feedback)
    for feedback, which in ((nothing, told.is_(None)), (delivered, told.is_not(None))):
        yield select(accepted, nothing, feedback, nothing, func.count()).where(
            col(Delivery.issue_number) == number, _is_alike(), which
        )


def _grouped(number: int) -> Select[Any, Any, Any, Any, Any]:
    what = (
        col(Delivery.state),
        col(Delivery.reason),
        col(Delivery.feedback),
        col(Delivery.feedback_reason),
    )
    return select(*what, func.count()).where(col(Delivery.issue_number) == number).group_by(*what)
