"""What the simulator does later, each thing at its own instant of the virtual clock."""

import heapq
import itertools
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from newsletter.testing.postmark.clock import VirtualClock

_JUST_AFTER = 0.01


class Agenda:
    """Actions that are due later; they are done at the first look after their instant.

    Args:
        clock: says what is due.
        look: called when an instant has come by the real clock, so that nobody needs to ask.
    """

    def __init__(self, clock: VirtualClock, look: Callable[[], None]) -> None:
        self._clock = clock
        self._look = look
        self._order = itertools.count()
        self._entries: list[tuple[datetime, int, Callable[[], object]]] = []

    def add(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something ``seconds`` from now."""
        due = self._clock() + timedelta(seconds=seconds)
        heapq.heappush(self._entries, (due, next(self._order), action))
        timer = threading.Timer(seconds + _JUST_AFTER, self._look)
        timer.daemon = True
        timer.start()

    def run(self) -> None:
        """Do what is due, oldest first."""
        while self._entries and self._entries[0][0] <= self._clock():
            due, _, action = heapq.heappop(self._entries)
            with self._clock.standing_at(due):
                action()

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
