"""What preflight found, kept: looking for it follows every link, so that no page does it by itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from newsletter.issues.models import Issue
from newsletter.issues.store import content_hash
from newsletter.previews.models import PreflightReport
from newsletter.rendering.checks import Finding


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Attributes:
        made_at: when.
        is_current: whether the letter is still the one that was looked at.
        findings: in the order in which they were found.
    """

    made_at: datetime
    is_current: bool
    findings: tuple[Finding, ...]


def keep(session: Session, issue: Issue, findings: Sequence[Finding], *, now: datetime) -> None:
    """Keep what was found, in the place of what was found before.

    Args:
        session: a writing session.
        issue: as it was looked at.
        findings: all of them.
        now: aware.
    """
    session.merge(
        PreflightReport(
            issue_number=issue.number,
            content_hash=content_hash(issue),
            made_at=now,
            findings=[asdict(found) for found in findings],
        )
    )


def latest(session: Session, issue: Issue) -> Report | None:
    """Give what was found last; None when nobody has looked."""
    row = session.get(PreflightReport, issue.number)
    if row is None:
        return None
    findings = tuple(Finding(**found) for found in row.findings)  # type: ignore[arg-type]
    return Report(row.made_at, row.content_hash == content_hash(issue), findings)
