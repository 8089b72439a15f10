"""What ``newsletter issue send --dry-run`` says: to how many an issue would go, or why to nobody."""

from typing import Any

from newsletter.cli.context import print_json, print_lines
from newsletter.cli.reports import print_findings
from newsletter.delivery.books import editions
from newsletter.delivery.forecasting import Forecast
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.timing import span_of
from newsletter.issues.models import Issue
from newsletter.issues.states import OPEN, IssueState
from newsletter.service import Service
from schedules.windows import instant_in


def rehearse(wired: Service, issue: Issue, *, json: bool) -> bool:
    """Print what sending an issue now would come to; nothing is sent or written down.

    Returns:
        Whether it would leave.
    """
    if issue.state == IssueState.SENDING.value:
        return _goes_on(wired, issue, json=json)
    findings = wired.desk.preflight(issue) if issue.state in OPEN else []
    print_findings(findings)
    blocked = [found.code for found in findings if found.level == "block"]
    forecast = wired.desk.rehearse(issue)
    blocked += _obstacles(wired, issue)
    if forecast.audience and not forecast.letters:
        blocked.append("nobody wishes for anything in it")
    if json:
        print_json(_as_json(issue, forecast, blocked))
    elif blocked:
        print_lines([f"issue {issue.number} would not be sent: {', '.join(blocked)}"])
    if not json and issue.state in OPEN:
        print_lines([_addressed(issue, forecast, blocked=bool(blocked)), *_times(wired, issue)])
    return not blocked


def _goes_on(wired: Service, issue: Issue, *, json: bool) -> bool:
    """Say what is left of an issue that has begun to leave: nobody else is asked for."""
    blocked = ["passive-instance"] if wired.fence.objection() else []
    queued = wired.dispatch.books(issue.number).count(DeliveryState.QUEUED)
    batches = wired.dispatch.waiting(issue.number).batches
    if json:
        left = Forecast(issue.audience or 0, queued, len(_editions(wired, issue)), batches)
        print_json(_as_json(issue, left, blocked))
    elif blocked:
        print_lines([f"issue {issue.number} would not go on: {', '.join(blocked)}"])
    else:
        left_in = f"{_counted(queued, 'copy', 'copies')} in {_counted(batches, 'batch', 'batches')}"
        print_lines([f"issue {issue.number} is leaving already; {left_in} would go on"])
    return not blocked


def _editions(wired: Service, issue: Issue) -> list[int]:
    with wired.database.reading() as session:
        return [number for number, _ in editions(session, issue.number)]


def _obstacles(wired: Service, issue: Issue) -> list[str]:
    """Say why an issue cannot begin to leave now, besides what preflight finds."""
    found = [] if issue.state in OPEN else [f"it is {issue.state}"]
    if wired.fence.objection():
        found.append("passive-instance")
    if issue.not_before and span_of(issue).is_early(wired.clock()):
        found.append(f"too early, not before {instant_in(wired.window, issue.not_before)}")
    return found


def _as_json(issue: Issue, forecast: Forecast, blocked: list[str]) -> dict[str, Any]:
    return {
        "number": issue.number,
        "audience": forecast.audience,
        "letters": forecast.letters,
        "editions": forecast.editions,
        "batches": forecast.batches,
        "not_before": issue.not_before,
        "not_after": issue.not_after,
        "blocked_by": blocked,
    }


def _addressed(issue: Issue, forecast: Forecast, *, blocked: bool) -> str:
    line = (
        f"{'otherwise it' if blocked else f'issue {issue.number}'} would go to "
        f"{_counted(forecast.letters, 'subscriber')} in "
        f"{_counted(forecast.batches, 'batch', 'batches')}"
    )
    if forecast.editions:
        line += f"; {_counted(forecast.editions, 'edition')} for those with wishes of their own"
    if without := forecast.audience - forecast.letters:
        line += f"; and not to {without} more, by their own wishes"
    return line


def _times(wired: Service, issue: Issue) -> list[str]:
    """Say by when it would have to be gone; a time that is over comes anew with the word to send."""
    span, now = span_of(issue), wired.clock()
    until = span.begun(now, wired.desk.gone_by(issue), wired.window.lateness).not_after
    lines = [f"not after  {instant_in(wired.window, until)}"] if until else []
    if issue.not_after and span.is_late(now):
        was = instant_in(wired.window, issue.not_after)
        lines.insert(
            0, f"it is too late for its own time, which ended {was}; sent now, it gets a new one"
        )
    return lines


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one}" if count == 1 else f"{count} {many or one + 's'}"
