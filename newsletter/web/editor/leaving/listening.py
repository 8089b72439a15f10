"""Who listens to issues that leave: only so many at once, and one reading for all who hear of an issue.

Everything here runs on the loop of the server, and only a reading takes a thread, for as long as it
takes: who waits costs neither a thread nor a transaction.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.concurrency import run_in_threadpool

from newsletter.editors.sessions import Visit

MOST = 64
"""Streams of one process at once."""

MOST_OF_ONE = 4
"""Streams of one editor at once; a browser opens six lines to a site at most."""

EVERY = timedelta(seconds=1)
"""Between two readings of an issue."""

SHARE = 10
"""And at least so many times as long as the last one took, so that a large list is not counted all the time."""

QUIET = timedelta(seconds=15)
"""After so long without news a comment says that the line is still there."""

RETRY = timedelta(seconds=3)
"""After which a browser asks again when a stream breaks off."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of an issue.

    Attributes:
        figures: how far it is, as a piece of a page.
        mark: another one as soon as the issue stands elsewhere; see ``newsletter.issues.seen``.
        is_over: nothing of it changes any more.
        signed_out: sessions that were asked about and are over.
    """

    figures: str
    mark: str
    is_over: bool
    signed_out: Collection[int]


Read = Callable[[int, Collection[int]], Reading]
"""Reads an issue, and says which of some sessions are over; called in a thread."""


@dataclass(slots=True)
class _Room:
    """Everybody who listens to one issue, on the loop on which they do."""

    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    sessions: Counter[int] = field(default_factory=Counter)
    last: Reading | None = None
    next_at: float = 0.0

    async def is_closed_within(self, time: timedelta) -> bool:
        """Wait for the next look; True when there is none."""
        try:
            async with asyncio.timeout(time.total_seconds()):
                await self.closed.wait()
        except TimeoutError:
            return False
        return True


class Listeners:
    """The streams of one process.

    Args:
        read: reads an issue.
        every: between two readings.
        quiet: between two signs of life when there is no news.
    """

    def __init__(self, read: Read, *, every: timedelta = EVERY, quiet: timedelta = QUIET) -> None:
        self._read = read
        self._every = every
        self._quiet = quiet
        self._rooms: dict[int, _Room] = {}
        self._of_editor: Counter[int] = Counter()
        self._is_closed = False

    def has_room(self, visit: Visit) -> bool:
        """Say whether one more may listen."""
        is_full = self._of_editor.total() >= MOST
        is_full |= self._of_editor[visit.editor.number] >= MOST_OF_ONE
        return not (self._is_closed or is_full)

    def close(self) -> None:
        """End every stream at once, and begin none; safe to call from a signal's handler."""
        self._is_closed = True
        for room in list(self._rooms.values()):
            room.loop.call_soon_threadsafe(room.closed.set)

    async def listen(self, number: int, visit: Visit, seen: str) -> AsyncIterator[str]:
        """Give events: the figures whenever they have changed, and a turn when the page is not right any more.

        Args:
            number: of the issue.
            visit: who listens; the stream ends with their session.
            seen: the mark of the page that listens; empty for as it is.
        """
        if not self.has_room(visit):
            return
        with self._seat(number, visit) as room:
            yield f"retry: {RETRY // timedelta(milliseconds=1)}\n\n"
            told, quiet = "", 0
            while True:
                reading = await self._next(number, room)
                if visit.session.id in reading.signed_out:
                    return
                if reading.figures != told:
                    told, quiet = reading.figures, 0
                    yield event("figures", told)
                if reading.is_over or reading.mark != (seen := seen or reading.mark):
                    yield event("turn", reading.mark)
                    return
                if (quiet := quiet + 1) * self._every >= self._quiet:
                    quiet = 0
                    yield ": nothing new\n\n"
                if await room.is_closed_within(self._every):
                    return

    @contextmanager
    def _seat(self, number: int, visit: Visit) -> Iterator[_Room]:
        room = self._rooms[number] = self._rooms.get(number) or _Room()
        of_session, of_editor = visit.session.id or 0, visit.editor.number
        room.sessions[of_session] += 1
        self._of_editor[of_editor] += 1
        try:
            yield room
        finally:
            room.sessions[of_session] -= 1
            self._of_editor[of_editor] -= 1
            if not room.sessions.total():
                del self._rooms[number]

    async def _next(self, number: int, room: _Room) -> Reading:
        """Give the latest reading, and make one if that is too old; whoever comes meanwhile waits for it."""
        async with room.turn:
            now = room.loop.time()
            if room.last is None or now >= room.next_at:
                there = list(+room.sessions)
                room.last = await run_in_threadpool(self._read, number, there)
                took = room.loop.time() - now
                room.next_at = now + max(self._every.total_seconds(), SHARE * took)
            return room.last


def event(name: str, data: str) -> str:
    """Write an event as a stream of events has it."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines())
    return f"event: {name}\n{lines}\n"
