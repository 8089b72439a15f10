"""The heartbeat: APScheduler calls the given jobs again and again, and decides nothing."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from time import monotonic

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_SUBMITTED,
    JobEvent,
    JobExecutionEvent,
)
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from schedules.clock import Clock

Work = Callable[[], object]

OnError = Callable[[str, BaseException], None]
"""Told the job's name and what it raised, in the job's thread."""

SILENT_BEATS = 3
"""After so many beats without a sign of life, the jobs are called again at once."""

STOPPED_BEATS = 10
"""After so many, calling them again has not helped."""

_SIGNS_OF_LIFE = (
    EVENT_JOB_SUBMITTED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_EXECUTED | EVENT_JOB_ERROR
)


class Heartbeat:
    """Calls each job once at the start and then at every beat, each in a thread of its own.

    What is due is for the jobs to find out: after a restart the memory of this scheduler is
    empty, and nothing is lost by it. A job that is still running at the next beat is not started
    a second time. A job that raises is called again at the next beat.

    APScheduler waits for instants on the wall clock: when that is set back by an hour, it would
    sleep for an hour. A watcher, which counts seconds instead, wakes it.

    Args:
        jobs: by name; each takes no argument.
        every: time between two beats.
        clock: the present instant, for the beat at the start.
        on_error: told of everything a job raises.
    """

    def __init__(
        self, jobs: Mapping[str, Work], *, every: timedelta, clock: Clock, on_error: OnError
    ) -> None:
        self._jobs = dict(jobs)
        self._every = every
        self._clock = clock
        self._on_error = on_error
        self._last_beat = monotonic()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(max_workers=max(1, len(self._jobs)))},
        )
        self._scheduler.add_listener(self._heard, _SIGNS_OF_LIFE)
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="heartbeat-watcher", daemon=True)

    def start(self) -> None:
        """Beat once now, and go on in the background."""
        _silence_what_the_callback_tells()
        now = self._clock()
        for name, work in self._jobs.items():
            self._scheduler.add_job(
                work,
                IntervalTrigger(seconds=self._every.total_seconds(), timezone=UTC),
                id=name,
                next_run_time=now,
                misfire_grace_time=None,  # the default drops a call that is a second late
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.start()
        self._watcher.start()

    def stop(self) -> None:
        """Start nothing more, and wait for what is running; does nothing when not started."""
        self._ended.set()
        if self._scheduler.running:
            self._watcher.join()  # or it might wake what is being shut down
            self._scheduler.shutdown(wait=True)

    def silence(self) -> timedelta:
        """Give the time since a job last started, ended, or was found still running.

        It is measured by a clock that nobody can set.
        """
        return timedelta(seconds=monotonic() - self._last_beat)

    def is_beating(self) -> bool:
        """Say whether there was a sign of life within the last ten beats, if there are jobs."""
        return not self._jobs or self.silence() <= STOPPED_BEATS * self._every

    def _heard(self, event: JobEvent) -> None:
        self._last_beat = monotonic()
        if isinstance(event, JobExecutionEvent) and event.exception is not None:
            self._on_error(event.job_id, event.exception)

    def _watch(self) -> None:
        while not self._ended.wait(self._every.total_seconds()):
            if self.silence() > SILENT_BEATS * self._every:
                for name in self._jobs:
                    self._scheduler.modify_job(name, next_run_time=self._clock())


def _silence_what_the_callback_tells() -> None:
    """Keep APScheduler from logging what ``on_error`` is told, and each beat skipped as usual."""
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
