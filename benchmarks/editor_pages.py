"""The editors' pages over a large database: CPU of this process and of the database for each.

Run with ``python -m benchmarks.editor_pages [readers]``. 200 issues lie there: the latest went to
all readers, those before to a fiftieth of them, and the next one is a draft. Each page is opened
once for what is asked once in a process, then several times; the median counts. The goal is 100 ms.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import bindparam, insert, inspect, text
from sqlmodel import Session, select

from benchmarks.catalogue import NOW, sample_documents
from benchmarks.database_copies import Copies, FileCopies, server_copies
from newsletter import schema
from newsletter.content.importing import import_documents
from newsletter.correction_letters.audience import audience
from newsletter.correction_letters.ordering import tell_those_who_got_it
from newsletter.corrections.store import Erratum, Signed, publish
from newsletter.database import Database
from newsletter.editors import accounts, entering
from newsletter.editors.acts import COMMAND
from newsletter.editors.roles import Role
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.logs import set_up
from newsletter.service import Service
from newsletter.settings import load
from newsletter.web.app import create_app
from newsletter.wiring import build
from schedules.clock import UtcDateTime
from subscribers.address import Address
from subscribers.models import Subscriber

READERS, ISSUES, ROUNDS = 100_000, 200, 9
CHUNK = 10_000
SHARE = 50
WEEKS = 40
GOAL = 100

PAGES = (
    "/editor",
    "/editor/issues",
    "/editor/issues/{draft}",
    "/editor/issues/{draft}/compose",
    "/editor/issues/{draft}/preview",
    "/editor/issues/{draft}/raw",
    "/editor/issues/{draft}/raw?look=word",
    "/editor/issues/{draft}/raw?look=inverted",
    "/editor/issues/{draft}/preview?look=text&reader={reader}",
    "/editor/issues/{draft}/difference",
    "/editor/issues/{last}",
    "/editor/issues/{last}/preview",
    "/editor/issues/{last}/live",
    "/editor/issues/{last}/cancel",
    "/editor/issues/{last}/doubts",
    "/editor/issues/{last}/report",
    "/editor/issues/{last}/corrections",
    "/editor/issues/{last}/corrections/{correction}",
    "/editor/issues/{last}/corrections/{told}",
    "/editor/issues/{last}/corrections/{told}?again=1",
    "/editor/growth",
    "/editor/mailboxes",
    "/editor/subscribers",
    "/editor/subscribers/{reader}",
    "/editor/subscribers/suppressions",
    "/editor/subscribers/import",
    "/editor/log",
    "/editor/people",
    "/editor/account",
)


def main(readers: int = READERS) -> None:
    """Fill a database of each kind, open every page, and print a table."""
    set_up("json", "error")
    print(f"{readers:,} readers, {ISSUES} issues; goal: {GOAL} ms\n")
    print("| page | SQLite, CPU ms | PostgreSQL, CPU ms |")
    print("|---|---:|---:|")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kinds = FileCopies(folder), stack.enter_context(server_copies())
        columns = [dict(_measured(copies, folder / copies.kind, readers)) for copies in kinds]
    for page in PAGES:
        print(f"| `{page}` | {' | '.join(f'{column[page]:.0f}' for column in columns)} |")


def _measured(copies: Copies, folder: Path, readers: int) -> Iterator[tuple[str, float]]:
    """Give each page with the milliseconds of CPU that it takes."""
    database = Database(copies.original)
    schema.upgrade(database)
    database.close()
    settings = load(data_dir=folder, database_url=copies.original, postal_address="1 Sample Street")
    service = build(settings).as_of(lambda: NOW)
    places = _fill(service, readers)
    client = TestClient(create_app(service))
    client.cookies.set("editor", _secret(service))
    for page in PAGES:
        path = page.format(**places)
        client.get(path).raise_for_status()
        spent = []
        for _ in range(ROUNDS):
            before = time.process_time() + copies.cpu()
            client.get(path)
            spent.append((time.process_time() + copies.cpu() - before) * 1e3)
        yield page, median(spent)
    service.close()


def _fill(service: Service, readers: int) -> dict[str, Any]:
    """Give it readers, issues and their copies; say what the places in addresses are."""
    import_documents(service.database.writing, sample_documents(), now=NOW)
    with service.database.writing() as session:
        _add_readers(session, readers)
    draft = service.desk.build(service.desk.slots.next(), actor="benchmark")
    with service.database.writing() as session:
        session.execute(insert(Issue), list(_earlier(draft)))
        _add_copies(session, ISSUES, readers)
        for number in range(2, ISSUES):
            _add_copies(session, number, readers // SHARE)
        reader = session.exec(select(Subscriber.public_id).limit(1)).one()
        last = session.get_one(Issue, ISSUES)
        signed, letter = Signed(NOW, NOW.date(), "benchmark"), frozen.view(last)
        correction = publish(session, last, Erratum(letter.headline, "Something else"), signed).id
        told = publish(session, last, Erratum(letter.intro[0], "Something else"), signed)
        session.flush()
        everybody = audience(session, told, now=NOW).goes
        tell_those_who_got_it(session, told.row_id, expected=everybody, now=NOW)
        told_id = told.id
    if not service.database.is_sqlite:
        # A server does this by itself after a large change; its index-only scans need it.
        with service.database.writer.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("VACUUM ANALYZE")
            )
    places = {"draft": draft.number, "last": ISSUES, "reader": reader}
    return places | {"correction": correction, "told": told_id}


def _add_readers(session: Session, readers: int) -> None:
    topics = cycle(([], [], [], ["Design"], [], [], ["Coding", "Audio"], [], ["Writing"]))
    states = cycle(["active"] * 8 + ["unsubscribed", "bounced"])
    zones = cycle(["Europe/Berlin", "America/New_York", "Asia/Tokyo", None])
    for start in range(0, readers, CHUNK):
        rows = [
            {
                "public_id": f"{number:012}",
                "email": f"reader{number}@example.org",
                "address_key": f"reader{number}@example.org",
                "address_hash": f"{number:064x}",
                "state": next(states),
                "topics": (chosen := next(topics)),
                "tailored": bool(chosen),
                "timezone": next(zones),
                "created_at": NOW,
                "state_changed_at": NOW,
            }
            for number in range(start, min(start + CHUNK, readers))
        ]
        session.execute(insert(Subscriber), rows)
    came = text(
        "INSERT INTO state_changes (subscriber_id, from_state, to_state, event, at, actor)"
        " SELECT id, 'pending', 'active', 'confirmed', :now, 'reader' FROM subscribers"
        " WHERE state = 'active' AND id % :weeks = :week"
    )
    for week in range(WEEKS):
        at = NOW - timedelta(weeks=week)
        session.execute(
            came.bindparams(bindparam("now", type_=UtcDateTime())),
            {"now": at, "weeks": WEEKS, "week": week},
        )


def _earlier(draft: Issue) -> Iterator[dict[str, Any]]:
    """Give the rows of issues that left before, made of a draft."""
    shown = {column.key: getattr(draft, column.key) for column in inspect(Issue).columns}
    for number in range(2, ISSUES + 1):
        weeks = timedelta(weeks=ISSUES - number + 1)
        yield shown | {
            "number": number,
            "nonce": f"{number:08x}",
            "state": "settled",
            "local_date": draft.local_date - weeks,
            "sending_at": NOW - weeks,
            "settled_at": NOW - weeks,
            "audience": 1,
        }


def _add_copies(session: Session, number: int, most: int) -> None:
    """Let readers have got an issue, some of them in vain."""
    copies = text(
        "INSERT INTO deliveries (issue_number, subscriber_id, batch, state, reason) "
        "SELECT :issue, id, 1 + id / 500, "
        "CASE WHEN id % 100 = 0 THEN 'rejected' ELSE 'accepted' END, "
        "CASE WHEN id % 100 = 0 THEN 'inactive' END FROM subscribers WHERE id <= :most"
    )
    session.execute(copies, {"issue": number, "most": most})


def _secret(service: Service) -> str:
    """Sign an owner in; give the secret of the cookie."""
    with service.database.writing() as session:
        address = Address.parse("owner@desk.example")
        pepper = service.pepper
        owner, _ = accounts.add(session, address, Role.OWNER, pepper=pepper, actor=COMMAND, now=NOW)
        return entering.enter(session, owner, entering.BY_LINK, now=NOW)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
