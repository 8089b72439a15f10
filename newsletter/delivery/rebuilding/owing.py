"""Which issue must not go on before its provider was asked for its copies, and what is known of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from newsletter.delivery.books import are_gone, balance
from newsletter.delivery.marks import account_of, becomes_a_job
from newsletter.delivery.models import Batch
from newsletter.delivery.reconciling.settling import FOREIGN
from newsletter.editions.models import Edition
from newsletter.issues import store
from newsletter.issues.models import Issue, IssueChange
from newsletter.issues.states import ForbiddenIssueChange, IssueEvent, IssueRemark, IssueState

ADOPTED = "adopted"
"""Why an issue was stopped when the database that it was leaving from was taken over."""

_STOPS = (IssueEvent.PAUSED.value, IssueEvent.HELD.value)
_MENDED = (IssueEvent.RESUMED.value, IssueRemark.REBUILT.value)


@dataclass(frozen=True, slots=True)
class Known:
    """What the books have of an issue before its provider is asked.

    Attributes:
        issue: the issue.
        stopped_at: since when nothing of it can have left from here, or from where these books come.
        editions: the highest number of its editions; 0 without any.
        accounts: with which its calls were made.
        as_jobs: whether one of them was worked off by the provider by itself.
    """

    issue: Issue
    stopped_at: datetime
    editions: int
    accounts: frozenset[str]
    as_jobs: bool


def is_owed(session: Session, issue_number: int) -> bool:
    """Say whether an issue was stopped because others may have served its readers, and not rebuilt since.

    None is that has not begun to leave. An editor who holds one once more for another reason does not
    change that it is.
    """
    if not store.get(session, issue_number).has_begun:
        return False
    mended = select(func.max(col(IssueChange.id))).where(
        col(IssueChange.issue_number) == issue_number, col(IssueChange.event).in_(_MENDED)
    )
    reason = col(IssueChange.reason)
    others = or_(reason == ADOPTED, reason.startswith(f"code {FOREIGN}: "))
    since = func.coalesce(mended.scalar_subquery(), 0)
    found = _stops(issue_number).where(others, col(IssueChange.id) > since)
    return session.execute(found.limit(1)).first() is not None


def known(session: Session, issue_number: int) -> Known:
    """Read what the provider is to be asked for.

    Raises:
        ForbiddenIssueChange: when the issue has not begun to leave from these books, is leaving, or
            is over and its copies are no longer kept.
    """
    issue = store.get(session, issue_number)
    if issue.sending_at is None:
        raise ForbiddenIssueChange(
            f"issue {issue_number} has not begun to leave from this database: there are no books"
        )
    if issue.state == IssueState.SENDING.value:
        raise ForbiddenIssueChange(
            f"issue {issue_number} is leaving; first: newsletter issue pause {issue_number}"
        )
    if are_gone(issue, balance(session, issue_number, issue.audience)):
        raise ForbiddenIssueChange(
            f"issue {issue_number} is over and its copies are no longer kept: those that the provider "
            "still knows would be taken for all of them; where they were lost, put a backup back"
        )
    last = session.execute(_stops(issue_number).limit(1)).scalar_one_or_none()
    editions = select(func.max(col(Edition.number))).where(
        col(Edition.issue_number) == issue_number
    )
    calls = select(col(Batch.attempt_id)).where(
        and_(col(Batch.issue_number) == issue_number, col(Batch.attempt_id).is_not(None))
    )
    attempts = [str(name) for name in session.execute(calls).scalars()]
    return Known(
        issue,
        last or issue.sending_at,
        session.execute(editions).scalar_one() or 0,
        frozenset(map(account_of, attempts)),
        any(map(becomes_a_job, attempts)),
    )


def _stops(issue_number: int) -> Any:
    """Give when an issue was stopped, the last time first."""
    return (
        select(col(IssueChange.at))
        .where(col(IssueChange.issue_number) == issue_number, col(IssueChange.event).in_(_STOPS))
        .order_by(col(IssueChange.id).desc())
    )
