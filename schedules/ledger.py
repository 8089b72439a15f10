"""Who has a slot, and how it ended: one row a slot, so one insert decides."""

from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, and_, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from schedules.models import RunState, ScheduleRun
from schedules.windows import Slot

LEASE = timedelta(minutes=15)
"""How long a run may be silent before another worker may take it over.

A job that takes longer is not harmed: it is idempotent, and only the record of its end is lost
to the worker that took over.

A claim that lies in the future is believed, unlike the leases of letters. Those go by the real clock,
so that one far ahead was written by a wrong one; a claim says as of when a tick was made, and a person
makes one as of Monday on a Sunday. Taking that for silence would have every heartbeat meanwhile run
the job once more beside it. What believing costs is little, for a slot is claimed to run within its own
window only: where the worker of a wrong clock died, it is run when the claim is over, and beyond its
limit it is missed, and somebody is told.
"""


_FREE = (RunState.FAILED, RunState.REOPENED)


class Ending(Protocol):
    """One of ``finish``, ``miss`` and ``fail``."""

    def __call__(self, session: Session, run: ScheduleRun, *, now: datetime, note: str) -> bool:
        """Record how a run ended; False when it is no longer in these hands."""
        ...


def claim(session: Session, slot: Slot, *, worker: str, now: datetime) -> ScheduleRun | None:
    """Take a slot: nobody's, one whose job failed, one reopened, or one whose worker fell silent.

    Returns:
        The run, in this worker's hands once the transaction is committed; None when the slot is
        in other hands or has ended.
    """
    run = ScheduleRun(
        schedule=slot.schedule,
        local_date=slot.local_date,
        due_at=slot.instant,
        claimed_by=worker,
        claimed_at=now,
    )
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError:
        return _take_over(session, slot, worker, now)
    return run


def finish(session: Session, run: ScheduleRun, *, now: datetime, note: str) -> bool:
    """Record that the job came to its end; False when the run is no longer in these hands."""
    return _end(session, run, RunState.DONE, now, note)


def miss(session: Session, run: ScheduleRun, *, now: datetime, note: str) -> bool:
    """Record that the slot was missed and somebody was told; False as in ``finish``."""
    return _end(session, run, RunState.MISSED, now, note)


def fail(session: Session, run: ScheduleRun, *, now: datetime, note: str) -> bool:
    """Record that the job raised, which frees the slot; False as in ``finish``."""
    return _end(session, run, RunState.FAILED, now, note)


def reopen(session: Session, schedule: str, local_date: date) -> bool:
    """Free a slot whose job came to its end, or is about to, without doing what somebody wants now.

    Whoever has it in hand still ends, and does not write that down any more.

    Returns:
        False when the slot was not begun yet, or was missed: nothing is there to run again.
    """
    begun = (RunState.RUNNING.value, RunState.DONE.value)
    opened = session.execute(
        update(ScheduleRun)
        .where(
            col(ScheduleRun.schedule) == schedule,
            col(ScheduleRun.local_date) == local_date,
            col(ScheduleRun.state).in_(begun),
        )
        .values(state=RunState.REOPENED.value)
        .returning(col(ScheduleRun.id))
        .execution_options(synchronize_session=False)
    ).first()
    return opened is not None


def give_up(session: Session, slot: Slot, *, worker: str, now: datetime, note: str) -> None:
    """Take a slot out of whosever hands it is in, and never run it; says why in its note."""
    run = find(session, slot.schedule, slot.local_date) or ScheduleRun(
        schedule=slot.schedule,
        local_date=slot.local_date,
        due_at=slot.instant,
        claimed_by=worker,
        claimed_at=now,
    )
    run.state, run.claimed_by, run.finished_at, run.note = RunState.MISSED, worker, now, note
    session.add(run)


def find(session: Session, schedule: str, local_date: date) -> ScheduleRun | None:
    """Give the run of a slot, as the database has it now."""
    return session.exec(
        select(ScheduleRun)
        .where(ScheduleRun.schedule == schedule, ScheduleRun.local_date == local_date)
        .execution_options(populate_existing=True)
    ).one_or_none()


def last(session: Session, schedule: str) -> ScheduleRun | None:
    """Give the run of the latest slot in the ledger."""
    newest_first = col(ScheduleRun.local_date).desc()
    return session.exec(
        select(ScheduleRun).where(ScheduleRun.schedule == schedule).order_by(newest_first).limit(1)
    ).one_or_none()


def is_settled(run: ScheduleRun | None, now: datetime) -> bool:
    """Say whether a slot with this run has ended or is in somebody's hands."""
    if run is None or run.state in _FREE:
        return False
    return run.state != RunState.RUNNING or run.claimed_at > now - LEASE


def has_ended(run: ScheduleRun | None) -> bool:
    """Say whether nobody will act on a slot with this run any more."""
    return run is not None and run.state in {RunState.DONE, RunState.MISSED}


def _is_free(now: datetime) -> ColumnElement[bool]:
    """Say in SQL what ``is_settled`` denies of an existing row."""
    silent = and_(
        col(ScheduleRun.state) == RunState.RUNNING.value,
        col(ScheduleRun.claimed_at) <= now - LEASE,
    )
    return or_(col(ScheduleRun.state).in_([state.value for state in _FREE]), silent)


def _take_over(session: Session, slot: Slot, worker: str, now: datetime) -> ScheduleRun | None:
    # The condition is looked at again under the row's lock, so one of two workers changes nothing.
    taken = session.execute(
        update(ScheduleRun)
        .where(
            col(ScheduleRun.schedule) == slot.schedule,
            col(ScheduleRun.local_date) == slot.local_date,
            _is_free(now),
        )
        .values(
            state=RunState.RUNNING.value,
            claimed_by=worker,
            claimed_at=now,
            finished_at=None,
            note=None,
        )
        .returning(col(ScheduleRun.id))
        .execution_options(synchronize_session=False)
    ).first()
    return find(session, slot.schedule, slot.local_date) if taken else None


def _end(session: Session, run: ScheduleRun, state: RunState, now: datetime, note: str) -> bool:
    ended = session.execute(
        update(ScheduleRun)
        .where(
            col(ScheduleRun.id) == run.id,
            col(ScheduleRun.state) == RunState.RUNNING.value,
            col(ScheduleRun.claimed_by) == run.claimed_by,
            col(ScheduleRun.claimed_at) == run.claimed_at,
        )
        .values(state=state.value, finished_at=now, note=note)
        .returning(col(ScheduleRun.id))
        .execution_options(synchronize_session=False)
    ).first()
    return ended is not None
