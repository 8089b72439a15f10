"""``newsletter issue``: what editors may do with an issue: approve, hold, release, pause, cancel."""

from newsletter.cli.commands import new_group
from newsletter.cli.context import Json, print_json, print_lines, service
from newsletter.cli.issue_arguments import ACTOR, Number, Reason
from newsletter.cli.reports import issue_json, print_findings
from newsletter.desk import PlainEvent
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueEvent
from newsletter.service import Service

app = new_group("An issue's life.")


@app.command()
def approve(number: Number = None, *, json: Json = False) -> None:
    """Let an issue leave, exactly as it is now; refused when preflight blocks it.

    What preflight only holds is printed and written down with the approval: on Monday it passes.
    """
    wired = service()
    number = wired.desk.issue(number).number
    _print(wired, wired.desk.approve(number, actor=ACTOR, told=print_findings), json=json)


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


def _change(number: int | None, event: PlainEvent, *, json: bool, reason: str = "") -> None:
    wired = service()
    issue = wired.desk.change(wired.desk.issue(number).number, event, actor=ACTOR, reason=reason)
    _print(wired, issue, json=json)


def _print(wired: Service, issue: Issue, *, json: bool) -> None:
    if json:
        print_json(issue_json(wired, issue))
    else:
        print_lines([f"issue {issue.number} is {issue.state}"])
