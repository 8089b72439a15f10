"""While a provider is called, nobody waits for us: no transaction of the sender is open."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlmodel import select

from newsletter.database import Database
from newsletter.delivery.transports.memory import MemoryTransport
from subscribers.models import Subscriber
from tests.factories import add_subscribers, make_desk, store_comparisons


class Watching(MemoryTransport):
    """Counts the transactions that are open in a database while it is called."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._watcher = Database(database.engine.url.render_as_string(hide_password=False))
        self.open: list[int] = []

    def send(self, mailing, messages, **options):
        self.open.append(self._open_now())
        return super().send(mailing, messages, **options)

    def close(self) -> None:
        self._watcher.close()

    def _open_now(self) -> int:
        if self._watcher.is_sqlite:
            return self._somebody_reads_or_writes()
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' "  # the server vacuums by itself, when it likes
            "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        with self._watcher.reading() as session:
            return int(session.execute(others).scalar_one())

    def _somebody_reads_or_writes(self) -> int:
        """Write, then empty the log of writes: SQLite cannot while a transaction needs either."""
        file = str(self._watcher.engine.url.database)
        with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("PRAGMA user_version = 1")
            except sqlite3.OperationalError:
                return 1
            return int(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])


def test_no_transaction_is_open_during_a_call(database: Database) -> None:
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 7)
    transport = Watching(database)
    desk = make_desk(database, transport, batch_size=3)

    desk.send(desk.build(desk.slots.next(), actor="test").number, actor="test")
    transport.close()

    assert transport.open == [0, 0, 0]


@pytest.mark.parametrize("scope", ["reading", "writing"])
def test_one_that_is_open_is_noticed(database: Database, scope: str) -> None:
    transport = Watching(database)

    with getattr(database, scope)() as session:
        add_subscribers(session, 1) if scope == "writing" else session.exec(
            select(Subscriber)
        ).all()
        seen = transport._open_now()
    transport.close()

    assert seen == 1
