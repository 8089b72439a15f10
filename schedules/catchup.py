"""What to do now about the latest slot: run it, wait for the next, or write it off. Pure.

Only the latest slot counts. However far the clock jumps, one look gives at most one run or one
miss, and a clock that jumps back finds a slot that is settled already.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.windows import Slot, Window, latest_slot, next_slot


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


def decide(window: Window, now: datetime, *, settled: bool) -> Decision:
    """Decide about the latest slot of a window.

    Args:
        window: the weekly window.
        now: the present instant.
        settled: whether the latest slot has been run or missed, or is in somebody's hands.
    """
    slot = latest_slot(window, now)
    if settled:
        return Wait(next_slot(window, now).instant, f"the slot of {slot.local_date} is taken")
    late = timedelta(seconds=int((now - slot.instant).total_seconds()))
    if now > slot.latest:
        return Missed(slot, f"{late} late; the limit is {window.lateness}")
    return Run(slot, f"due since {late}" if late else "due now")
