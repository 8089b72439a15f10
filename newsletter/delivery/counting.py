"""How far an issue is: its copies by state, for each wave and each stage of its ramp."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    text,
    union_all,
)
from sqlmodel import Session, col

from newsletter.delivery.models import APART, PLAIN, Batch, BatchState, Delivery, DeliveryState
from newsletter.issues.models import IssueChange
from newsletter.issues.states import IssueState

SENT = (DeliveryState.ACCEPTED, DeliveryState.REJECTED, DeliveryState.UNKNOWN)
"""What was handed over; of a held copy that is not sure."""


class Place(NamedTuple):
    """When a copy leaves: in which wave, None for at any time, and in which stage, 0 for no ramp."""

    wave_at: datetime | None
    stage: int


@dataclass(frozen=True, slots=True)
class Part:
    """The copies that leave together.

    Attributes:
        place: when they do.
        states: how many of them are in each state.
        at_work: how many of the queued ones are in a batch that somebody is sending.
        lately: how many were accepted since the instant that was asked about.
    """

    place: Place
    states: Mapping[DeliveryState, int]
    at_work: int = 0
    lately: int = 0

    @property
    def copies(self) -> int:
        """How many there are."""
        return sum(self.states.values())

    @property
    def queued(self) -> int:
        """How many have no outcome, and no call that might have one."""
        return self.states.get(DeliveryState.QUEUED, 0)

    @property
    def sent(self) -> int:
        """How many were handed over."""
        return sum(self.states.get(state, 0) for state in SENT)


def parts(session: Session, issue_number: int, *, since: datetime) -> Sequence[Part]:
    """Count the copies of an issue, those that leave first first; one pass over its plain rows.

    Args:
        session: for reading.
        issue_number: the issue.
        since: from when on an accepted copy counts as accepted lately.
    """
    batches = {row.number: row for row in _batches(session, issue_number)}
    states: defaultdict[Place, Counter[DeliveryState]] = defaultdict(Counter)
    at_work, lately = Counter[Place](), Counter[Place]()
    for number, state, copies, fresh in _copies(session, issue_number, since):
        batch = batches.get(number)  # whoever is skipped from the start is in none
        place = Place(batch.wave_at, batch.stage) if batch else Place(None, 0)
        if copies:
            states[place][state] += copies
        lately[place] += fresh
        if batch and batch.state == BatchState.SENDING.value and state is DeliveryState.QUEUED:
            at_work[place] += copies
    return [
        Part(place, states[place], at_work[place], lately[place])
        for place in sorted(states, key=lambda place: (place.wave_at or since, place.stage))
    ]


def begun(session: Session, issue_number: int) -> datetime | None:
    """Give since when an issue leaves, or leaves again after a pause; None for one that never did."""
    sending = IssueState.SENDING.value
    last = select(func.max(col(IssueChange.at))).where(
        col(IssueChange.issue_number) == issue_number,
        col(IssueChange.to_state) == sending,
        col(IssueChange.from_state) != sending,
    )
    found: datetime | None = session.execute(last).scalar_one()
    return found


def _batches(session: Session, issue_number: int) -> Iterable[Row[Any]]:
    return session.execute(
        select(col(Batch.number), col(Batch.state), col(Batch.wave_at), col(Batch.stage)).where(
            col(Batch.issue_number) == issue_number
        )
    )


def _copies(
    session: Session, issue_number: int, since: datetime
) -> Iterator[tuple[int, DeliveryState, int, int]]:
    """Count by batch and state, plain copies and others apart, each in the order of their own index.

    The others are grouped by state first: the other way round SQLite would not use their index.
    """
    batch, state = col(Delivery.batch), col(Delivery.state)
    is_queued = _count(state == DeliveryState.QUEUED.value)
    is_fresh = _count(and_(state == DeliveryState.ACCEPTED.value, col(Delivery.settled_at) > since))
    of_issue = col(Delivery.issue_number) == issue_number
    plain = select(batch, cast(null(), String), func.count(), is_queued, is_fresh)
    apart = select(batch, state, func.count(), literal(0), is_fresh)
    counted = union_all(
        plain.where(of_issue, text(PLAIN)).group_by(batch),
        apart.where(of_issue, text(APART)).group_by(state, batch),
    )
    for number, found, copies, queued, fresh in session.execute(counted):
        if found is not None:
            yield number, DeliveryState(found), copies, fresh
        else:
            yield number, DeliveryState.QUEUED, queued, 0
            yield number, DeliveryState.ACCEPTED, copies - queued, fresh


def _count(which: ColumnElement[bool]) -> Any:
    return func.count(case((which, 1)))
