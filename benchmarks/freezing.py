"""Freezing an audience, at once and in waves: CPU and seconds of the transaction, and peak memory.

Run with ``python -m benchmarks.freezing [readers [rounds]]``; the readers live in 300 zones. CPU is
that of this process and of the database, up to and with the commit.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import delete, insert
from sqlmodel import Session

from benchmarks.catalogue import NOW
from benchmarks.database_copies import Copies, FileCopies, server_copies
from newsletter import schema
from newsletter.database import Database
from newsletter.delivery import audience, books
from newsletter.delivery.models import Batch, Delivery
from newsletter.issues.models import Issue
from schedules.waves import Waves
from schedules.windows import next_slot, window_from
from subscribers.models import Subscriber

WINDOW = window_from("mon 09:00", "Europe/Berlin", timedelta(hours=6))
ZONES = sorted(available_timezones())[:300]
CHUNK = 10_000
READERS, ROUNDS = 200_000, 5


def main(readers: int = READERS, rounds: int = ROUNDS) -> None:
    """Freeze the same readers several times, at once and in waves, and print the medians."""
    print("| database | readers | waves | CPU s | seconds | peak memory MB |")
    print("|---|---:|---:|---:|---:|---:|")
    slot = next_slot(WINDOW, NOW)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for copies in (FileCopies(folder), stack.enter_context(server_copies())):
            database = Database(copies.original)
            schema.upgrade(database)
            with database.writing() as session:
                _fill(session, readers)
            for waves in (None, Waves(WINDOW, slot.local_date)):
                frozen = [_frozen(database, copies, waves) for _ in range(rounds)]
                cpu, seconds = (median(times) for times in zip(*frozen, strict=True))
                with database.reading() as session:
                    found = len(books.waves(session, 1))
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                figures = f"{readers:,} | {found} | {cpu:.2f} | {seconds:.2f} | {memory:.0f}"
                print(f"| {copies.kind} | {figures} |", flush=True)
            database.close()


def _fill(session: Session, readers: int) -> None:
    for start in range(0, readers, CHUNK):
        session.execute(insert(Subscriber), list(_rows(start, min(start + CHUNK, readers))))


def _rows(first: int, end: int) -> Iterator[dict[str, Any]]:
    for number in range(first, end):
        yield {
            "public_id": f"reader{number}",
            "email": f"reader{number}@example.org",
            "address_key": f"reader{number}@example.org",
            "address_hash": f"{number:064x}",
            "state": "active",
            "timezone": ZONES[number % len(ZONES)],
            "created_at": NOW,
            "state_changed_at": NOW,
        }


def _frozen(database: Database, copies: Copies, waves: Waves | None) -> tuple[float, float]:
    """Freeze the audience of a fresh issue; give the CPU and the seconds that it took."""
    local_date = next_slot(WINDOW, NOW).local_date
    with database.writing() as session:
        for table in (Delivery, Batch, Issue):
            session.execute(delete(table))
        session.add(
            Issue(number=1, schedule="weekly", local_date=local_date, nonce="n", created_at=NOW)
        )
    if not database.is_sqlite:
        _tidy(database)
    cpu, began = time.process_time() + copies.cpu(), time.perf_counter()
    with database.writing() as session:
        audience.freeze(session, 1, batch_size=100, now=NOW, waves=waves)
    seconds = time.perf_counter() - began
    return time.process_time() + copies.cpu() - cpu, seconds


def _tidy(database: Database) -> None:
    """Take the deleted rows out of tables and indexes: the keys of a new issue are new, and meet none of them."""
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
