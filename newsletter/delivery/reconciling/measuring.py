"""How far the provider's search is behind: recorded calls are looked for until they are seen.

The same rows are the fences: a later call that is seen shows how far the search has come.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlmodel import Session, col

from newsletter.delivery.models import Probe
from newsletter.delivery.reconciling.lagging import lag, wants_look
from newsletter.delivery.reconciling.rules import Patience

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Lag:
    """The worst lag of lately, and when the call was made that showed it."""

    time: timedelta
    measured_at: datetime

    def __str__(self) -> str:
        """Say it in words."""
        return f"{self.time.total_seconds():.0f} s behind at worst ({self.measured_at:%Y-%m-%d})"


def due(session: Session, account: str, patience: Patience, *, timer: datetime) -> list[Probe]:
    """Give the calls that should be looked for now: soon after their answer, and until they are seen."""
    unseen = (
        select(Probe)
        .where(
            col(Probe.seen_at).is_(None),
            _made_with(account),
            col(Probe.accepted_at) >= timer - max(patience.longest, patience.prompt),
        )
        .order_by(col(Probe.accepted_at))
    )
    return [
        probe
        for probe in session.execute(unseen).scalars()
        if wants_look(probe.accepted_at, probe.looked_at, timer, patience)
    ]


def take(session: Session, probe: Probe) -> bool:
    """Take a look upon oneself; False when somebody else did."""
    taken = session.execute(
        update(Probe)
        .where(col(Probe.attempt_id) == probe.attempt_id, col(Probe.looks) == probe.looks)
        .values(looks=probe.looks + 1)
        .returning(col(Probe.attempt_id))
    ).first()
    return taken is not None


def note(session: Session, attempt_id: str, *, seen: bool, at: datetime) -> None:
    """Write down what a look showed; the first one that showed all of it stays."""
    session.execute(
        update(Probe)
        .where(col(Probe.attempt_id) == attempt_id, col(Probe.seen_at).is_(None))
        .values({"seen_at" if seen else "looked_at": at})
    )


def fence(
    session: Session, stream: str, account: str, *, after: datetime, timer: datetime
) -> Probe | None:
    """Give a call that was answered after an instant, one that was seen before others.

    One that was answered in the future was so by a clock that has been set back since.
    """
    later = select(Probe).where(
        col(Probe.stream) == stream,
        _made_with(account),
        col(Probe.accepted_at) > after,
        col(Probe.accepted_at) <= timer,
    )
    ordered = later.order_by(col(Probe.seen_at).is_(None), col(Probe.accepted_at)).limit(1)
    return session.execute(ordered).scalar_one_or_none()


def _made_with(account: str) -> ColumnElement[bool]:
    """Say in SQL that a call was made with an account: the search of another one is another search."""
    return col(Probe.attempt_id).startswith(f"{account}-", autoescape=True)


def add_fence(session: Session, attempt_id: str, stream: str, *, at: datetime) -> None:
    """Write down a fence that was sent."""
    session.add(Probe(attempt_id=attempt_id, stream=stream, size=1, accepted_at=at))


def worst_lag(session: Session, patience: Patience, timer: datetime) -> Lag | None:
    """Give the worst lag that was measured lately, with the day it was; None when none was."""
    rows = session.execute(
        select(col(Probe.accepted_at), col(Probe.looked_at), col(Probe.seen_at)).where(
            col(Probe.accepted_at) > timer - KEPT
        )
    )
    known = [
        (took, accepted_at)
        for accepted_at, missed_at, seen_at in rows
        if (took := lag(accepted_at, missed_at, seen_at, timer, patience.prompt)) is not None
    ]
    return Lag(*max(known)) if known else None


def forget(session: Session, *, timer: datetime) -> None:
    """Delete what was measured too long ago to count."""
    session.execute(delete(Probe).where(col(Probe.accepted_at) <= timer - KEPT))
