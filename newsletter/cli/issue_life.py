"""``newsletter issue``: what editors may do with an issue: approve, hold, release, pause, cancel, time."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from newsletter.cli.commands import new_group
from newsletter.cli.context import Json, print_json, print_lines, service
from newsletter.cli.issue_arguments import ACTOR, LeavingNumber, Number, Reason
from newsletter.cli.issue_meant import meant
from newsletter.cli.issue_parts import span_lines
from newsletter.cli.reports import issue_json, print_findings
from newsletter.delivery.lateness import Span
from newsletter.delivery.timing import span_of
from newsletter.desk import PlainEvent
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueEvent
from newsletter.service import Service
from schedules.windows import Window

NONE = "none"

Instant = Annotated[
    str,
    typer.Option(
        help='Such as "2026-11-23 14:00", in the zone of the schedule unless it has an offset; '
        f'"{NONE}" takes it off.',
        metavar="TIME",
    ),
]

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
    wired = service()
    said = reason or "held by an editor"
    _change(wired, wired.desk.issue(number), IssueEvent.HELD, json=json, reason=said)


@app.command()
def release(number: Number = None, *, json: Json = False) -> None:
    """Make a held issue a draft again."""
    wired = service()
    _change(wired, wired.desk.issue(number), IssueEvent.RELEASED, json=json)


@app.command()
def pause(number: LeavingNumber = None, *, reason: Reason = "", json: Json = False) -> None:
    """Stop a sending issue after the batch in flight."""
    wired = service()
    said = reason or "paused by an operator"
    _change(wired, meant(wired, number, "pause"), IssueEvent.PAUSED, json=json, reason=said)


@app.command()
def cancel(number: LeavingNumber = None, *, reason: Reason = "", json: Json = False) -> None:
    """Give an issue up for good; what has left stays recorded."""
    wired = service()
    said = reason or "cancelled"
    _change(wired, meant(wired, number, "cancel"), IssueEvent.CANCELLED, json=json, reason=said)


@app.command()
def window(
    number: Number = None, *, not_before: Instant = "", not_after: Instant = "", json: Json = False
) -> None:
    """Set between which instants an issue may leave; what is not given stays as it is.

    An end that was not set comes by itself when the issue begins to leave: its last wave, as long
    as rate and ramp take, and as much later as the schedule's lateness. Beyond it what is left
    waits for your word.
    """
    if not (not_before or not_after):
        raise typer.BadParameter("say --not-before, or --not-after, or both")
    wired = service()
    issue = wired.desk.issue(number)
    known = span_of(issue)
    span = Span(
        _instant(not_before, wired.window, "--not-before") if not_before else known.not_before,
        _instant(not_after, wired.window, "--not-after") if not_after else known.not_after,
    )
    issue = wired.desk.set_span(issue.number, span, actor=ACTOR)
    if json:
        print_json(issue_json(wired, issue))
    else:
        print_lines(span_lines(wired.window, issue) or [f"issue {issue.number} may leave any time"])


def _instant(typed: str, window: Window, option: str) -> datetime | None:
    if typed == NONE:
        return None
    try:
        read = datetime.fromisoformat(typed)
        return window.from_local(read) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f'{typed!r} is no date and time; write it like "2026-11-23 14:00", or {NONE}',
            param_hint=option,
        ) from None


def _change(
    wired: Service, issue: Issue, event: PlainEvent, *, json: bool, reason: str = ""
) -> None:
    changed = wired.desk.change(issue.number, event, actor=ACTOR, reason=reason)
    _print(wired, changed, json=json)


def _print(wired: Service, issue: Issue, *, json: bool) -> None:
    if json:
        print_json(issue_json(wired, issue))
    else:
        print_lines([f"issue {issue.number} is {issue.state}"])
