"""A whole issue from frozen audience to closed books: CPU a letter and peak memory of the sender.

Run with ``python -m benchmarks.whole_send``. Each case is a process of its own, so that its peak
memory is its own; the loopback Postmark is another process and not counted. Compare only within
one run: the machines differ, the ratios hardly do.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.catalogue import NOW, sample_documents
from newsletter.content.importing import import_documents
from newsletter.logs import set_up
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, running_postmark
from newsletter.wiring import build
from subscribers.csv_reading import open_table
from subscribers.import_chunk import ImportTerms
from subscribers.importing import import_table

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One way to send one issue to so many subscribers."""

    name: str
    readers: int
    settings: dict[str, Any]


CASES = (
    Case("outbox", 200, {}),
    Case("outbox", 2_000, {}),
    Case("postmark, template", 2_000, {"postmark_handover": "template", "batch_size": 500}),
    Case("postmark, template", 20_000, {"postmark_handover": "template", "batch_size": 500}),
    Case("postmark, full bodies", 2_000, {"postmark_handover": "batch"}),
    Case("postmark, full bodies", 20_000, {"postmark_handover": "batch"}),
)


def main() -> None:
    """Run each case several times in turn and print the medians."""
    results: dict[int, list[dict[str, float]]] = {number: [] for number in range(len(CASES))}
    for _ in range(ROUNDS):
        for number, found in results.items():
            found.append(_in_a_process(number))
    print("| case | readers | CPU µs a letter | letters/s | peak memory MB |")
    print("|---|---:|---:|---:|---:|")
    for number, case in enumerate(CASES):
        cpu, rate, memory = (
            median(result[figure] for result in results[number])
            for figure in ("cpu", "rate", "memory")
        )
        print(f"| {case.name} | {case.readers:,} | {cpu:.0f} | {rate:,.0f} | {memory:.0f} |")


def _in_a_process(number: int) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603  # ourselves
        [sys.executable, "-m", "benchmarks.whole_send", str(number)],
        check=True,
        capture_output=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run(case: Case) -> dict[str, float]:
    """Send one issue and measure from the frozen audience to the closed books."""
    set_up("json", "warning")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        wired = _service(case, folder, stack)
        stack.callback(wired.close)
        _prepare(wired, case.readers)
        issue = wired.desk.build(wired.desk.next_slot(), actor="benchmark")
        cpu, wall = time.process_time(), time.perf_counter()
        books = wired.desk.send(issue.number, actor="benchmark")
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        if not books.settled or books.eligible != case.readers:
            sys.exit(f"the books do not balance: {books}")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {
            "cpu": cpu / case.readers * 1e6,
            "rate": case.readers / wall,
            "memory": memory,
        }


def _service(case: Case, folder: Path, stack: ExitStack) -> Service:
    settings: dict[str, Any] = {"data_dir": folder, "postal_address": "1 Sample Street"}
    if case.name.startswith("postmark"):
        postmark = stack.enter_context(running_postmark(folder / "postmark.log"))
        settings |= {
            "transport": "postmark",
            "postmark_api_url": postmark.url,
            "postmark_server_token": TOKEN,
        }
    return build(load(**settings, **case.settings), clock=lambda: NOW)


def _prepare(wired: Service, readers: int) -> None:
    import_documents(wired.database.writing, sample_documents(), now=NOW)
    file = BytesIO(b"email\n" + b"".join(b"reader%d@example.org\n" % n for n in range(readers)))
    terms = ImportTerms("a benchmark", pepper=wired.pepper, now=NOW)
    with wired.database.writing() as session:
        for _line in import_table(session, open_table(file), terms):
            pass


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(run(CASES[int(sys.argv[1])])))
    else:
        main()
