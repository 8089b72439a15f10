"""A whole issue from frozen audience to closed books: CPU a letter, memory of the sender, log written.

Run with ``python -m benchmarks.whole_send``; with ``million`` it sends to a million readers, from
SQLite and from PostgreSQL, which takes several minutes. Each case is a process of its own, so that
its peak memory is its own; the loopback Postmark and PostgreSQL are others. CPU is that of the sender
and of the database. The log is what PostgreSQL writes ahead from the freeze on, and on SQLite the size
that its file comes to. Compare only within one run: the machines differ, the ratios hardly do.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert

from benchmarks.catalogue import NOW, sample_documents
from benchmarks.database_copies import Copies, FileCopies, server_copies
from newsletter.content.importing import import_documents
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, running_postmark
from newsletter.wiring import build
from subscribers.models import Subscriber, new_public_id

ROUNDS = 5
CHUNK = 10_000

BY_TEMPLATE: dict[str, Any] = {"postmark_handover": "template", "batch_size": 500}
IN_FULL: dict[str, Any] = {"postmark_handover": "batch"}


@dataclass(frozen=True, slots=True)
class Case:
    """One way to send one issue to so many subscribers."""

    name: str
    readers: int
    settings: dict[str, Any]
    database: str = "SQLite"


CASES = (
    Case("outbox", 200, {}),
    Case("outbox", 2_000, {}),
    Case("postmark, template", 2_000, BY_TEMPLATE),
    Case("postmark, template", 10_000, BY_TEMPLATE),
    Case("postmark, template", 10_000, BY_TEMPLATE, "PostgreSQL"),
    Case("postmark, full bodies", 2_000, IN_FULL),
    Case("postmark, full bodies", 10_000, IN_FULL),
)
MILLION = (
    Case("postmark, template", 10_000, BY_TEMPLATE),
    Case("postmark, template", 1_000_000, BY_TEMPLATE),
    Case("postmark, template", 10_000, BY_TEMPLATE, "PostgreSQL"),
    Case("postmark, template", 1_000_000, BY_TEMPLATE, "PostgreSQL"),
)


def main(cases: Sequence[Case] = CASES, rounds: int = ROUNDS) -> None:
    """Run each case several times in turn and print the medians."""
    results: list[list[dict[str, float]]] = [[] for _ in cases]
    for _ in range(rounds):
        for case, found in zip(cases, results, strict=True):
            found.append(measured(case))
    print(
        "| case | database | readers | freezing s | CPU µs a letter | letters/s | peak memory MB "
        "| write-ahead log MB |"
    )
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for case, found in zip(cases, results, strict=True):
        freezing, cpu, rate, memory, log = (
            median(result[figure] for result in found)
            for figure in ("freezing", "cpu", "rate", "memory", "log")
        )
        figures = f"{freezing:.2f} | {cpu:.0f} | {rate:,.0f} | {memory:.0f} | {log:,.0f}"
        print(f"| {case.name} | {case.database} | {case.readers:,} | {figures} |")


def measured(case: Case) -> dict[str, float]:
    """Fill a database, and have a process send from it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        copies: Copies = FileCopies(folder)
        if case.database != copies.kind:
            copies = stack.enter_context(server_copies())
        settings = _settings(case, folder, copies.original, stack)
        with closing(build(load(**settings), clock=lambda: NOW)) as wired:
            _fill(wired, case.readers)
        arguments = NOW.isoformat(), json.dumps(settings, default=str)
        command = [sys.executable, "-m", "benchmarks.sender", *arguments]
        log = copies.log_bytes()
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as sender:  # noqa: S603  # ourselves
            assert sender.stdin is not None
            assert sender.stdout is not None
            freezing = json.loads(sender.stdout.readline())
            before = copies.cpu()
            found: dict[str, float] = json.loads(sender.stdout.readline())
            log = copies.log_bytes() - log  # now: whoever closes a SQLite file last removes its log
            sender.stdin.close()
        found["cpu"] += (copies.cpu() - before) / case.readers * 1e6
        return {**freezing, **found, "log": log / 1e6}


def _settings(case: Case, folder: Path, database: str, stack: ExitStack) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "data_dir": folder / "data",
        "database_url": database,
        "postal_address": "1 Sample Street",
    }
    if case.name.startswith("postmark"):
        postmark = stack.enter_context(running_postmark(folder / "postmark.log"))
        settings |= {
            "transport": "postmark",
            "postmark_api_url": postmark.url,
            "postmark_server_token": TOKEN,
        }
    return settings | case.settings


def _fill(wired: Service, readers: int) -> None:
    import_documents(wired.database.writing, sample_documents(), now=NOW)
    with wired.database.writing() as session:
        for start in range(0, readers, CHUNK):
            session.execute(
                insert(Subscriber),
                [_subscriber(number) for number in range(start, min(start + CHUNK, readers))],
            )


def _subscriber(number: int) -> dict[str, Any]:
    address = f"reader{number}@example.org"
    return {
        "public_id": new_public_id(),
        "email": address,
        "address_key": address,
        "address_hash": f"{number:064x}",
        "state": "active",
        "created_at": NOW,
        "state_changed_at": NOW,
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["million"]:
        main(MILLION, rounds=1)
    else:
        main()
