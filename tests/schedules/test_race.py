from collections import Counter
from datetime import date, timedelta
from multiprocessing import get_context

import pytest
from sqlmodel import select

from schedules import ledger
from schedules.models import ScheduleRun
from schedules.windows import slot_on
from tests.schedules.contender import FIRST_DUE, PATIENCE, race
from tests.schedules.windows import monday_at_nine

PROCESSES, ROUNDS = 8, 20
WEEKS = [date(2026, 11, 23) + timedelta(weeks=week) for week in range(ROUNDS)]


@pytest.fixture
def url(database):
    return database.engine.url.render_as_string(hide_password=False)


def run_all(url, log):
    spawning = get_context("spawn")
    start = spawning.Barrier(PROCESSES)
    workers = [
        spawning.Process(target=race, args=(url, f"worker-{number}", ROUNDS, start, log))
        for number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE)
    return [worker.exitcode for worker in workers]


def test_eight_processes_at_once_run_each_slot_once_even_one_left_by_a_dead_worker(
    database, url, tmp_path
):
    abandoned = WEEKS[::2]
    with database.writing() as session:
        for number, week in enumerate(abandoned):
            slot = slot_on(monday_at_nine(), week)
            died_at = FIRST_DUE + timedelta(weeks=2 * number)
            ledger.claim(session, slot, worker="dead", now=died_at)

    exit_codes = run_all(url, tmp_path / "jobs.log")

    assert exit_codes == [0] * PROCESSES
    ran = Counter(line.split()[0] for line in (tmp_path / "jobs.log").read_text().splitlines())
    assert ran == Counter(week.isoformat() for week in WEEKS)
    with database.writing() as session:
        runs = session.exec(select(ScheduleRun)).all()
        assert [run.state for run in runs] == ["done"] * ROUNDS
