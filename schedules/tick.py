"""One look at the clock: decide, take the slot, do the job, write down how it ended."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic
from typing import Protocol

from sqlmodel import Session

from schedules import ledger
from schedules.catchup import Missed, Run, Wait, decide
from schedules.models import ScheduleRun
from schedules.waves import LONGEST_LEAD
from schedules.windows import Slot, Window, latest_slot, next_slot, slot_after

Job = Callable[[Slot], str]
"""Does the work of a slot, any number of times with one result, and says what came of it."""

Telling = Callable[[Slot], str | None]
"""Tells somebody that a slot was missed; or says why it was nobody's to miss."""

Opening = Callable[[Slot], datetime]
"""Gives the instant from which a slot may run: its own, up to LONGEST_LEAD earlier, or later."""


def on_time(slot: Slot) -> datetime:
    """Open a slot at its own instant."""
    return slot.instant


@dataclass(frozen=True, slots=True)
class Duty:
    """What is to be done about slots.

    Attributes:
        job: called with the slot when it is due.
        missed: called with the slot when it is too late; what it says makes it no miss.
        opens: asked about the next slot when it is less than LONGEST_LEAD away, and about one that
            is due and not begun.
    """

    job: Job
    missed: Telling
    opens: Opening = on_time


class Scopes(Protocol):
    """Where sessions come from; what was read in one can still be read after its end."""

    def writing(self) -> AbstractContextManager[Session]:
        """Open a session for writing; commit at the end, roll back on any error."""
        ...


class TickState(StrEnum):
    """What one look at the clock came to."""

    WAITING = "waiting"
    """Nothing is due, or the latest slot has ended or is in other hands."""
    DONE = "done"
    """The job of the slot came to its end, or there was none to miss."""
    MISSED = "missed"
    """The slot was too late, and somebody was told."""


@dataclass(frozen=True, slots=True)
class TickResult:
    """What one look at the clock came to.

    Attributes:
        state: see TickState.
        slot: the one that was looked at: the latest at that instant or, open early, the next.
        next: the slot after it.
        note: what the job said, or why nothing was done.
    """

    state: TickState
    slot: Slot
    next: Slot
    note: str


def tick(database: Scopes, window: Window, duty: Duty, *, now: datetime, worker: str) -> TickResult:
    """Do what is due at ``now``, if anything, and return; no loop, no sleep.

    The job runs outside any transaction. When it raises, the run is marked failed and the error
    goes on to the caller; a later tick tries again until the slot's limit. Telling of a missed
    slot is claimed and recorded like a job, so that a crash in between does not swallow it.

    Args:
        database: where the ledger is.
        window: the weekly window.
        duty: what to do about a slot.
        now: the instant to act as of.
        worker: name of this process.
    """
    slot = _slot_to_look_at(database, window, duty.opens, now)
    following = slot_after(window, slot)
    with database.writing() as session:
        known = ledger.find(session, slot.schedule, slot.local_date)
        decision = decide(window, slot, now, settled=ledger.is_settled(known, now))
        if isinstance(decision, Wait):
            return TickResult(TickState.WAITING, slot, following, decision.reason)
        if isinstance(decision, Run) and known is None and (late := _opens_late(duty, slot, now)):
            return TickResult(TickState.WAITING, slot, following, late)
        run = ledger.claim(session, slot, worker=worker, now=now)
    if run is None:
        return TickResult(TickState.WAITING, slot, following, "another worker was quicker")
    state, note = _Hold(database, run, monotonic()).act(decision, duty)
    return TickResult(state, slot, following, note)


def _opens_late(duty: Duty, slot: Slot, now: datetime) -> str:
    """Say when a slot opens that is due by its own instant; nothing when it has."""
    opens = duty.opens(slot) if slot.instant <= now else now
    return f"it opens late, at {opens:%Y-%m-%d %H:%M} UTC" if opens > now else ""


def _slot_to_look_at(database: Scopes, window: Window, opens: Opening, now: datetime) -> Slot:
    """Give the latest slot or, when nothing is left to do about it, the next if that has opened.

    A slot that was begun early stays open, wherever the readers for whom it opened are by now.
    """
    latest, following = latest_slot(window, now), next_slot(window, now)
    if now < following.instant - LONGEST_LEAD:
        return latest
    with database.writing() as session:
        before = ledger.find(session, latest.schedule, latest.local_date)
        begun = ledger.find(session, following.schedule, following.local_date) is not None
    if not ledger.is_settled(before, now):
        return latest
    return following if begun or opens(following) <= now else latest


@dataclass(frozen=True, slots=True)
class _Hold:
    """A slot in this worker's hands, until its end is written down."""

    database: Scopes
    run: ScheduleRun
    since: float

    def act(self, decision: Run | Missed, duty: Duty) -> tuple[TickState, str]:
        try:
            if isinstance(decision, Run):
                state, end, note = TickState.DONE, ledger.finish, duty.job(decision.slot)
            else:
                state, end, note = self._late(decision, duty.missed)
        except BaseException as error:
            self._record(ledger.fail, _kind(error))
            raise
        self._record(end, note)
        return state, note

    @staticmethod
    def _late(decision: Missed, missed: Telling) -> tuple[TickState, ledger.Ending, str]:
        excuse = missed(decision.slot)
        if excuse is None:
            return TickState.MISSED, ledger.miss, decision.reason
        return TickState.DONE, ledger.finish, excuse

    def _record(self, end: ledger.Ending, note: str) -> None:
        # The tick may be as of another instant than the clock's: its end is as much later than
        # its start as the work took.
        now = self.run.claimed_at + timedelta(seconds=monotonic() - self.since)
        with self.database.writing() as session:
            end(session, self.run, now=now, note=note)


def _kind(error: BaseException) -> str:
    """Name an error without its message, which may hold somebody's address."""
    code = getattr(error, "code", None)
    return f"{type(error).__name__} ({code})" if isinstance(code, str) else type(error).__name__
