"""Many workers: how quickly a full queue empties, and what a second worker is good for.

Run with ``python -m benchmarks.workers``; both tables show medians of five rounds, and each round
takes its ways in turn. The first puts 3,000 jobs that find nothing to do into a queue that the
planner believes to be empty, with our ANALYZE in their transaction and without it; each round is
given a few seconds. The second sends an issue through a loopback Postmark that answers after
200 ms: two workers with eight threads each beside one with one.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text
from sqlmodel import col, delete, func, select

from benchmarks.catalogue import NOW
from benchmarks.servers import server_for_workers, settings_of_a_worker, stock
from newsletter.database import Database
from newsletter.delivery.models import Batch, BatchState, Delivery
from newsletter.issues.models import ApprovedLetter, Issue, IssueChange, IssueInspection, IssueItem
from newsletter.jobs.queueing import MANY, enqueue
from newsletter.jobs.queueing import READERS as A_JOB
from newsletter.logs import set_up
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import TOKEN, running_postmark
from newsletter.wiring import build
from newsletter.worker import Worker

JOBS, SECONDS = 3_000, 20
READERS, BATCH = 20_000, 500
ANSWER_AFTER = 0.2
ROUNDS = 5
BATCHES = "/email/batchWithTemplates"


@dataclass(frozen=True, slots=True)
class Emptied:
    """What a worker came to with a full queue.

    Attributes:
        jobs: how many it did.
        seconds: how long it took, its own start and end included.
        busy: seconds of its processor.
    """

    jobs: int
    seconds: float
    busy: float


def main() -> None:
    """Measure both and print a table for each."""
    set_up("json", "error")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(server_for_workers())
        runs: dict[bool, list[Emptied]] = {True: [], False: []}
        for _ in range(ROUNDS):
            for analysed, found in runs.items():
                found.append(emptied(folder, url, analysed=analysed))
        _show_jobs(runs)
        _show_letters(sent(folder, url))


def _show_jobs(runs: dict[bool, list[Emptied]]) -> None:
    print(f"| {JOBS:,} jobs at once | jobs/s | slowest | quickest | worker's CPU a job |")
    print("|---|---:|---:|---:|---:|")
    for analysed, found in runs.items():
        name = "with ANALYZE" if analysed else "without"
        rates = [run.jobs / run.seconds for run in found]
        speeds = " | ".join(f"{of(rates):,.0f}" for of in (median, min, max))
        busy = median(1000 * run.busy / run.jobs for run in found)
        print(f"| {name} | {speeds} | {busy:.1f} ms |", flush=True)


def _show_letters(rates: dict[tuple[int, int], list[float]]) -> None:
    print(f"\n| workers x threads | letters/s, an answer takes {ANSWER_AFTER:.1f} s |")
    print("|---|---:|")
    for (workers, threads), found in rates.items():
        print(f"| {workers} x {threads} | {median(found):,.0f} |")
    one, two = (median(found) for found in rates.values())
    print(f"\nratio {two / one:.1f}")


def emptied(folder: Path, url: str, *, analysed: bool) -> Emptied:
    """Let one worker run jobs that find nothing to send."""
    service = _service(folder, url)
    with service.database.writing() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
        session.execute(text("ANALYZE procrastinate_jobs"))
        if session.get(Issue, 1) is None:
            session.add(_draft())
    with service.database.writing() as session:
        at_once = JOBS if analysed else MANY - 1  # the planner is told of many only
        for first in range(0, JOBS, at_once):
            enqueue(session, 1, min(at_once, JOBS - first) * A_JOB, BATCH)
    enough = threading.Timer(SECONDS, os.kill, (os.getpid(), signal.SIGTERM))
    start, busy = time.perf_counter(), time.process_time()
    enough.start()
    Worker(service, 8, once=True).run()
    enough.cancel()
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    done = JOBS - _waiting(service.database)
    service.close()
    return Emptied(done, seconds, busy)


def sent(folder: Path, url: str) -> dict[tuple[int, int], list[float]]:
    """Send an issue several times each way; give the letters a second."""
    rates: dict[tuple[int, int], list[float]] = {(1, 1): [], (2, 8): []}
    with running_postmark(folder / "postmark.log") as postmark:
        way_out = {
            "transport": "postmark",
            "postmark_api_url": postmark.url,
            "postmark_server_token": TOKEN,
            "batch_size": BATCH,
        }
        service = _service(folder, url, **way_out)
        stock(service, READERS)
        for _ in range(ROUNDS):
            for way, found in rates.items():
                postmark.reset()  # or copies of the same issue would be found there
                postmark.plan(Rule(BATCHES, "slow", nth=0, seconds=ANSWER_AFTER))
                _clear(service.database)
                with _running(way, settings_of_a_worker(folder, url) | way_out, service.database):
                    found.append(READERS / _seconds(service))
        service.close()
    return rates


def _clear(database: Database) -> None:
    """Forget the issue of the last round; its jobs too, or they would fail for want of it."""
    with database.writing() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
        for table in (
            Delivery,
            Batch,
            IssueItem,
            IssueChange,
            IssueInspection,
            ApprovedLetter,
            Issue,
        ):
            session.execute(delete(table))


def _seconds(service: Service) -> float:
    """Start an issue and wait until the last batch is done."""
    number = service.desk.build(service.desk.slots.next(), actor="benchmark").number
    start = time.perf_counter()
    service.dispatch.start(number, actor="benchmark")
    while _open_batches(service.database):
        time.sleep(0.02)
    return time.perf_counter() - start


@contextmanager
def _running(way: tuple[int, int], settings: dict[str, Any], database: Database) -> Iterator[None]:
    """Run so many workers with so many threads each; all are ready when the block begins."""
    workers, threads = way
    environment = {f"NEWSLETTER_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "newsletter", "worker", "--threads", str(threads)]
    running = [
        subprocess.Popen(command, env=os.environ | environment)  # noqa: S603  # ourselves
        for _ in range(workers)
    ]
    try:
        while _registered(database) < workers:
            if any(process.poll() is not None for process in running):
                sys.exit("a worker did not start")
            time.sleep(0.05)
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def _service(folder: Path, url: str, **chosen: Any) -> Service:
    return build(load(**settings_of_a_worker(folder, url), **chosen))


def _draft() -> Issue:
    return Issue(number=1, schedule="weekly", local_date=NOW.date(), nonce="n", created_at=NOW)


def _waiting(database: Database) -> int:
    return _count(database, text("SELECT count(*) FROM procrastinate_jobs"))


def _registered(database: Database) -> int:
    return _count(database, text("SELECT count(*) FROM procrastinate_workers"))


def _open_batches(database: Database) -> int:
    still_open = col(Batch.state) != BatchState.DONE.value
    return _count(database, select(func.count()).select_from(Batch).where(still_open))


def _count(database: Database, statement: Any) -> int:
    with database.reading() as session:
        return int(session.execute(statement).scalar_one())


if __name__ == "__main__":
    main()
