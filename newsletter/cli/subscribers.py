"""``newsletter subscribers``: who is on the list, how they came there, and how they stay off."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from sqlmodel import Session

from newsletter import personal_data
from newsletter.cli.commands import new_group
from newsletter.cli.context import DryRun, Json, print_json, print_lines, service
from newsletter.cli.files import STDOUT, OutputFile, writable
from newsletter.cli.progress import counted, watched
from newsletter.cli.subscriber_asking import app as asking
from newsletter.cli.subscriber_leaving import Given, Wanted, find
from newsletter.cli.subscriber_leaving import app as leaving
from newsletter.cli.subscriber_reports import import_json, import_lines, person_lines
from newsletter.cli.subscriber_syncing import app as syncing
from newsletter.content.catalogue import naming
from newsletter.taking_back import undo_import
from subscribers import queries, undoing
from subscribers.address import Address, mask
from subscribers.consent import stated
from subscribers.csv_reading import open_table
from subscribers.exporting import write_csv
from subscribers.import_chunk import ImportTerms
from subscribers.import_report import ImportReport, Outcome
from subscribers.importing import import_table, rehearse
from subscribers.profile import profile
from subscribers.signup import add as sign_up

app = new_group("Look after the people on the list.")

Consent = Annotated[
    str | None,
    typer.Option(help="Where and how they agreed; kept as evidence. Nobody is added without."),
]


@app.command()
def add(
    address: Given,
    *,
    consent: Annotated[str, typer.Option(help="Where and how they agreed; kept as evidence.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    json: Json = False,
) -> None:
    """Put somebody on the list who agreed elsewhere; who has left is not brought back."""
    wired, parsed = service(), Address.parse(address)
    with wired.database.writing() as session:
        subscriber, changed = sign_up(
            session,
            parsed,
            consent=stated(consent, at=wired.clock()),
            pepper=wired.pepper,
            profile=profile(name, source="operator"),
        )
        answer = {"id": subscriber.public_id, "state": subscriber.state, "changed": changed}
    if json:
        print_json(answer)
        return
    news = "is now on the list" if changed else "was on the list already"
    typer.echo(f"{mask(parsed.text)} {news} ({answer['state']}, id {answer['id']})")


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="CSV with a header row.")],
    *,
    consent: Consent = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Bring a list in from a CSV file, all or nothing; exit 1 when a line was refused.

    Columns are known by name, ours and those of listmonk, Keila, Buttondown, Ghost, Mailchimp,
    Substack, Kit, Brevo, ActiveCampaign and Mailcoach. Whoever has left, bounced, complained or is
    suppressed stays away, whatever the file says.
    """
    wired = service()
    with wired.database.reading() as session:
        tools = naming.named_tools(session)
    terms = ImportTerms(
        consent,
        wired.pepper,
        wired.clock(),
        topics=naming.topics(tools),
        tools=naming.by_slugs(tools),
    )
    bring = rehearse if dry_run else import_table
    with _seekable(file) as content:
        table = open_table(content)
        total = sum(1 for _ in table.lines())

        def work(session: Session) -> ImportReport:
            with watched("importing", total, quiet=json) as advance:
                return ImportReport.of(counted(bring(session, table, terms), advance))

        report = wired.database.write(work)
    if json:
        print_json(import_json(report, table, dry_run=dry_run))
    else:
        print_lines(import_lines(report, table, dry_run=dry_run))
    raise typer.Exit(1 if report.counts[Outcome.REFUSED] else 0)


@app.command()
def undo(*, json: Json = False) -> None:
    """Take the last import back: who came by it goes, who was changed is as before.

    Whoever has had a letter, or did something since, stays as they are. Only the last import can
    be taken back, once, for thirty days.
    """
    wired = service()
    with wired.database.writing() as session:
        now = wired.clock()
        last = undoing.undoable(session, now=now)
        total = undoing.count(session, last) if last else None
        with watched("taking back", total, quiet=json) as advance:
            done = undo_import(session, now=now, progress=advance)
    if json:
        print_json(asdict(done))
    else:
        print_lines(
            [f"{done.removed} removed, {done.restored} as before, {done.kept} left as they are"]
        )


@app.command()
def show(wanted: Wanted, *, json: Json = False) -> None:
    """Show one person: what is known, what they agreed to, and what happened since."""
    wired = service()
    with wired.database.reading() as session:
        whole = personal_data.export(session, find(session, wanted))
    if json:
        print_json(whole)
    else:
        print_lines(person_lines(whole))


@app.command()
def export(
    file: OutputFile = STDOUT,
    *,
    json: Json = False,
) -> None:
    """Write everybody who has not been erased as CSV; importing it again changes nothing."""
    wired = service()
    with (
        wired.database.reading() as session,
        writable(file, json=json) as content,
        watched("exporting", quiet=file == STDOUT) as advance,
    ):
        written = write_csv(session, content, progress=advance)
    if json:
        print_json({"file": file, "written": written})
    else:
        typer.echo(f"{written} subscribers written to {file}", err=file == STDOUT)


@app.command()
def count(*, json: Json = False) -> None:
    """Count the people on the list by their state."""
    wired = service()
    with wired.database.reading() as session:
        counts = {state.value: number for state, number in queries.counts(session).items()}
    if json:
        print_json(counts)
    else:
        print_lines([f"{number:>7} {state}" for state, number in counts.items()])


@contextmanager
def _seekable(file: str) -> Iterator[BinaryIO]:
    """Open a file, or put standard input where it can be walked twice."""
    if file != "-":
        path = Path(file)
        if not path.is_file():
            raise typer.BadParameter(f"there is no file {file}")
        with path.open("rb") as content:
            yield content
        return
    with tempfile.TemporaryFile() as spooled:
        shutil.copyfileobj(sys.stdin.buffer, spooled)
        yield spooled


app.add_typer(asking)
app.add_typer(leaving)
app.add_typer(syncing)
