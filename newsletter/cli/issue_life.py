"""``newsletter issue``: an issue's life from approval to closed books."""

import sys
from typing import Annotated

import typer
from rich.progress import Progress

from newsletter.cli.commands import new_group
from newsletter.cli.context import DryRun, Json, plain_console, print_json, print_lines, service
from newsletter.cli.issue_arguments import ACTOR, Number, Reason
from newsletter.cli.reports import balance_table, books_json, issue_json
from newsletter.delivery.message import Outcome
from newsletter.issues.states import IssueEvent
from newsletter.wiring import Service

app = new_group("An issue's life.")


@app.command()
def approve(number: Number = None, *, json: Json = False) -> None:
    """Let an issue leave, exactly as it is now."""
    _change(number, IssueEvent.APPROVED, json=json)


@app.command()
def hold(number: Number = None, *, reason: Reason = "", json: Json = False) -> None:
    """Keep an issue from leaving."""
    _change(number, IssueEvent.HELD, json=json, reason=reason or "held by an editor")


@app.command()
def release(number: Number = None, *, json: Json = False) -> None:
    """Make a held issue a draft again."""
    _change(number, IssueEvent.RELEASED, json=json)


@app.command()
def pause(number: Number = None, *, reason: Reason = "", json: Json = False) -> None:
    """Stop a sending issue after the batch in flight."""
    _change(number, IssueEvent.PAUSED, json=json, reason=reason or "paused by an operator")


@app.command()
def cancel(number: Number = None, *, reason: Reason = "", json: Json = False) -> None:
    """Give an issue up for good; what has left stays recorded."""
    _change(number, IssueEvent.CANCELLED, json=json, reason=reason or "cancelled")


@app.command()
def resume(number: Number = None, *, json: Json = False) -> None:
    """Go on with a paused issue where it stopped."""
    wired = service()
    issue = wired.desk.resume(wired.desk.issue(number).number, actor=ACTOR)
    wired.desk.deliver()
    _report(wired, issue.number, json=json)


@app.command()
def send(number: Number = None, *, dry_run: DryRun = False, json: Json = False) -> None:
    """Send an issue now; approves a draft. Nothing leaves when preflight blocks it."""
    wired = service()
    issue = wired.desk.issue(number)
    if dry_run:
        audience = wired.desk.forecast()
        findings = wired.desk.preflight(issue)
        blocked = [found.code for found in findings if found.level == "block"]
        if json:
            print_json({"number": issue.number, "audience": audience, "blocked_by": blocked})
        else:
            print_lines([f"issue {issue.number} would go to {audience} subscribers"])
            print_lines([f"blocked by {', '.join(blocked)}"] if blocked else [])
        raise typer.Exit(1 if blocked else 0)
    with Progress(console=plain_console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("sending", total=wired.desk.forecast())
        wired.desk.send(issue.number, actor=ACTOR, progress=lambda sent: bar.advance(task, sent))
    _report(wired, issue.number, json=json)


@app.command("test")
def send_test(
    address: Annotated[str, typer.Argument(help="Where the marked copy goes.")],
    number: Annotated[int | None, typer.Option(help="Which issue; default the latest.")] = None,
    *,
    json: Json = False,
) -> None:
    """Send one copy marked [Test]; no delivery is read or written."""
    wired = service()
    issue = wired.desk.issue(number)
    receipt = wired.desk.test(issue.number, address)
    if json:
        print_json({"number": issue.number, "outcome": receipt.outcome.value})
    else:
        print_lines([f"test of issue {issue.number}: {receipt.outcome.value}"])
    raise typer.Exit(0 if receipt.outcome is Outcome.ACCEPTED else 1)


@app.command()
def decide(
    number: Number = None,
    *,
    held: Annotated[bool, typer.Option("--held", help="Give them up; nobody is mailed.")] = False,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send again; some may get a second copy.")
    ] = False,
    json: Json = False,
) -> None:
    """Settle the deliveries in doubt by your own word, after looking at the provider's list."""
    if held == resend:
        raise typer.BadParameter("say either --held or --resend")
    wired = service()
    issue = wired.desk.issue(number)
    wired.desk.settle_unknown(issue.number, "resend" if resend else "held", actor=ACTOR)
    wired.desk.deliver()
    _report(wired, issue.number, json=json)


@app.command()
def report(number: Number = None, *, json: Json = False) -> None:
    """Print the books of an issue; exit 1 while they do not balance."""
    wired = service()
    issue = wired.desk.issue(number)
    raise typer.Exit(0 if _report(wired, issue.number, json=json) else 1)


def _change(number: int | None, event: IssueEvent, *, json: bool, reason: str = "") -> None:
    wired = service()
    issue = wired.desk.change(wired.desk.issue(number).number, event, actor=ACTOR, reason=reason)
    if json:
        print_json(issue_json(wired, issue))
    else:
        print_lines([f"issue {issue.number} is {issue.state}"])


def _report(wired: Service, number: int, *, json: bool) -> bool:
    issue, books = wired.desk.issue(number), wired.desk.books(number)
    if json:
        print_json(books_json(issue, books))
    else:
        print_lines([f"issue {number} is {issue.state}"])
        plain_console().print(balance_table(books))
    return books.settled
