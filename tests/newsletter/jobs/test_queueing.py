"""Jobs exist when their batches do, and the queue stays quick when many come at once."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from newsletter.database import Database
from newsletter.jobs import tables
from newsletter.jobs.queueing import READERS, enqueue, share_of, top_up
from newsletter.tables import is_ours, metadata

BATCH = 500


def jobs(database: Database) -> list[dict[str, int]]:
    with database.reading() as session:
        return list(session.execute(text("SELECT args FROM procrastinate_jobs")).scalars())


def test_what_is_rolled_back_leaves_no_job(queue):
    with queue.writing() as session:
        enqueue(session, 1, 1_000_000, BATCH)
        session.rollback()

    assert jobs(queue) == []


def test_what_is_committed_leaves_them_all_and_they_know_nobody(queue):
    with queue.writing() as session:
        enqueue(session, 7, 1_000_000, BATCH)

    assert jobs(queue) == [{"issue": 7, "readers": READERS}] * 200


@pytest.mark.parametrize(
    ("readers", "share"), [(0, 500), (400, 500), (16_001, 501), (100_000, 3125), (10**7, 5000)]
)
def test_a_job_is_for_5000_readers_and_for_fewer_of_a_small_issue(readers, share):
    assert share_of(readers, BATCH) == share


def test_the_sweep_puts_in_what_is_missing_and_no_more(queue):
    with queue.writing() as session:
        enqueue(session, 1, 25_000, BATCH)
    before = len(jobs(queue))
    with queue.writing() as session:
        session.execute(
            text(
                "DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM procrastinate_jobs LIMIT 3)"
            )
        )
    with queue.writing() as session:
        missing = top_up(session, 1, 25_000, BATCH)
    with queue.writing() as session:
        again = top_up(session, 1, 25_000, BATCH)

    assert (missing, again, len(jobs(queue))) == (3, 0, before)


def test_a_job_that_is_said_to_be_done_for_ever_stands_for_no_free_batch(queue):
    with queue.writing() as session:
        enqueue(session, 1, BATCH, BATCH)
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    with queue.writing() as session:
        assert top_up(session, 1, BATCH, BATCH) == 1
        assert top_up(session, 1, BATCH, BATCH) == 0


@pytest.mark.parametrize(("minutes", "missing"), [(0.5, 0), (14, 1)])
def test_a_job_that_is_tried_again_much_later_stands_for_no_free_batch(queue, minutes, missing):
    later = "UPDATE procrastinate_jobs SET scheduled_at = now() + make_interval(secs => :seconds)"
    with queue.writing() as session:
        enqueue(session, 1, BATCH, BATCH)
        session.execute(text(later), {"seconds": 60 * minutes})
    with queue.writing() as session:
        assert top_up(session, 1, BATCH, BATCH) == missing


def test_only_one_sweeps_at_a_time(queue):
    with queue.writing() as first, queue.writing() as second:
        assert top_up(first, 1, 2_000, BATCH) == 4
        assert top_up(second, 1, 2_000, BATCH) == 0


def test_the_planner_is_told_of_many_jobs_in_the_same_transaction(queue):
    def believed() -> float:
        with queue.reading() as session:
            sql = "SELECT reltuples FROM pg_class WHERE relname = 'procrastinate_jobs'"
            return float(session.execute(text(sql)).scalar_one())

    with queue.writing() as session:
        session.execute(text("ANALYZE procrastinate_jobs"))
    assert believed() == 0

    with queue.writing() as session:
        enqueue(session, 1, 3_000 * READERS, BATCH)

    assert believed() == 3_000


def test_the_tables_are_installed_once_and_no_migration_of_ours_knows_them(queue):
    tables.install(queue)
    tables.require(queue)

    with queue.engine.connect() as connection:
        compared = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(compared, metadata) == []


def test_tables_of_another_release_are_refused_with_the_command(queue):
    with queue.writer.begin() as connection:
        connection.exec_driver_sql("COMMENT ON TABLE procrastinate_jobs IS 'procrastinate 3.4.0'")
    with pytest.raises(tables.NoJobTables, match="newsletter db upgrade"):
        tables.require(queue)

    tables.install(queue)

    tables.require(queue)


def test_only_younger_migrations_are_run_and_in_their_order(tmp_path):
    names = (
        "03.04.00_50_post_b.sql",
        "03.04.00_01_pre_a.sql",
        "03.03.00_01_pre_z.sql",
        "__init__.py",
    )
    for name in names:
        (tmp_path / name).touch()

    found = tables.steps(tmp_path, (3, 3, 0))

    assert [file.name for file in found] == ["03.04.00_01_pre_a.sql", "03.04.00_50_post_b.sql"]
