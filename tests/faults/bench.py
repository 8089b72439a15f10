"""The bench workers: each plays its share of the trials on a stage of its own."""

import logging
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import structlog

from tests.faults.judging import Played
from tests.faults.stage import stage
from tests.faults.trials import Trial

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of our own is made in it

Progress = Callable[[Played], None]


def play(
    trials: Sequence[Trial], *, jobs: int, postgres: str | None, progress: Progress
) -> list[Played]:
    """Play all trials, in several processes; the order of what comes back is any.

    Args:
        trials: what is tried.
        jobs: how many bench workers play at once.
        postgres: URL of a server for all of them.
        progress: told of each trial.
    """
    context = multiprocessing.get_context("spawn")
    to_do, done = context.SimpleQueue(), context.SimpleQueue()
    workers = [
        context.Process(target=_work, args=(to_do, done, postgres), daemon=True)
        for _ in range(min(jobs, len(trials)))
    ]
    for worker in workers:
        worker.start()
    played = []
    for one in _collected(trials, to_do, done, workers):
        progress(one)
        played.append(one)
    return played


def _collected(
    trials: Sequence[Trial], to_do: Any, done: Any, workers: Sequence[SpawnProcess]
) -> Iterator[Played]:
    """Hand out trials one by one, so that no pipe is ever full, and give what they came to."""
    waiting = iter(trials)
    for _ in workers:
        to_do.put(next(waiting, None))
    for _ in trials:
        yield _next(done, workers)
        to_do.put(next(waiting, None))
    for worker in workers:
        worker.join()


def _next(done: Any, workers: Sequence[SpawnProcess]) -> Played:
    while not done._reader.poll(1):
        if broken := [worker for worker in workers if worker.exitcode]:
            raise ChildProcessError(f"a bench worker ended with {broken[0].exitcode}")
    played: Played = done.get()
    return played


def _work(to_do: Any, done: Any, postgres: str | None) -> None:
    alone()
    with folder() as own, stage(own, postgres) as here:
        while (trial := to_do.get()) is not None:
            done.put(here.play(trial))


def alone() -> None:
    """Keep the settings of whoever runs the bench out of it, and the log of its processes quiet."""
    for name in list(os.environ):
        if name.startswith("NEWSLETTER_"):
            del os.environ[name]
    level = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=level)


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder that is gone at the end; in memory where that can be, since fsync is dear."""
    place = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="faults-", dir=place) as made:
        yield Path(made)
