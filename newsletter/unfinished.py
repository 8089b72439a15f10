"""An issue that has begun to leave and is not over: why, what command goes on with it, and whether it gets on. Pure."""

from datetime import timedelta

from newsletter.delivery.books import Waiting
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from schedules.windows import Window, instant_in

STANDSTILL = timedelta(minutes=30)
"""For so long nothing of an issue leaves before that is wrong; a refused line rests for 23 at most."""

_WORKER = "newsletter worker"
"""The only command that sends where workers do."""


def is_paused(issue: Issue) -> bool:
    """Say whether an issue was stopped while it was leaving."""
    return issue.state == IssueState.HELD.value and issue.has_begun


def why_unfinished(issue: Issue, waiting: Waiting, window: Window, *, by_jobs: bool) -> list[str]:
    """Say in lines why not everybody has it; nothing when that is not so, or only because of doubt.

    Args:
        issue: which one.
        waiting: what of it is queued, and why.
        window: in whose zone times are told.
        by_jobs: workers send it, and whatever else runs only gives them jobs.
    """
    if is_paused(issue):
        resume = f"newsletter issue resume {issue.number}"
        return [f"paused: {issue.note or 'nobody said why'}; when it is mended: {resume}"]
    if issue.state != IssueState.SENDING.value or not waiting.batches:
        return []
    if waiting.next_wave is not None:
        by_schedule = "newsletter serve, or newsletter schedule tick from then on,"
        return [
            f"next wave {instant_in(window, waiting.next_wave)}",
            f"{_WORKER if by_jobs else by_schedule} sends it",
        ]
    by_hand = f"newsletter serve, or newsletter issue send {issue.number},"
    goes_on = _WORKER if by_jobs else by_hand
    if waiting.stage and not waiting.because:
        return [
            f"stage {waiting.stage.name.lower()} waits for its turn in the ramp",
            f"{goes_on} goes on when it has come",
        ]
    again = f"after {waiting.next_try:%H:%M:%S} UTC" if waiting.next_try else "at once"
    return [
        f"not taken, {waiting.because}" if waiting.because else "not tried yet",
        f"{goes_on} tries again {again}",
    ]


def gets_on(
    issue: Issue, waiting: Waiting, idle: timedelta | None, *, in_doubt: bool, rest: timedelta
) -> bool:
    """Say whether an issue only waits for its turn, or for an answer, or has got on just now.

    Args:
        issue: which one.
        waiting: what of it is queued, and why.
        idle: for how long nothing of it has left; None when nothing ever did.
        in_doubt: whether calls of it are.
        rest: the time between two stages of a ramp; zero without one.
    """
    if is_paused(issue):
        return False
    if issue.state == IssueState.SENDING.value:
        line_rests = waiting.next_try is not None and not waiting.because
        stage_waits = waiting.stage is not None and in_doubt
        if waiting.next_wave or line_rests or stage_waits:
            return True
    longest = STANDSTILL + rest if waiting.stage else STANDSTILL
    return idle is not None and idle <= longest
