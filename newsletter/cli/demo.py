"""``newsletter demo``: the main job once, from sample comparisons to an outbox full of letters."""

import shutil
import sys
from datetime import datetime, timedelta
from email import message_from_binary_file, policy
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from newsletter import settings, weekly
from newsletter.cli.context import Json, plain_console, print_json, sending_service
from newsletter.cli.progress import watched
from newsletter.cli.reports import books_json
from newsletter.cli.serve import Port, run_service
from newsletter.content.importing import ImportReport, import_documents
from newsletter.content.sources import documents_from
from newsletter.delivery import books
from newsletter.delivery.sent import Progress
from newsletter.demo.readers import add_readers
from newsletter.errors import NewsletterError
from newsletter.issues import frozen, store
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.service import Service
from schedules.windows import Slot, latest_slot

Serving = Annotated[bool, typer.Option("--serve", help="Open the site on what is there already.")]

READER_AGE = timedelta(days=30)


class DemoFailed(NewsletterError):
    """The demo's issue did not reach the outbox; this is a fault of this release."""

    code = "demo-failed"


def demo(*, serve: Serving = False, port: Port = 8000, json: Json = False) -> None:
    """Import samples, add fifty readers, build, check and deliver an issue to an outbox."""
    folder = settings.load().data_dir / "demo"
    if serve:
        run_service(_demo_service(folder, port), "127.0.0.1", port)
        return
    shutil.rmtree(folder, ignore_errors=True)
    wired = _demo_service(folder, port)
    slot = latest_slot(wired.window, wired.clock())
    then = wired.as_of(lambda: slot.instant)
    imported = _import_samples(then)
    with then.database.writing() as session:
        readers = add_readers(session, pepper=then.pepper, now=slot.instant - READER_AGE)
    issue = _monday(then, slot)
    letter = _one_letter_as_html(folder)
    if json:
        print_json({**books_json(then, issue), "letter": str(letter)})
        return
    _print_result(wired, issue, imported, readers, letter)


def _demo_service(folder: Path, port: int) -> Service:
    return sending_service(
        go_on="newsletter demo",
        data_dir=folder,
        log_level="warning",
        database_url=f"sqlite:///{folder / 'newsletter.sqlite3'}",
        transport="outbox",
        outbox_dir=folder / "outbox",
        base_url=f"http://127.0.0.1:{port}",
        sender="Weekly Verdict <digest@example.org>",
        postal_address="1 Sample Street\n12345 Exampletown",
        editors="editor@example.org",
    )


def _import_samples(wired: Service) -> ImportReport:
    """Import the samples as a site brings them out: two a day, the last ones on Sunday."""
    total = ImportReport()
    folder = str(files("newsletter.demo") / "comparisons")
    for number, sample in enumerate(documents_from([folder], stdin=sys.stdin.buffer)):
        day = wired.clock() - timedelta(days=1 + number // 2)
        report = import_documents(wired.database.writing, [sample], now=day)
        total.added += report.added
        total.refused += report.refused
    return total


def _monday(wired: Service, slot: Slot) -> Issue:
    with watched("sending", wired.desk.forecast()) as advance:
        issue, said = _in_waves(wired, slot, advance)
    if issue is None or issue.state != IssueState.SETTLED.value:
        raise DemoFailed(f"the weekly job said: {said}")
    return issue


def _in_waves(wired: Service, slot: Slot, progress: Progress) -> tuple[Issue | None, str]:
    """Do what ``newsletter serve`` does from the first reader's nine o'clock to the last one's."""
    early = wired.as_of(lambda: wired.desk.slots.opens(slot))
    said = weekly.publish(early.desk, slot, progress)
    with wired.database.reading() as session:
        issue = store.of_slot(session, slot.schedule, slot.local_date)
        waves = books.waves(session, issue.number) if issue else {}
    for at in sorted({slot.instant, *waves}):
        wired.run_due(at, progress)
    return wired.desk.issue_of(slot), said


def _one_letter_as_html(folder: Path) -> Path:
    """Take the HTML part out of the first letter in the outbox: what left, not a rendering."""
    first = min((folder / "outbox").rglob("*.eml"))
    with first.open("rb") as file:
        body = message_from_binary_file(file, policy=policy.default).get_body(("html",))
    assert body is not None  # an issue always has both parts
    page = folder / "letter.html"
    page.write_text(body.get_content(), encoding="utf-8")
    return page


def _print_result(
    wired: Service, issue: Issue, imported: ImportReport, readers: int, letter: Path
) -> None:
    console = plain_console()
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("imported", f"{imported.added} comparisons, {len(imported.refused)} refused")
    table.add_row("readers", f"{readers} in every state, {wired.desk.forecast()} may receive")
    table.add_row("issue", f"{issue.number} of {issue.local_date}: {issue.subject}")
    for place, row in enumerate(frozen.view(issue).match_ups, start=1):
        table.add_row("chosen" if place == 1 else "", f"{place}. {row.title}")
    for place, (title, because) in enumerate(frozen.passed_over(issue)):
        table.add_row("passed over" if place == 0 else "", f"{title}: {because}")
    with wired.database.reading() as session:
        waves = books.waves(session, issue.number)
    for place, (at, share) in enumerate(waves.items()):
        hour = f"{wired.window.local(at):%A %H:%M} {wired.window.zone}"
        table.add_row("waves" if place == 0 else "", f"{hour}: {share.copies} letters")
    table.add_row("balance", wired.dispatch.books(issue.number).equation)
    console.print(table)
    local = wired.window.local(wired.desk.slots.next().instant)
    outbox = wired.settings.outbox
    letters = sum(1 for _ in outbox.rglob("issue-*/*.eml"))
    console.print(f"letters      {letters} in {outbox}", soft_wrap=True)
    console.print(f"next slot    {_long(local)} {wired.window.zone}")
    console.print(f"open         {letter}", soft_wrap=True)
    console.print("look around  newsletter demo --serve")


def _long(local: datetime) -> str:
    return f"{local:%A %Y-%m-%d %H:%M}"
