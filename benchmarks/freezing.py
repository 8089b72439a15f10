"""Freezing an audience, at once and in waves: CPU seconds of the transaction, and peak memory.

Run with ``python -m benchmarks.freezing [readers]``; the readers live in 300 zones. It uses SQLite,
whose work is this process's own.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import delete, insert
from sqlmodel import Session

from benchmarks.catalogue import NOW
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


def main(readers: int) -> None:
    """Freeze the same readers twice and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'newsletter.sqlite3'}")
        schema.upgrade(database)
        with database.writing() as session:
            _fill(session, readers)
        print("| readers | waves | CPU s | peak memory MB |")
        print("|---:|---:|---:|---:|")
        slot = next_slot(WINDOW, NOW)
        for waves in (None, Waves(WINDOW, slot.local_date)):
            print(_frozen(database, waves))
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


def _frozen(database: Database, waves: Waves | None) -> str:
    local_date = next_slot(WINDOW, NOW).local_date
    with database.writing() as session:
        for table in (Delivery, Batch, Issue):
            session.execute(delete(table))
        session.add(
            Issue(number=1, schedule="weekly", local_date=local_date, nonce="n", created_at=NOW)
        )
    with database.writing() as session:
        before = time.process_time()
        count = audience.freeze(session, 1, batch_size=100, now=NOW, waves=waves)
        seconds = time.process_time() - before
        found = len(books.waves(session, 1))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"| {count:,} | {found} | {seconds:.1f} | {memory:.0f} |"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
