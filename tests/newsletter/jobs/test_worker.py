"""Many workers, one of them killed or asked to end: nobody twice, nobody forgotten."""

import multiprocessing
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select

from newsletter.database import Database
from newsletter.delivery.models import Batch, BatchState, Delivery
from newsletter.issues.models import Issue
from newsletter.jobs.queueing import QUEUE, TASK, enqueue
from newsletter.service import Service
from newsletter.settings import InvalidSettings, load
from newsletter.testing.postmark.process import TOKEN, running_postmark
from newsletter.wiring import build
from newsletter.worker import FIRST_DELAY, LONGEST_DELAY, Rhythm, Worker, delay
from schedules.clock import Clock, system_clock
from schedules.models import ScheduleRun
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.journeys.commands import ROOT, Operator

READERS = 30


def stock(database: Database, now: datetime = MONDAY - timedelta(days=2)) -> None:
    with database.writing() as session:
        store_comparisons(session, 2, now=now)
        add_subscribers(session, READERS, now=now)


def far_slot() -> str:
    """Give an hour of the week that is neither near nor just over: no worker's beat acts on it."""
    return f"{system_clock() + timedelta(days=3):%a} 09:00".lower()


def states(database: Database) -> Counter[str]:
    with database.reading() as session:
        return Counter(session.execute(select(col(Delivery.state))).scalars())


def waiting_jobs(database: Database) -> int:
    with database.reading() as session:
        counted = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
        return int(session.execute(text(counted)).scalar_one())


def wired(
    database: Database, folder: Path, *, clock: Clock = lambda: MONDAY, **chosen: object
) -> Service:
    folder.mkdir(exist_ok=True)
    settings = load(
        data_dir=folder,
        database_url=database.engine.url.render_as_string(hide_password=False),
        postal_address="1 Test Street",
        engine="workers",
        instance="test",
        secret_key="a key that all hosts of this test have",
        **chosen,
    )
    return build(settings, clock=clock, database=database)


def begun(database: Database, tmp_path: Path, **chosen: object) -> Service:
    """Start an issue; nothing leaves before a worker runs, which goes by the real clock, as this does."""
    usual = {"batch_size": 3, "send_at": far_slot()}
    service = wired(database, tmp_path / "desk", clock=system_clock, **usual, **chosen)
    service.desk.build(service.desk.slots.next(), actor="test")
    service.dispatch.start(1, actor="test")
    return service


def end_leases(database: Database) -> None:
    """Let the worker have been silent for long."""
    with database.writing() as session:
        session.execute(
            update(Batch)
            .where(col(Batch.state) == BatchState.SENDING.value)
            .values(leased_until=MONDAY - timedelta(days=100))
        )


@pytest.fixture
def operator(queue: Database, tmp_path: Path) -> Operator:
    return Operator(
        tmp_path / "data",
        DATABASE_URL=queue.engine.url.render_as_string(hide_password=False),
        ENGINE="workers",
        INSTANCE="test",
        SECRET_KEY="a key that all hosts of this test have",
        BATCH_SIZE="3",
        SEND_AT=far_slot(),
    )


def test_after_a_kill_another_worker_goes_on_and_nobody_gets_it_twice(queue, operator, tmp_path):
    stock(queue, now=system_clock())
    with running_postmark(tmp_path / "postmark.log") as postmark:
        way_out = {
            "transport": "postmark",
            "postmark_server_token": TOKEN,
            "postmark_api_url": postmark.url,
            "base_url": "https://news.example.org",
            "sender": "Test Letter <digest@news.example.org>",
        }
        service = begun(queue, tmp_path, **way_out)
        told = {"FROM" if name == "sender" else name.upper(): way_out[name] for name in way_out}

        killed = operator.run("worker", "--threads", "2", fault="send.answered:3", **told)
        end_leases(queue)
        Worker(service, 2, rhythm=Rhythm(dead=timedelta(0))).sweep()
        Worker(service, 2, once=True).run()  # to whom nobody who works is dead, not even itself

        copies = Counter(entry["To"] for entry in postmark.accepted())
    found = states(queue)
    assert killed.returncode == -signal.SIGKILL
    assert set(copies.values()) == {1}
    assert found["accepted"] + found["unknown"] == READERS
    assert 0 <= READERS - len(copies) <= found["unknown"] <= 6


def test_a_worker_that_is_asked_to_end_records_its_batch_and_hands_the_rest_back(
    queue, operator, tmp_path
):
    stock(queue, now=system_clock())
    begun(queue, tmp_path)
    with queue.writing() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
        enqueue(session, 1, READERS, READERS)

    ended = operator.run("worker", "--threads", "1", fault="send.claimed:2:TERM")

    with queue.reading() as session:
        jobs = session.execute(text("SELECT DISTINCT status FROM procrastinate_jobs")).scalars()
        assert list(jobs) == ["todo"]
    assert ended.returncode == 0
    assert states(queue) == {"accepted": 6, "queued": READERS - 6}


def test_a_sweep_gives_jobs_of_the_dead_back_and_finds_batches_without_one(queue, tmp_path):
    stock(queue, now=system_clock())
    service = begun(queue, tmp_path)
    with queue.writing() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
        enqueue(session, 1, 3, 3)
        silent = (
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 h')"
        )
        session.execute(text(silent))
        session.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing',"
                " worker_id = (SELECT max(id) FROM procrastinate_workers)"
            )
        )

    missing = Worker(service, 1).sweep()

    assert missing == READERS / 3 - 1
    assert waiting_jobs(queue) == READERS / 3


def test_jobs_that_find_nothing_to_do_are_done_and_deleted(queue, tmp_path):
    stock(queue)
    sunday = MONDAY - timedelta(days=1)  # when its beats start nothing beside
    service = wired(queue, tmp_path / "data", clock=lambda: sunday)
    service.desk.build(service.desk.slots.next(), actor="test")
    with queue.writing() as session:
        enqueue(session, 1, 32, 1)

    Worker(service, 2, once=True).run()

    with queue.reading() as session:
        assert session.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one() == 0


def test_a_job_that_fails_is_tried_again_later(queue, tmp_path):
    service = wired(queue, tmp_path / "data")
    with queue.writing() as session:
        enqueue(session, 99, 1, 1)

    soon = system_clock() + timedelta(seconds=2)
    Worker(service, 1, once=True).run()

    with queue.reading() as session:
        row = session.execute(
            text("SELECT status, attempts, scheduled_at > :soon FROM procrastinate_jobs"),
            {"soon": soon},
        ).one()
    assert row == ("todo", 1, True)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_eight_processes_that_look_at_one_slot_at_once_start_one_issue(queue, tmp_path):
    stock(queue)
    forking = multiprocessing.get_context("fork")
    ready = forking.Barrier(8)
    queue.close()  # no connection is shared with a child

    def process(number: int) -> None:
        service = wired(queue, tmp_path / str(number), local_time=False)
        slot = service.desk.slots.next(MONDAY - timedelta(days=1))
        ready.wait()
        service.run_tick(slot.instant)
        service.close()

    processes = [forking.Process(target=process, args=(number,)) for number in range(8)]
    for one in processes:
        one.start()
    for one in processes:
        one.join()

    with queue.reading() as session:
        issues = session.execute(select(col(Issue.state))).scalars().all()
        runs = session.execute(select(col(ScheduleRun.state))).scalars().all()
    assert [one.exitcode for one in processes] == [0] * 8
    assert (issues, runs) == (["sending"], ["done"])
    assert waiting_jobs(queue) == 1


def test_a_service_with_workers_starts_an_issue_and_sends_nothing_itself(queue, tmp_path):
    stock(queue)
    service = wired(queue, tmp_path / "data")
    service.desk.build(service.desk.slots.next(), actor="test")

    service.desk.send(1, actor="test")
    service.dispatch.deliver()

    assert states(queue) == {"queued": READERS}
    with queue.reading() as session:
        rows = session.execute(text("SELECT queue_name, task_name, args FROM procrastinate_jobs"))
        assert [tuple(row) for row in rows] == [(QUEUE, TASK, {"issue": 1, "readers": 100})]


def test_whoever_sends_by_hand_is_told_that_workers_do_it_and_sees_no_bar_that_nobody_moves(
    queue, operator
):
    stock(queue)
    operator.environment["FORCE_COLOR"] = "1"  # as on a terminal
    operator.must("issue", "build")

    sent = operator.run("issue", "send")

    assert sent.returncode == 0
    assert "workers send it; how far they are says: newsletter issue report 1\n" in sent.stdout
    assert f"/{READERS}" not in sent.stderr


@pytest.mark.parametrize("luck", [0, 0.5, 1])
def test_failed_jobs_wait_longer_each_time_and_not_all_equally_long(luck):
    waits = [delay(attempts, luck) for attempts in range(20)]

    assert waits == sorted(waits)
    assert FIRST_DELAY / 2 <= waits[0] <= FIRST_DELAY
    assert waits[-1] == LONGEST_DELAY * (0.5 + luck / 2)


def test_workers_on_sqlite_are_refused_with_what_to_do(tmp_path):
    with pytest.raises(InvalidSettings, match="workers need PostgreSQL"):
        build(load(data_dir=tmp_path / "data", engine="workers"))


def test_workers_without_their_extra_are_refused_with_what_to_install(operator):
    script = (
        "import importlib.util as util; found = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'procrastinate' else found(name, *rest)\n"
        "from newsletter.cli import app; app(['db', 'upgrade'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=operator.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "weekly-verdict[scale]" in done.stderr


def test_a_worker_where_serve_sends_is_refused(tmp_path):
    refused = Operator(tmp_path / "data").run("worker")

    assert refused.returncode == 2
    assert "NEWSLETTER_ENGINE=workers" in refused.stderr
