import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlmodel import select

from newsletter import schema
from newsletter.database import Database
from newsletter.delivery.models import Delivery
from newsletter.issues.models import Issue
from newsletter.notices.rows import NoticeRow
from newsletter.tables import is_ours, metadata
from tests.factories import MONDAY, add_subscribers


@pytest.fixture
def bare(database: Database) -> Iterator[Database]:
    """The database of either kind, with nothing in it, and put back afterwards."""
    schema.downgrade(database, "base")
    yield database
    schema.upgrade(database)


def tables(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_the_sum_of_the_migrations_is_what_the_models_say(database):
    with database.engine.connect() as connection:
        compared = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(compared, metadata) == []


def test_the_revision_that_this_release_needs_is_its_last():
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))

    assert scripts.get_current_head() == schema.HEAD


def test_a_service_whose_database_is_right_holds_no_alembic_in_its_memory():
    script = "import sys; import newsletter.wiring; print('alembic' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert found.stdout.split() == [b"False"]


def test_down_leaves_nothing_and_up_again_makes_everything(bare):
    assert tables(bare) == set()

    schema.upgrade(bare)

    assert tables(bare) == set(metadata.tables)
    assert schema.current(bare) == schema.HEAD


def test_an_empty_database_is_brought_up_by_itself(bare):
    with bare.writer.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))

    schema.require_current(bare)

    assert schema.current(bare) == schema.HEAD


def test_processes_that_start_together_on_an_empty_database_take_turns(bare):
    with bare.writer.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    ready, passed = threading.Barrier(4), []

    def process():
        own = Database(bare.engine.url.render_as_string(hide_password=False))
        ready.wait()
        schema.require_current(own)
        passed.append(schema.current(own))
        own.close()

    processes = [threading.Thread(target=process) for _ in range(4)]
    for one in processes:
        one.start()
    for one in processes:
        one.join()

    assert passed == [schema.HEAD] * 4


def test_a_stale_schema_is_refused_with_the_command_to_run(bare):
    with bare.writer.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (id integer)"))
    try:
        with pytest.raises(schema.StaleSchema, match="newsletter db upgrade"):
            schema.require_current(bare)
    finally:
        with bare.writer.begin() as connection:
            connection.execute(text("DROP TABLE somebody_elses"))


def test_upgrading_twice_is_upgrading_once(database):
    schema.upgrade(database)

    assert schema.current(database) == schema.HEAD


def test_letters_about_corrections_that_were_written_before_learn_the_row_of_their_reader(database):
    with database.writing() as session:
        [one] = add_subscribers(session, 1)
        session.flush()
        for correction, recipient in ((1, one.public_id), (1, "erased"), (None, one.public_id)):
            place = f"{correction} {recipient}"
            session.add(
                NoticeRow(
                    key=place,
                    recipient=recipient,
                    public_id=place,
                    subject="",
                    text="",
                    corrects=correction,
                    created_at=MONDAY,
                )
            )
        expected = {f"1 {one.public_id}": one.id, "1 erased": None, f"None {one.public_id}": None}

    schema.downgrade(database, "0014")
    schema.upgrade(database)

    with database.reading() as session:
        found = session.exec(select(NoticeRow.key, NoticeRow.subscriber_id))
        assert dict(found.all()) == expected


def test_copies_lose_their_foreign_keys_and_nothing_else(database):
    with database.writing() as session:
        [one] = add_subscribers(session, 1)
        session.add(
            Issue(number=1, schedule="w", local_date=MONDAY.date(), nonce="n", created_at=MONDAY)
        )
        session.flush()
        session.add(Delivery(issue_number=1, subscriber_id=one.number, batch=1, settled_at=MONDAY))

    def found() -> tuple[list[str], dict[str, str], object]:
        with database.reading() as session:
            known = inspect(session.connection())
            keys = sorted(key["referred_table"] for key in known.get_foreign_keys("deliveries"))
            indexes = {
                str(index["name"]): f"{index['column_names']} {_where(index)}"
                for index in known.get_indexes("deliveries")
                if index["name"] != "ix_deliveries_odd"  # which is made anew in 0018
            }
            return keys, indexes, [row.model_dump() for row in session.exec(select(Delivery))]

    now = found()
    schema.downgrade(database, "0016")
    before = found()
    schema.upgrade(database)

    assert found() == now
    assert (before[0], now[0]) == (["issues", "subscribers"], [])
    assert before[1:] == now[1:]
    assert "attempt_id IS NOT NULL" in now[1]["ix_deliveries_in_doubt"]


def _where(index: Any) -> str:
    """Give the condition of a partial index, which a table that is written anew could lose."""
    options = index.get("dialect_options", {})
    return str(options.get("sqlite_where", options.get("postgresql_where", "")))
