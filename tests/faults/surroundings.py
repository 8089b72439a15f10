"""What all trials have in common: the settings, the time of the week, and the processes."""

import mmap
import struct
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from newsletter.settings import Settings, load
from newsletter.testing.postmark.process import TOKEN
from schedules.clock import system_clock
from schedules.windows import Slot, next_slot, window_from
from subscribers.keys import RootSecret

READERS = 11
"""Enough for four batches of three, the last of them not full."""

BATCH_SIZE = 3
ISSUE = 1

WEBHOOK_USER, WEBHOOK_PASSWORD = "postmark", "only-good-for-the-bench"

SENDER = "Test Letter <digest@letters.weekly-verdict.dev>"

_FIRST_RUN = timedelta(minutes=1)
_SECRET = "a secret that is only good for the fault bench"


@cache
def settings(**chosen: Any) -> Settings:
    """Give the settings of the bench: the usual ones, small batches, and a loopback Postmark.

    They are read once, and not by each process anew.
    """
    usual: dict[str, Any] = {
        "base_url": "https://letters.weekly-verdict.dev",
        "sender": SENDER,
        "postal_address": "1 Test Street",
        "editors": "editor@example.org",
        "secret_key": _SECRET,
        "transport": "postmark",
        "postmark_server_token": TOKEN,
        "webhook_user": WEBHOOK_USER,
        "webhook_password": WEBHOOK_PASSWORD,
        "batch_size": BATCH_SIZE,
        "check_links": False,
        "send_at": "mon 09:00",
        "time_zone": "UTC",
        "log_level": "error",
    }
    return load(**(usual | chosen))


PEPPER = RootSecret.named_by_itself(_SECRET.encode()).key_for("suppression")
"""Hides addresses as the processes do."""


@cache
def coming_slot() -> Slot:
    """Give the Monday on which the trials take place; the same when it comes while they are played."""
    usual = settings()
    return next_slot(window_from(usual.send_at, usual.time_zone, usual.lateness), system_clock())


class ShiftedClock:
    """The real clock, set forward to the Monday of the trials and then as far as one likes.

    Nothing in a trial waits for a lease, a delay or a settle time to pass: the clock is advanced,
    for our processes, also for those that are under way, and for the provider alike.
    """

    def __init__(self, slot: Slot) -> None:
        self._begin = slot.instant + _FIRST_RUN
        self._seconds = _Shared()
        self.renew()

    def __call__(self) -> datetime:
        """Give the present instant."""
        return system_clock() + self.shift

    @property
    def shift(self) -> timedelta:
        """How far it is ahead of the real one."""
        return timedelta(seconds=self._seconds.value)

    def renew(self) -> None:
        """Go back to the minute in which the issue may leave."""
        self._seconds.value = (self._begin - system_clock()).total_seconds()

    def advance(self, by: timedelta) -> None:
        """Let time pass, or jump."""
        self._seconds.value += by.total_seconds()

    @property
    def passed(self) -> timedelta:
        """How long ago the trial began, by its own time."""
        return self() - self._begin


class _Shared:
    """A number that a process and all that are forked from it share."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, struct.calcsize("d"))

    @property
    def value(self) -> float:
        number: float = struct.unpack_from("d", self._memory)[0]
        return number

    @value.setter
    def value(self, number: float) -> None:
        struct.pack_into("d", self._memory, 0, number)
