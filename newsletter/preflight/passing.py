"""What may pass: nothing that blocks, and what only holds by an editor's word.

The word is written into the history with the approval, and obeyed on Monday.

Findings of level "hold" wait for an editor. An approval answers those that were there, by code and
place; a finding that comes up afterwards was seen by nobody, and holds the issue again.
"""

from collections.abc import Callable, Collection, Sequence

from sqlmodel import Session, col, select

from newsletter.errors import NewsletterError
from newsletter.issues.models import Issue, IssueChange
from newsletter.issues.states import IssueEvent
from newsletter.rendering.checks import Finding

Telling = Callable[[Sequence[Finding]], None]
"""Shows somebody the findings that do not stop them."""

_IN_SPITE_OF, _AND = "in spite of ", "; "


class PreflightFailed(NewsletterError):
    """The issue was not sent because preflight found something wrong."""

    code = "preflight-failed"

    def __init__(self, number: int, findings: Sequence[Finding]) -> None:
        """Put the codes of what blocks, and where it is, into the sentence."""
        listed = "; ".join(f"{found.code}: {found.message} [{found.where}]" for found in findings)
        super().__init__(f"issue {number} is not sent: {listed}")


def untold(_findings: Sequence[Finding]) -> None:
    """Show them to nobody."""


def unblocked(findings: list[Finding], number: int, told: Telling) -> list[Finding]:
    """Show an editor what was found, and give it back.

    Raises:
        PreflightFailed: when something blocks.
    """
    if blocking := [found for found in findings if found.level == "block"]:
        raise PreflightFailed(number, blocking)
    told(findings)
    return findings


def in_spite_of(findings: Sequence[Finding]) -> str | None:
    """Write the reason of an approval that lets findings pass; None when nothing is held."""
    named = [name_of(found) for found in findings if found.level == "hold"]
    return _IN_SPITE_OF + _AND.join(dict.fromkeys(named)) if named else None


def passed(session: Session, issue: Issue) -> Collection[str]:
    """Give the names of the findings that the last approval let pass."""
    approvals = select(IssueChange).where(
        IssueChange.issue_number == issue.number,
        IssueChange.event == IssueEvent.APPROVED.value,
    )
    last = session.exec(approvals.order_by(col(IssueChange.id).desc()).limit(1)).one_or_none()
    if issue.approved_hash is None or last is None or not last.reason:
        return ()
    return last.reason.removeprefix(_IN_SPITE_OF).split(_AND)


def stoppers(session: Session, issue: Issue, findings: Sequence[Finding]) -> list[Finding]:
    """Give what keeps an unattended issue from leaving: all that blocks, and what nobody let pass."""
    names = passed(session, issue)
    return [
        found
        for found in findings
        if found.level == "block" or (found.level == "hold" and name_of(found) not in names)
    ]


def name_of(finding: Finding) -> str:
    """Name a finding by code and place, as it is written into the history."""
    return f"{finding.code} ({finding.where})".replace(_AND, ", ")
