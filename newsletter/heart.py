"""What a process does again and again, as long as its host owns the database."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from newsletter.instance.fence import Fence
from schedules.clock import Clock
from schedules.heartbeat import Heartbeat, Work

log = structlog.get_logger()

BEAT = timedelta(seconds=20)


def heartbeat(
    jobs: Mapping[str, Work], fence: Fence, clock: Clock, *, every: timedelta = BEAT
) -> Heartbeat:
    """Give a heart that beats for these jobs; where nothing may leave they are not begun.

    Args:
        jobs: by name.
        fence: asked before each.
        clock: the present instant.
        every: time between two beats.
    """
    gate = _Gate(fence)
    guarded = {name: _guarded(gate, work) for name, work in jobs.items()}
    return Heartbeat(guarded, every=every, clock=clock, on_error=_log_error)


class _Gate:
    """Lets pass while the fence does, and tells the log when that changes."""

    def __init__(self, fence: Fence) -> None:
        self._fence = fence
        self._said: str | None = None
        self._lock = threading.Lock()

    def lets_pass(self) -> bool:
        because = self._fence.may_send()
        with self._lock:
            changed, self._said = because != self._said, because
        if changed and because:
            log.error("instance_passive", because=because)
        elif changed:
            log.warning("instance_active_again")
        return because is None


def _guarded(gate: _Gate, work: Work) -> Callable[[], object]:
    return lambda: work() if gate.lets_pass() else None


def _log_error(job: str, error: BaseException) -> None:
    log.error(
        "job_failed", job=job, kind=type(error).__name__, thread=threading.current_thread().name
    )
