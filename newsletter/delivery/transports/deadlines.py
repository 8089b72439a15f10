"""What takes too long is cut, however lively the other end is: one thread looks after all calls."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic


class _Call:
    """What is under way, and until when; late when it was cut."""

    def __init__(self, due: float, cut: Callable[[], None]) -> None:
        self.due = due
        self.cut = cut
        self.is_late = False


class Deadlines:
    """Looks after the calls of all threads.

    Its own thread sleeps until the earliest call is due that it knew of when it fell asleep, and ends
    when it wakes up and there is none. A ``threading.Timer`` for each call, which is a thread as well,
    took a third of a millisecond of the processor, as much as 20 letters do.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls: set[_Call] = set()
        self._wakes_at: float | None = None

    @contextmanager
    def limited(self, seconds: float, cut: Callable[[], None]) -> Iterator[None]:
        """Cut what the block does when it takes longer.

        Args:
            seconds: from now on.
            cut: makes the block end soon, by an error or not; called by another thread.

        Raises:
            TimeoutError: when it was cut, in place of what the block raised by it; also when the block
                has ended as if nothing had happened.
        """
        call = _Call(monotonic() + seconds, cut)
        try:
            self._watch(call)
            yield
        except Exception:
            if not call.is_late:
                raise
        finally:
            with self._changed:
                self._calls.discard(call)
        if call.is_late:
            raise TimeoutError("no whole answer within the deadline")

    def _watch(self, call: _Call) -> None:
        with self._changed:
            self._calls.add(call)
            if self._wakes_at is None:
                threading.Thread(target=self._look, name="deadlines", daemon=True).start()
                self._wakes_at = (
                    call.due
                )  # not before: a thread that cannot be started looks at nothing
            elif call.due < self._wakes_at:
                self._changed.notify()

    def _look(self) -> None:
        with self._changed:
            while self._calls:
                now = monotonic()
                for call in [one for one in self._calls if one.due <= now]:
                    self._calls.remove(call)
                    call.is_late = True
                    with suppress(Exception):  # the others have their deadlines, too
                        call.cut()
                if self._calls:
                    self._wakes_at = min(call.due for call in self._calls)
                    self._changed.wait(self._wakes_at - monotonic())
            self._wakes_at = None


DEADLINES = Deadlines()
"""Those of this process."""
