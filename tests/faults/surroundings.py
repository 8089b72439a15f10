"""What all trials have in common: the settings, the time of the week, and the processes."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from newsletter.settings import Settings, load
from newsletter.testing.postmark.process import TOKEN
from schedules.clock import Clock, system_clock
from schedules.windows import Slot, next_slot, window_from

READERS = 11
"""Enough for four batches of three, the last of them not full."""

BATCH_SIZE = 3
ISSUE = 1

_FIRST_RUN = timedelta(minutes=1)


def settings(**chosen: Any) -> Settings:
    """Give the settings of the bench: the usual ones, small batches, and a loopback Postmark."""
    usual: dict[str, Any] = {
        "base_url": "https://letters.weekly-verdict.dev",
        "sender": "Test Letter <digest@letters.weekly-verdict.dev>",
        "postal_address": "1 Test Street",
        "editors": "editor@example.org",
        "secret_key": "a secret that is only good for the fault bench",
        "transport": "postmark",
        "postmark_server_token": TOKEN,
        "batch_size": BATCH_SIZE,
        "check_links": False,
        "send_at": "mon 09:00",
        "time_zone": "UTC",
        "log_level": "error",
    }
    return load(**(usual | chosen))


def coming_slot() -> Slot:
    """Give the Monday on which the trials take place."""
    usual = settings()
    return next_slot(window_from(usual.send_at, usual.time_zone, usual.lateness), system_clock())


class ShiftedClock:
    """The real clock, set forward to the Monday of the trials and then as far as one likes.

    Nothing in a trial waits for a lease, a delay or a settle time to pass: the clock is advanced,
    for our processes and for the provider alike.
    """

    def __init__(self, slot: Slot) -> None:
        self._slot = slot
        self.shift = timedelta()
        self.renew()

    def renew(self) -> None:
        """Go back to the minute in which the issue may leave."""
        self.shift = self._slot.instant + _FIRST_RUN - system_clock()

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.shift += by

    def clock(self) -> Clock:
        """Give a clock of this shift, for one process."""
        shift = self.shift
        return lambda: system_clock() + shift

    @property
    def passed(self) -> timedelta:
        """Say how long ago the trial began, by its own time."""
        return system_clock() + self.shift - self._slot.instant - _FIRST_RUN


def ended(instant: datetime | None, slot: Slot) -> timedelta | None:
    """Say how long after its hour something was over."""
    return None if instant is None else instant - slot.instant


def private_folder(folder: Path) -> Path:
    """Make a data folder."""
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
