"""Bytes a row of what grows with readers: deliveries, batches and events, on both databases.

Run with ``python -m benchmarks.sizes [readers]``. The rows are as a send leaves them: every copy
accepted, with the provider's id, and one event of delivery each. Nothing is compacted: PostgreSQL
keeps the place of the old version of each changed row and uses it for the next issue.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import String, cast, func, insert, literal, select, text, update
from sqlmodel import Session, col

from benchmarks.catalogue import NOW
from benchmarks.servers import add_readers
from newsletter import schema
from newsletter.database import Database
from newsletter.delivery import audience
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.feedback.models import ProviderEvent
from newsletter.issues.models import Issue
from tests.postgres import running_postgres

READERS, A_BATCH = 100_000, 500
TABLES = ("subscribers", "deliveries", "batches", "provider_events")
UUID = "0f4ad2a1-7a5c-4d0f-9f5e-6d1c2b3a4e5f"


def main(readers: int = READERS) -> None:
    """Fill each database with one issue and print what a row takes, indexes included."""
    sizes = {"SQLite": _on_sqlite(readers), "PostgreSQL": _on_postgres(readers)}
    print(f"| bytes a row, {readers:,} readers | " + " | ".join(sizes) + " |")
    print("|---|" + "---:|" * len(sizes))
    for table in TABLES:
        rows = readers / A_BATCH if table == "batches" else readers
        print(
            f"| {table} | " + " | ".join(f"{of[table] / rows:.0f}" for of in sizes.values()) + " |"
        )


def _on_sqlite(readers: int) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'newsletter.sqlite3'}"
        with _filled(url, readers) as session:
            sized = text(
                "SELECT sum(pgsize) FROM dbstat WHERE name IN"
                " (SELECT name FROM sqlite_schema WHERE tbl_name = :table)"
            )
            return {
                table: session.execute(sized, {"table": table}).scalar_one() for table in TABLES
            }


def _on_postgres(readers: int) -> dict[str, int]:
    with running_postgres() as url, _filled(url, readers) as session:
        sized = text("SELECT pg_total_relation_size(CAST(:table AS regclass))")
        return {table: session.execute(sized, {"table": table}).scalar_one() for table in TABLES}


@contextmanager
def _filled(url: str, readers: int) -> Iterator[Session]:
    database = Database(url)
    schema.upgrade(database)
    with database.writing() as session:
        add_readers(session, readers)
        session.add(
            Issue(number=1, schedule="weekly", local_date=NOW.date(), nonce="n", created_at=NOW)
        )
    with database.writing() as session:
        audience.freeze(session, 1, batch_size=A_BATCH, now=NOW)
    with database.writing() as session:
        _send(session)
    with database.reading() as session:
        yield session
    database.close()


def _send(session: Session) -> None:
    """Leave the rows as a send and the provider's webhooks leave them."""
    accepted: dict[str, Any] = {
        "state": DeliveryState.ACCEPTED.value,
        "provider_id": _named(Delivery.subscriber_id),
        "settled_at": NOW,
        "feedback": "delivered",
        "feedback_at": NOW + timedelta(minutes=1),
    }
    session.execute(update(Delivery.__table__).values(accepted))  # type: ignore[attr-defined]
    done = {"state": BatchState.DONE.value, "attempt_id": "f" * 32, "worker": "worker-1-12345"}
    session.execute(update(Batch).values(**done, accepted=A_BATCH, attempts=1, finished_at=NOW))
    event = {
        "kind": "Delivery",
        "source": "webhook",
        "stream": "broadcast",
        "occurred_at": NOW,
        "received_at": NOW,
        "folded_at": NOW,
        "body": _body(),
        "issue_number": 1,
    }
    rows = select(
        literal("delivery:") + _named(Delivery.subscriber_id),
        _named(Delivery.subscriber_id),
        col(Delivery.subscriber_id),
        func.substr(literal("a" * 64) + cast(col(Delivery.subscriber_id), String), 8),
        *(literal(value) for value in event.values()),
    )
    names = ["dedupe_key", "provider_id", "subscriber_id", "address_hash", *event]
    session.execute(insert(ProviderEvent).from_select(names, rows))


def _named(number: Any) -> Any:
    """Give a provider's id of its usual length, another one for each number."""
    digits = func.substr(cast(number + 10_000_000, String), 2)
    return literal(UUID[: -len("0000000")]) + digits


def _body() -> str:
    told = {
        "RecordType": "Delivery",
        "ServerID": 139630,
        "MessageStream": "broadcast",
        "MessageID": UUID,
        "Recipient": "reader123456@example.org",
        "Tag": "issue-1",
        "DeliveredAt": "2026-11-23T09:00:00.0000000Z",
        "Details": "smtp;250 2.0.0 OK queued as 0123456789ABCDEF",
        "Metadata": {"delivery-id": "1-000000000000000000", "batch-id": "f" * 32},
    }
    return orjson.dumps(told).decode()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
