"""A PostgreSQL for a benchmark, prepared for workers, and an issue with as many readers as wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from benchmarks.catalogue import NOW, sample_documents
from newsletter import schema
from newsletter.content.importing import import_documents
from newsletter.database import Database
from newsletter.jobs import tables
from newsletter.service import Service
from subscribers.models import Subscriber
from tests.postgres import running_postgres

CHUNK = 10_000


@contextmanager
def server_for_workers() -> Iterator[str]:
    """Give the address of a fresh PostgreSQL with all tables."""
    with running_postgres() as url:
        database = Database(url)
        schema.upgrade(database)
        tables.install(database)
        database.close()
        yield url


def settings_of_a_worker(folder: Path, url: str) -> dict[str, Any]:
    """Give the settings by which a service and its workers belong together."""
    return {
        "data_dir": folder,
        "database_url": url,
        "engine": "workers",
        "instance": "benchmark",
        "secret_key": "a key that all workers of a benchmark share",
        "postal_address": "1 Sample Street",
        "log_level": "error",
    }


def stock(service: Service, readers: int) -> None:
    """Import the samples and put so many readers on the list."""
    import_documents(service.database.writing, sample_documents(), now=NOW)
    with service.database.writing() as session:
        add_readers(session, readers)


def add_readers(session: Session, readers: int) -> None:
    """Put readers on an empty list, without the forms."""
    for start in range(0, readers, CHUNK):
        numbers = range(start, min(start + CHUNK, readers))
        session.execute(insert(Subscriber), [_row(number) for number in numbers])


def _row(number: int) -> dict[str, Any]:
    address = f"reader{number}@example.org"
    return {
        "public_id": f"{number:012}",
        "email": address,
        "address_key": address,
        "address_hash": f"{number:064x}",
        "state": "active",
        "created_at": NOW,
        "state_changed_at": NOW,
    }
