"""Why an issue that has begun to leave is not over, and by which command it goes on."""

from newsletter.delivery.books import Waiting
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from schedules.windows import Window, instant_in

_WORKER = "newsletter worker"
"""The only command that sends where workers do."""


def is_paused(issue: Issue) -> bool:
    """Say whether an issue was stopped while it was leaving."""
    return issue.state == IssueState.HELD.value and issue.sending_at is not None


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
