"""``newsletter issue``: build an issue and look at it; the other halves are mounted here too."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from newsletter.cli.commands import new_group
from newsletter.cli.context import DryRun, Json, plain_console, print_json, print_lines, service
from newsletter.cli.issue_arguments import ACTOR, BuiltNumber, Number
from newsletter.cli.issue_composing import app as composing
from newsletter.cli.issue_copies import app as copying
from newsletter.cli.issue_correcting import app as correcting
from newsletter.cli.issue_history import history_json, history_lines
from newsletter.cli.issue_life import app as life
from newsletter.cli.issue_marks import app as marks
from newsletter.cli.issue_rebuilding import app as rebuilding
from newsletter.cli.issue_sending import app as sending
from newsletter.cli.issue_wording import app as wording
from newsletter.cli.reports import (
    finding_json,
    finding_lines,
    issue_json,
    issue_lines,
    selection_table,
)
from newsletter.issues import store
from newsletter.issues.building import select_for
from newsletter.issues.composing import Composer
from newsletter.issues.models import Issue
from newsletter.issues.opening import require_open
from newsletter.service import Service

app = new_group("Build, look at, approve, hold and send issues.")


@app.command()
def build(number: BuiltNumber = None, *, json: Json = False, dry_run: DryRun = False) -> None:
    """Build the issue of the next slot as a draft, or build that draft again.

    With a number that issue is built again, also when its slot has come and it is held.
    """
    wired = service()
    found = wired.desk.issue(number) if number is not None else wired.desk.slots.to_build()
    if dry_run:
        if isinstance(found, Issue):
            require_open(found)
        with wired.database.reading() as session:
            selection = select_for(session, wired.desk.press.rules, found.local_date)
        plain_console().print(selection_table(selection))
        raise typer.Exit(0 if selection.chosen else 1)
    if isinstance(found, Issue):
        issue = _built_again(wired, found)
    else:
        issue = wired.desk.build(found, actor=ACTOR)
    if json:
        print_json(issue_json(wired, issue))
        return
    print_lines(issue_lines(wired, issue))


@app.command("list")
def list_(*, json: Json = False) -> None:
    """List all issues, newest first."""
    wired = service()
    with wired.database.reading() as session:
        issues = store.listed(session)
    if json:
        print_json([issue_json(wired, issue) for issue in issues])
        return
    table = Table("no.", "date", "state", "subject")
    for issue in issues:
        table.add_row(str(issue.number), issue.local_date.isoformat(), issue.state, issue.subject)
    plain_console().print(table)


@app.command()
def show(number: Number = None, *, json: Json = False) -> None:
    """Show an issue: state, hash, items, what was passed over and why, and who did what to it."""
    wired = service()
    issue = wired.desk.issue(number)
    if json:
        print_json({**issue_json(wired, issue), "history": history_json(wired, issue)})
        return
    print_lines([*issue_lines(wired, issue), "", *history_lines(wired, issue)])


@app.command()
def preview(
    number: Number = None,
    *,
    to: Annotated[Path | None, typer.Option(help="Folder; default preview/ in the data.")] = None,
    json: Json = False,
) -> None:
    """Write the letter as a reader would get it: HTML, text and the archive page."""
    wired = service()
    issue = wired.desk.issue(number)
    folder = to or wired.settings.data_dir / "preview"
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, content in wired.desk.preview(issue).items():
        path = folder / f"issue-{issue.number}{name}"
        path.write_text(content, encoding="utf-8")
        written[name.lstrip("-.")] = str(path)
    if json:
        print_json({"number": issue.number, "subject": issue.subject, "files": written})
        return
    print_lines([f"subject    {issue.subject}", f"preheader  {issue.preheader}"])
    print_lines([f"{name:<10} {path}" for name, path in written.items()])


@app.command()
def preflight(number: Number = None, *, json: Json = False) -> None:
    """Check an issue as it would leave; exit 1 when something blocks it or holds it."""
    wired = service()
    issue = wired.desk.issue(number)
    findings = wired.desk.preflight(issue)
    if json:
        print_json([finding_json(found) for found in findings])
    else:
        print_lines(finding_lines(findings) or [f"issue {issue.number}: nothing found"])
    raise typer.Exit(1 if any(found.level != "note" for found in findings) else 0)


app.add_typer(life)
app.add_typer(sending)
app.add_typer(copying)
app.add_typer(rebuilding)
app.add_typer(marks)
app.add_typer(wording)
app.add_typer(correcting)
app.add_typer(composing)


def _built_again(wired: Service, issue: Issue) -> Issue:
    with wired.database.writing() as session:
        composer = Composer(session, wired.desk.press, issue.number, ACTOR, wired.clock())
        return composer.build_again()
