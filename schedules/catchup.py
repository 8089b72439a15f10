"""What to do now about a slot: run it, wait for the next, or write it off. Pure.

Only one slot counts at a time: the latest or, once its first readers have their hour, the one that
comes. However far the clock jumps, one look gives at most one run or one miss, and a clock that
jumps back finds a slot that is settled already.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.windows import Slot, Window, slot_after


@dataclass(frozen=True, slots=True)
class Run:
    """The slot is due, and its job may start."""

    slot: Slot
    reason: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is to be done before ``until``."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Missed:
    """The slot is later than its limit; it must not run, and somebody must be told."""

    slot: Slot
    reason: str


Decision = Run | Wait | Missed


def decide(window: Window, slot: Slot, now: datetime, *, settled: bool) -> Decision:
    """Decide about a slot of a window that is due, or has opened early.

    Lateness counts from the slot's own instant, however early it opened.

    Args:
        window: the weekly window.
        slot: see ``tick``.
        now: the present instant.
        settled: whether the slot has been run or missed, or is in somebody's hands.
    """
    if settled:
        until = slot_after(window, slot).instant
        return Wait(until, f"the slot of {slot.local_date} is taken")
    late = timedelta(seconds=int((now - slot.instant).total_seconds()))
    if now > slot.latest:
        return Missed(slot, f"{late} late; the limit is {window.lateness}")
    if late < timedelta(0):
        return Run(slot, f"opens {-late} early, for its first readers")
    return Run(slot, f"due since {late}" if late else "due now")
