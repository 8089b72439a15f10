"""The databases on which trials run: each with an audience and an issue, and renewed in a moment."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text, update
from sqlmodel import col

from newsletter import schema
from newsletter.database import Database
from newsletter.issues import building
from newsletter.jobs import tables
from newsletter.parts import press_for
from newsletter.tables import metadata
from schedules.windows import Slot
from subscribers.models import Subscriber
from tests.factories import add_subscribers, store_comparisons
from tests.faults.scripts import SPOILS
from tests.faults.surroundings import ISSUE, PEPPER, READERS, settings
from tests.faults.trials import Kind


def not_now(_seconds: float) -> bool:
    """Wait for no database: a process of a trial ends instead, and the next one goes on."""
    return True


@dataclass(frozen=True, slots=True)
class Ground:
    """One database of the bench.

    Attributes:
        database: its engines; the SQL that they once wrote is kept for all trials.
        kept: the SQLite file, or the schema, that holds every row as it was at first.
    """

    database: Database
    kept: str

    @property
    def kind(self) -> Kind:
        """Say which database it is."""
        return "sqlite" if self.database.is_sqlite else "postgresql"

    @property
    def url(self) -> str:
        """Give its address, as a setting."""
        return self.database.engine.url.render_as_string(hide_password=False)

    @property
    def file(self) -> Path:
        """Give the SQLite file."""
        return Path(str(self.database.engine.url.database))

    def renew(self) -> None:
        """Make everything as it was at first; nobody else is connected afterwards."""
        self.database.close()
        if self.database.is_sqlite:
            for ending in ("-wal", "-shm", ""):
                self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
            shutil.copy(self.kept, self.file)
            return
        with self.database.writer.begin() as connection:
            connection.exec_driver_sql(_END_OTHERS)
            connection.exec_driver_sql(_refill(self.kept))
        self.database.close()  # a child must not inherit the connection

    def let_pass(self, by: timedelta) -> None:
        """Let time pass for the engine of the workers, which goes by the server's own clock."""
        if self.database.is_sqlite:
            return
        with self.database.writer.begin() as connection:
            connection.execute(text(_OLDER), {"seconds": by.total_seconds()})
        self.database.close()


@contextmanager
def sqlite_ground(folder: Path, slot: Slot) -> Iterator[Ground]:
    """Make a SQLite file with an audience and an issue."""
    file, kept = folder / "trial.sqlite3", folder / "kept.sqlite3"
    database = Database(f"sqlite:///{file}", wait=not_now)
    _prepare(database, slot)
    with closing(sqlite3.connect(file)) as source:
        source.execute(f"VACUUM INTO '{kept}'")
    with closing(sqlite3.connect(kept)) as copy:
        copy.execute("PRAGMA journal_mode = WAL")
    try:
        yield Ground(database, str(kept))
    finally:
        database.close()


@contextmanager
def postgres_ground(server: str, slot: Slot) -> Iterator[Ground]:
    """Make a database of its own on a server, with an audience and an issue."""
    name = f"faults_{uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine.dispose()
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    database = Database(url, wait=not_now)
    try:
        _prepare(database, slot)
        tables.install(database)
        with database.writer.begin() as connection:
            connection.exec_driver_sql(_keep("kept"))
        database.close()
        yield Ground(database, "kept")
    finally:
        database.close()
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        engine.dispose()


def _prepare(database: Database, slot: Slot) -> None:
    now = slot.instant - timedelta(hours=1)
    schema.upgrade(database)
    with database.writing() as session:
        store_comparisons(session, 2, now=now - timedelta(days=2))
        add_subscribers(session, READERS, now=now - timedelta(days=30), pepper=PEPPER)
    with database.writing() as session:
        built = building.build(
            session,
            press_for(settings()),
            schedule=slot.schedule,
            local_date=slot.local_date,
            now=now,
            actor="the fault bench",
        )
        assert built.number == ISSUE
    database.close()


def spoil_an_address(ground: Ground) -> None:
    """Give one reader an address for whose sake the provider refuses any call that it is in."""
    with ground.database.writing() as session:
        session.execute(
            update(Subscriber)
            .where(col(Subscriber.email) == "reader5@example.org")
            .values(email=SPOILS)
        )
    ground.database.close()


_END_OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

_OLDER = (
    "WITH workers AS (UPDATE procrastinate_workers"
    " SET last_heartbeat = last_heartbeat - make_interval(secs => :seconds))"
    " UPDATE procrastinate_jobs"
    " SET scheduled_at = scheduled_at - make_interval(secs => :seconds)"
    " WHERE status = 'todo'"
)
_WITHOUT_JOBS = ("DELETE FROM procrastinate_jobs", "DELETE FROM procrastinate_workers")


def _keep(kept: str) -> str:
    copies = [f"CREATE TABLE {kept}.{name} AS TABLE {name}" for name in _tables()]
    return ";".join((f"CREATE SCHEMA {kept}", *copies))


def _refill(kept: str) -> str:
    """Put every row back in one round trip; to delete is 150 times cheaper than to truncate."""
    emptied = [str(table.delete()) for table in reversed(metadata.sorted_tables)]
    filled = [f"INSERT INTO {name} TABLE {kept}.{name}" for name in _tables()]
    return ";".join((*_WITHOUT_JOBS, *emptied, *filled))


def _tables() -> list[str]:
    return [table.name for table in metadata.sorted_tables]
