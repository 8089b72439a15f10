"""Which issue a command without a number is about: what is leaving comes before what is next."""

from typing import Literal

from newsletter.delivery.oddities import in_doubt
from newsletter.errors import NewsletterError
from newsletter.issues import store
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.issues.store import Outline
from newsletter.service import Service

Command = Literal["send", "resume", "decide", "pause", "cancel", "rebuild"]

_FITS = {"pause": IssueState.SENDING, "resume": IssueState.HELD, "rebuild": IssueState.HELD}
"""The state of an issue that has begun to leave in which alone a command can do anything."""


class WhichIssue(NewsletterError):
    """Several issues could be meant; give the number."""

    code = "which-issue"


def meant(wired: Service, number: int | None, command: Command) -> Issue:
    """Give the issue that a command is about.

    Without a number that is the one that has begun to leave and is not over; where there is none, the
    latest. What ``decide`` is about are copies in doubt, also those of an issue that is over.

    Args:
        wired: the service.
        number: as it was typed.
        command: which one.

    Raises:
        NoSuchIssue: when there is none.
        WhichIssue: when no number was typed, and several could be meant.
    """
    return wired.desk.issue(_only(wired, command) if number is None else number)


def _only(wired: Service, command: Command) -> int | None:
    with wired.database.reading() as session:
        if command == "decide" and (doubtful := list(in_doubt(session))):
            return _one([f"newsletter issue decide {number}" for number in doubtful], doubtful)
        not_over = store.unfinished(session)
    if command == "cancel":
        candidates = not_over  # it cannot be taken back, so nothing beside it is passed over
    else:
        begun = [issue for issue in not_over if issue.has_begun]
        fitting = [issue for issue in begun if issue.state == _FITS.get(command, issue.state)]
        candidates = fitting or begun or (not_over if command == "send" else [])
    if not candidates:
        return None
    commands = [_command(issue, command) for issue in candidates]
    return _one(commands, [issue.number for issue in candidates])


def _one(commands: list[str], numbers: list[int]) -> int:
    if len(numbers) == 1:
        return numbers[0]
    which = ", or ".join(commands)
    raise WhichIssue(f"{len(numbers)} issues could be meant, so say which: {which}")


def _command(issue: Outline, command: Command) -> str:
    """Give the command with its number; what is paused is not sent but resumed."""
    is_paused = issue.has_begun and issue.state == IssueState.HELD
    named = "resume" if command == "send" and is_paused else command
    stands = "paused" if is_paused else issue.state
    return f"newsletter issue {named} {issue.number} ({stands}, of {issue.local_date})"
