"""An issue moved along its life: each arrow is written down, and an approval is for bytes."""

from datetime import datetime

from sqlmodel import Session, col, select

from newsletter.errors import NewsletterError
from newsletter.issues.frozen import content_hash
from newsletter.issues.models import ApprovedLetter, Issue, IssueChange
from newsletter.issues.states import (
    ForbiddenIssueChange,
    IssueEvent,
    IssueRemark,
    IssueState,
    advance,
)
from newsletter.rendering.rendered import without_marks

_BEFORE_LEAVING = frozenset({IssueState.DRAFT, IssueState.APPROVED, IssueState.MISSED})


class StaleApproval(NewsletterError):
    """The issue changed after it was approved; approve it again."""

    code = "stale-approval"


def change(
    session: Session,
    issue: Issue,
    event: IssueEvent,
    *,
    now: datetime,
    actor: str,
    reason: str | None = None,
) -> None:
    """Move an issue along its life and write the arrow down: the only way its state changes.

    The issue should come from ``store.locked`` or ``opening``.

    Raises:
        ForbiddenIssueChange: when the event is impossible in its state.
        StaleApproval: when it is to start with other bytes than were approved.
    """
    before, after = IssueState(issue.state), advance(IssueState(issue.state), event, issue.number)
    if issue.has_begun and (after in _BEFORE_LEAVING or event is IssueEvent.BUILT):
        raise ForbiddenIssueChange(
            f"issue {issue.number} has begun to leave; possible: "
            f"newsletter issue resume {issue.number}, newsletter issue cancel {issue.number}"
        )
    if event is IssueEvent.STARTED and issue.approved_hash != content_hash(issue):
        raise StaleApproval
    issue.state = after.value
    if after is not before or reason:
        issue.note = reason
    _stamp(issue, event, now)
    session.add(issue)
    session.add(_written_down(issue, event, before, now=now, actor=actor, reason=reason))
    if event is IssueEvent.APPROVED:
        _keep_approved(session, issue, now=now, actor=actor)
    session.flush()


def remark(
    session: Session,
    issue: Issue,
    what: IssueRemark,
    *,
    now: datetime,
    actor: str,
    reason: str,
) -> None:
    """Write down what somebody did about an issue that does not move it along its life."""
    stays = IssueState(issue.state)
    session.add(_written_down(issue, what, stays, now=now, actor=actor, reason=reason))
    session.flush()


def history(session: Session, issue: Issue) -> list[IssueChange]:
    """Give all that happened to an issue, in order."""
    changes = select(IssueChange).where(IssueChange.issue_number == issue.number)
    return list(session.exec(changes.order_by(col(IssueChange.id))))


def last_approved(session: Session, issue: Issue) -> ApprovedLetter | None:
    """Give what of an issue was approved last, also when it was changed since."""
    found = select(ApprovedLetter).where(ApprovedLetter.issue_number == issue.number)
    return session.exec(found.order_by(col(ApprovedLetter.approved_at).desc()).limit(1)).first()


def _written_down(
    issue: Issue,
    event: IssueEvent | IssueRemark,
    before: IssueState,
    *,
    now: datetime,
    actor: str,
    reason: str | None,
) -> IssueChange:
    return IssueChange(
        issue_number=issue.number,
        event=event.value,
        from_state=before.value,
        to_state=issue.state,
        at=now,
        actor=actor,
        reason=reason,
    )


def _keep_approved(session: Session, issue: Issue, *, now: datetime, actor: str) -> None:
    session.merge(
        ApprovedLetter(
            issue_number=issue.number,
            content_hash=content_hash(issue),
            approved_at=now,
            approved_by=actor,
            subject=issue.subject,
            preheader=issue.preheader,
            text=without_marks(issue.text, issue.nonce),
        )
    )


def _stamp(issue: Issue, event: IssueEvent, now: datetime) -> None:
    """Write down when it happened, and for an approval, for which bytes."""
    if event is IssueEvent.APPROVED:
        issue.approved_at, issue.approved_hash = now, content_hash(issue)
    elif event is IssueEvent.STARTED:
        issue.sending_at = now
    elif event is IssueEvent.SETTLED:
        issue.settled_at = now
    elif event is IssueEvent.BUILT:
        issue.approved_at = issue.approved_hash = None
