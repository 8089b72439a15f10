"""Events become what they mean: copies get their feedback, readers the state they belong in.

It can be done again at any time, and by several processes at once: for whomever a new event is
about, everything that was ever told is folded anew, and written down where it is different.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlmodel import Session, col

from newsletter import faults
from newsletter.database import Database
from newsletter.delivery.models import Delivery
from newsletter.delivery.proving import prove
from newsletter.feedback import matching, readers
from newsletter.feedback.meanings import meaning
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.verdicts import OnCopy, gravest
from schedules.clock import Clock
from subscribers import queries
from subscribers.models import Subscriber

LOT = 200
"""Events that one transaction folds: so that nobody waits long for it."""

_Copy = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Folded:
    """What folding came to.

    Attributes:
        events: how many were folded.
        moved: how many readers are in another state now.
    """

    events: int = 0
    moved: int = 0

    def __add__(self, other: "Folded") -> "Folded":
        return Folded(self.events + other.events, self.moved + other.moved)


def fold_due(database: Database, streams: Collection[str], clock: Clock) -> Folded:
    """Fold all events that were not folded yet, lot by lot, each in a transaction of its own.

    Args:
        database: the truth.
        streams: the provider's names of our own streams; see ``matching``.
        clock: the present instant.
    """
    total = Folded()
    while True:
        lot = database.write(lambda session: fold_lot(session, streams, now=clock()))
        total += lot
        if lot.events == 0:
            return total


def fold_lot(session: Session, streams: Collection[str], *, now: datetime) -> Folded:
    """Fold some of the events that were not folded yet; none when there are none, or none free."""
    due = session.scalars(
        select(ProviderEvent)
        .where(col(ProviderEvent.folded_at).is_(None))
        .order_by(col(ProviderEvent.id))
        .limit(LOT)
        .with_for_update(skip_locked=True)
    ).all()
    if not due:
        return Folded()
    folded = fold(session, due, streams, now=now)
    faults.point("fold.before-commit")
    return folded


def fold(
    session: Session, due: Sequence[ProviderEvent], streams: Collection[str], *, now: datetime
) -> Folded:
    """Fold events that were not folded yet; one of another process waits until it is folded there."""
    matching.match(session, due, streams)
    ids = {event.subscriber_id for event in due if event.subscriber_id is not None}
    met = queries.locked(session, col(Subscriber.id).in_(ids)) if ids else []
    known = told(session, ids) if ids else {}
    _fold_copies(session, due, known, now=now)
    moved = readers.fold(session, met, known, now=now)
    session.execute(
        update(ProviderEvent)
        .where(col(ProviderEvent.id).in_([event.id for event in due]))
        .values(folded_at=now)
    )
    return Folded(len(due), moved)


def told(session: Session, ids: Iterable[int]) -> Mapping[int, Sequence[Row[Any]]]:
    """Read everything that was ever told about some readers."""
    rows = session.execute(
        select(
            col(ProviderEvent.subscriber_id),
            col(ProviderEvent.issue_number),
            col(ProviderEvent.kind),
            col(ProviderEvent.reason),
            col(ProviderEvent.stream),
            col(ProviderEvent.provider_id),
            col(ProviderEvent.address_hash),
            col(ProviderEvent.occurred_at),
        ).where(col(ProviderEvent.subscriber_id).in_(ids))
    )
    of_reader: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        of_reader[row.subscriber_id].append(row)
    return of_reader


def _fold_copies(
    session: Session,
    due: Iterable[ProviderEvent],
    told: Mapping[int, Sequence[Row[Any]]],
    *,
    now: datetime,
) -> None:
    """Settle the copies that events prove to have been accepted, and write down what became of them."""
    met = {
        (event.issue_number, event.subscriber_id)
        for event in due
        if event.issue_number is not None and event.subscriber_id is not None
    }
    of_copy: dict[_Copy, list[Row[Any]]] = {copy: [] for copy in sorted(met)}
    for who in {who for _, who in met}:
        for row in told.get(who, ()):
            if (row.issue_number, who) in met:
                of_copy[row.issue_number, who].append(row)
    seen = {
        (*copy, row.provider_id)
        for copy, rows in of_copy.items()
        for row in rows
        if row.provider_id and meaning(row.kind, row.reason).accepted
    }
    prove(session, sorted(seen), now=now)
    changes = [
        {"number": number, "who": who, "what": one.outcome, "why": one.reason or None, "at": one.at}
        for (number, who), rows in of_copy.items()
        if (one := gravest([*_on_copy(rows)])) is not None
    ]
    if changes:
        session.execute(
            update(Delivery.__table__)  # type: ignore[attr-defined]
            .where(
                col(Delivery.issue_number) == bindparam("number"),
                col(Delivery.subscriber_id) == bindparam("who"),
            )
            .values(
                feedback=bindparam("what"),
                feedback_reason=bindparam("why"),
                feedback_at=bindparam("at"),
            ),
            changes,
        )


def _on_copy(rows: Iterable[Row[Any]]) -> Iterable[OnCopy]:
    for row in rows:
        outcome = meaning(row.kind, row.reason).copy
        if outcome is not None:
            yield OnCopy(outcome, row.occurred_at, row.reason or "")
