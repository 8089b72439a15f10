"""What preflight found when it last looked, kept for pages: a look asks other hosts and takes seconds."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlmodel import Session

from newsletter.database import insert_into
from newsletter.issues.models import Issue, IssueInspection
from newsletter.rendering.checks import Finding


@dataclass(frozen=True, slots=True)
class Kept:
    """The last look at an issue.

    Attributes:
        findings: what was found.
        at: when.
        is_current: whether the letter is still the one that was looked at.
    """

    findings: Sequence[Finding]
    at: datetime
    is_current: bool

    def of(self, *levels: str) -> list[Finding]:
        """Give the findings of some levels."""
        return [found for found in self.findings if found.level in levels]


def keep(session: Session, issue: Issue, findings: Sequence[Finding], *, now: datetime) -> None:
    """Write down what was found, in the place of what was found before."""
    seen = {
        "content_hash": issue.content_hash,
        "at": now,
        "findings": json.dumps([astuple(found) for found in findings], ensure_ascii=False),
    }
    row = insert_into(session, IssueInspection).values(issue_number=issue.number, **seen)
    session.execute(row.on_conflict_do_update(index_elements=["issue_number"], set_=seen))


def of_issue(session: Session, issue: Issue) -> Kept | None:
    """Read the last look at an issue; None when there was none."""
    row = session.get(IssueInspection, issue.number)
    if row is None:
        return None
    findings = [Finding(*parts) for parts in json.loads(row.findings)]
    return Kept(findings, row.at, row.content_hash == issue.content_hash)
