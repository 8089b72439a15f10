"""A worker: runs jobs in threads, and does again and again what one process does by itself.

Any number of them share a PostgreSQL. Each looks at the schedule, and the ledger lets one win; each
sweeps, so that whatever a killed one left behind is found by those who are left.
"""

import asyncio
import random
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType

import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from psycopg import AsyncConnection, OperationalError
from sqlalchemy import Engine

from newsletter import faults
from newsletter.errors import NewsletterError
from newsletter.heart import BEAT, heartbeat
from newsletter.jobs.living import SIGN, SILENCE
from newsletter.jobs.queueing import QUEUE, TASK, top_up
from newsletter.service import Service

log = structlog.get_logger()

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=15)
MOST_ATTEMPTS = 10
"""Failures of one job after which it is left for a person to look at; the sweep brings a new one."""

RESTART = timedelta(seconds=5)
"""Between two starts of the engine when it has lost the database."""

DAYS_OF_FAILURES = 30

_ENDINGS = (signal.SIGINT, signal.SIGTERM)


class HandedBack(NewsletterError):
    """The worker was asked to end; the rest of the job is another one's."""

    code = "handed-back"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a worker does things, and when it counts as dead.

    Attributes:
        beat: between two looks at the schedule, and between two sweeps.
        sign: between two signs of life that it leaves in the database.
        dead: silence after which its jobs are another one's.
    """

    beat: timedelta = BEAT
    sign: timedelta = SIGN
    dead: timedelta = SILENCE


def delay(attempts: int, luck: float) -> timedelta:
    """Say how long a job that failed waits, after so many attempts before (0 …). Pure.

    Args:
        attempts: how often it failed before.
        luck: from 0 to 1, so that jobs that failed together do not come back together.
    """
    longest: timedelta = min(LONGEST_DELAY, FIRST_DELAY * (1 << min(attempts, 10)))
    return longest * (0.5 + luck / 2)


class _BackOff(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, HandedBack):
            return RetryDecision()
        log.error("job_failed", job=job.id, kind=type(exception).__name__, attempts=job.attempts)
        if job.attempts >= MOST_ATTEMPTS:
            return None
        wait = delay(job.attempts, random.random())  # noqa: S311  # it only spreads them
        return RetryDecision(retry_in={"seconds": round(wait.total_seconds())})


class Worker:
    """Runs jobs of a service until it is told to stop.

    Args:
        service: wired for ``engine=workers``.
        threads: jobs at a time.
        rhythm: how often it does the rest.
        once: whether it ends as soon as no job is left.
    """

    def __init__(
        self,
        service: Service,
        threads: int,
        *,
        rhythm: Rhythm = Rhythm(),
        once: bool = False,
    ) -> None:
        self._service = service
        self._threads = threads
        self._rhythm = rhythm
        self._once = once
        self._app = _app_on(service.database.engine)
        self._app.task(name=TASK, queue=QUEUE, retry=_BackOff())(self._job)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT: then the batches in flight end, and nothing else begins."""
        service, stopping = self._service, self._service.stopping
        jobs = {**service.heartbeat_jobs, "sweep": self.sweep}
        heart = heartbeat(jobs, service.fence, service.clock, every=self._rhythm.beat)
        heart.start()
        before = {ending: signal.getsignal(ending) for ending in _ENDINGS}
        try:
            while not stopping.is_set():
                asyncio.run(self._work())
                if self._once:
                    break
                for ending in _ENDINGS:  # the loop has put back what it found
                    signal.signal(ending, self._end)
                stopping.wait(RESTART.total_seconds())
        finally:
            for ending, handler in before.items():
                signal.signal(ending, handler)
            stopping.set()
            heart.stop()
            log.info("stopped")

    def sweep(self) -> int:
        """Find jobs of dead workers, and batches that no job is about.

        Returns:
            How many jobs were missing.
        """
        asyncio.run(self._rescue())
        faults.point("sweep.rescued")
        missing = 0
        for number, readers in self._service.dispatch.sender.free().items():
            with self._service.database.writing() as session:
                missing += top_up(session, number, readers, self._service.dispatch.batch_size)
                faults.point("sweep.before-commit")
        if missing:
            log.info("jobs_topped_up", jobs=missing)
        return missing

    def _job(self, issue: int, readers: int) -> None:
        faults.point("job.fetched")
        self._service.dispatch.do_job(issue, readers)
        faults.point("job.done")
        if self._service.stopping.is_set():
            raise HandedBack

    async def _work(self) -> None:
        """Run jobs until told to stop, or until the engine loses the database."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(self._threads, thread_name_prefix="job"))
        working = asyncio.create_task(self._run_jobs())

        def end() -> None:
            for ending in _ENDINGS:
                loop.remove_signal_handler(ending)  # a second one ends the process at once
            self._service.stopping.set()
            working.cancel()

        for ending in _ENDINGS:
            loop.add_signal_handler(ending, end)
        try:
            await working
        except asyncio.CancelledError:
            log.info("worker_ends")
        except (ConnectorException, OperationalError, OSError) as fault:
            log.error("engine_lost", kind=type(fault).__name__)  # noqa: TRY400  # it may quote

    async def _run_jobs(self) -> None:
        async with self._app.open_async():
            await self._app.run_worker_async(
                queues=[QUEUE],
                name=self._service.dispatch.sender.worker,
                concurrency=self._threads,
                wait=not self._once,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=self._rhythm.sign.total_seconds(),
                stalled_worker_timeout=self._rhythm.dead.total_seconds(),
            )

    async def _rescue(self) -> None:
        """Give the jobs of dead workers back, and forget failures of long ago."""
        silence = self._rhythm.dead.total_seconds()
        async with _app_on(self._service.database.engine).open_async() as app:
            manager = app.job_manager
            await manager.prune_stalled_workers(silence)
            for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=silence):
                try:
                    await manager.retry_job(job)
                except ConnectorException:  # another one was quicker
                    continue
                log.warning("job_rescued", job=job.id)
            await manager.delete_old_jobs(
                nb_hours=24 * DAYS_OF_FAILURES, queue=QUEUE, include_failed=True
            )

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self._service.stopping.set()


def _app_on(engine: Engine) -> App:
    """Give an app on the database of an engine."""
    _, words = engine.dialect.create_connect_args(engine.url)
    return App(
        connector=PsycopgConnector(
            kwargs=words, min_size=1, max_size=4, configure=_without_transactions
        )
    )


async def _without_transactions(connection: AsyncConnection) -> None:
    """Let each statement of Procrastinate's be its own transaction: half the round trips.

    It never needs two of them in one. As a word of the connection it would clash with the one that
    Procrastinate gives its listener. None is prepared, as none of ours is.
    """
    await connection.set_autocommit(True)
    connection.prepare_threshold = None
