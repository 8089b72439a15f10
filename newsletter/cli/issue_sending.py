"""``newsletter issue``: send an issue, go on with it, and account for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer

from newsletter.cli.commands import new_group
from newsletter.cli.context import (
    DryRun,
    Json,
    end_well,
    print_json,
    print_lines,
    service,
)
from newsletter.cli.issue_arguments import ACTOR, LeavingNumber, Number
from newsletter.cli.issue_meant import Command, meant
from newsletter.cli.issue_rebuilding import ask_provider
from newsletter.cli.progress import Advance, watched
from newsletter.cli.rehearsal import rehearse
from newsletter.cli.reports import balances, books_json, books_lines, print_findings
from newsletter.delivery.deciding import Verdict
from newsletter.delivery.message import Outcome
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.rebuilding.rebuilt import UNSEEN
from newsletter.issues.models import Issue
from newsletter.issues.states import STARTED
from newsletter.service import Service

app = new_group("Send an issue and account for it.")


@app.command()
def resume(
    number: LeavingNumber = None,
    *,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Even if it is not sure who has a copy already.")
    ] = False,
    json: Json = False,
) -> None:
    """Go on with a paused issue where it stopped.

    After a backup was put back the provider is asked for every copy first: newsletter issue rebuild.
    """
    wired, issue = _of_issue(number, "resume")
    if wired.dispatch.rebuilder.is_owed(issue.number):
        rebuilt = ask_provider(wired, issue.number, json=json)
        if not unseen:
            rebuilt.require()
        elif rebuilt.because:
            typer.echo(UNSEEN, err=True)
    wired.desk.resume(issue.number, actor=ACTOR, told=print_findings, unseen=unseen)
    _deliver(wired, issue.number, json=json)
    _end(wired, issue.number, json=json)


@app.command()
def send(number: LeavingNumber = None, *, dry_run: DryRun = False, json: Json = False) -> None:
    """Send an issue now; approves a draft.

    Nothing leaves when preflight blocks it. What preflight only holds is printed and passes: it
    waits for an editor, and this command is an editor's word.
    """
    wired, issue = _of_issue(number, "send")
    if dry_run:
        raise typer.Exit(0 if rehearse(wired, issue, json=json) else 1)
    left = _queued(wired, issue.number) if issue.state in STARTED else wired.desk.forecast()
    with _sending(wired, issue.number, left, json=json) as advance:
        wired.desk.send(issue.number, actor=ACTOR, progress=advance, told=print_findings)
    _end(wired, issue.number, json=json)


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
    answer = {"outcome": receipt.outcome.value, "code": receipt.code, "detail": receipt.detail}
    if json:
        print_json({"number": issue.number, **answer})
    else:
        said = " ".join(str(part) for part in answer.values() if part)
        print_lines([f"test of issue {issue.number}: {said}"])
    raise typer.Exit(0 if receipt.outcome is Outcome.ACCEPTED else 1)


@app.command()
def decide(
    number: LeavingNumber = None,
    *,
    held: Annotated[bool, typer.Option("--held", help="Give them up; nobody is mailed.")] = False,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send again, held ones too; some may be second copies.")
    ] = False,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Even if the provider's search gives no answer.")
    ] = False,
    json: Json = False,
) -> None:
    """Settle what is in doubt, or held because of it, by your own word instead of by evidence.

    What you want to send again is looked for once more; what is found had left and is not sent.
    """
    if held == resend:
        raise typer.BadParameter("say either --held or --resend")
    wired, issue = _of_issue(number, "decide")
    accepted = wired.dispatch.books(issue.number).count(DeliveryState.ACCEPTED)
    verdict: Verdict = "resend" if resend else "held"
    decided = wired.dispatch.settle_unknown(issue.number, verdict, actor=ACTOR, unseen=unseen)
    if not json:
        found = wired.dispatch.books(issue.number).count(DeliveryState.ACCEPTED) - accepted
        looked = f"; looked once more, {found} had left" if resend else ""
        copies = "copy" if decided == 1 else "copies"
        told = f"{decided} {copies} decided: {verdict}{looked}"
        print_lines([told if decided or looked else "nothing is in doubt, so nothing was decided"])
    _deliver(wired, issue.number, json=json)
    _end(wired, issue.number, json=json)


@app.command()
def report(number: Number = None, *, json: Json = False) -> None:
    """Print the books of an issue; exit 1 while they do not balance."""
    wired = service()
    issue = wired.desk.issue(number)
    raise typer.Exit(0 if _report(wired, issue.number, json=json) else 1)


def _of_issue(number: int | None, command: Command) -> tuple[Service, Issue]:
    """Wire the service for a command that sends, and find the issue that it is about."""
    wired = service()
    issue = meant(wired, number, command)
    end_well(wired, go_on=f"newsletter issue send {issue.number}")
    return wired, issue


def _deliver(wired: Service, number: int, *, json: bool) -> None:
    """Send what is free, while whoever watches sees how far it is."""
    with _sending(wired, number, _queued(wired, number), json=json) as advance:
        wired.dispatch.deliver(advance)


@contextmanager
def _sending(wired: Service, number: int, left: int, *, json: bool) -> Iterator[Advance]:
    """Show how far an issue is; where workers send it no bar would move, and it says where to look."""
    by_jobs = wired.dispatch.by_jobs
    with watched("sending", left, quiet=json or by_jobs) as advance:
        yield advance
    if by_jobs and not json and _queued(wired, number):
        print_lines([f"workers send it; how far they are says: newsletter issue report {number}"])


def _queued(wired: Service, number: int) -> int:
    return wired.dispatch.books(number).count(DeliveryState.QUEUED)


def _end(wired: Service, number: int, *, json: bool) -> NoReturn:
    """Report, and exit 1 where this process was to close the books and did not."""
    closed = _report(wired, number, json=json)
    raise typer.Exit(0 if closed or wired.dispatch.by_jobs else 1)


def _report(wired: Service, number: int, *, json: bool) -> bool:
    issue = wired.desk.issue(number)
    if json:
        print_json(books_json(wired, issue))
    else:
        print_lines(books_lines(wired, issue))
    return balances(issue, wired.dispatch.books(number))
