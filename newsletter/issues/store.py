"""Issues in the database: found, filled, hashed, and moved along their life."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import func
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from newsletter.errors import NewsletterError
from newsletter.issues.models import ApprovedLetter, Issue, IssueChange, IssueItem
from newsletter.issues.states import (
    ForbiddenIssueChange,
    IssueEvent,
    IssueRemark,
    IssueState,
    advance,
)
from newsletter.rendering.letter import Rendered, without_marks
from newsletter.selection.rules import Decision

_BEFORE_LEAVING = frozenset({IssueState.DRAFT, IssueState.APPROVED, IssueState.MISSED})
_UNFINISHED = (IssueState.DRAFT, IssueState.APPROVED, IssueState.HELD, IssueState.SENDING)
_What = TypeVar("_What")
_LARGEST_NUMBER = 2**31 - 1  # what an integer column holds; beyond it drivers raise errors


class NoSuchIssue(NewsletterError):
    """There is no such issue; see ``newsletter issue list``."""

    code = "no-such-issue"


class StaleApproval(NewsletterError):
    """The issue changed after it was approved; approve it again."""

    code = "stale-approval"


def get(session: Session, number: int) -> Issue:
    """Give the issue of that number.

    Raises:
        NoSuchIssue: when there is none.
    """
    return _found(session.get(Issue, number) if number <= _LARGEST_NUMBER else None, number)


def state_of(session: Session, number: int) -> IssueState:
    """Say how far an issue is, without reading its letter.

    Raises:
        NoSuchIssue: when there is none.
    """
    asked = select(Issue.state).where(Issue.number == number)
    state = session.exec(asked).one_or_none() if number <= _LARGEST_NUMBER else None
    return IssueState(_found(state, number))


def locked(session: Session, number: int) -> Issue:
    """Give an issue in order to change it; nobody else changes it before this transaction ends.

    On PostgreSQL two changes that each read the old state would otherwise overwrite one another,
    and a hold that was answered could be followed by a send. SQLite has one writer at a time.

    Raises:
        NoSuchIssue: when there is none.
    """
    if number > _LARGEST_NUMBER:
        return _found(None, number)
    found = session.get(Issue, number, with_for_update=True, populate_existing=True)
    return _found(found, number)


def latest(session: Session) -> Issue:
    """Give the issue with the highest number.

    Raises:
        NoSuchIssue: when nothing was built yet.
    """
    issue = session.exec(select(Issue).order_by(col(Issue.number).desc()).limit(1)).one_or_none()
    if issue is None:
        raise NoSuchIssue("no issue was built yet; build one with: newsletter issue build")
    return issue


def listed(session: Session) -> list[Issue]:
    """Give all issues, newest first."""
    return list(session.exec(select(Issue).order_by(col(Issue.number).desc())))


def headings(session: Session, most: int, *, before: int | None = None) -> list[Issue]:
    """Give issues for a list, newest first, from below a number on; their letters are not read."""
    shown: Any = (Issue.number, Issue.local_date, Issue.state, Issue.subject, Issue.note)
    rows = select(Issue).options(load_only(*shown, raiseload=True))
    if before is not None:
        rows = rows.where(col(Issue.number) < before)
    return list(session.exec(rows.order_by(col(Issue.number).desc()).limit(most)))


def published(session: Session, most: int | None = None) -> list[Issue]:
    """Give the issues the public may see, newest first: those whose sending has begun."""
    started = select(Issue).where(col(Issue.sending_at).is_not(None))
    return list(session.exec(started.order_by(col(Issue.number).desc()).limit(most)))


def published_numbers(session: Session, most: int | None = None) -> dict[int, datetime]:
    """Give the numbers of the published issues, newest first, and when each began to leave."""
    started = select(Issue.number, Issue.sending_at).where(col(Issue.sending_at).is_not(None))
    rows = session.exec(started.order_by(col(Issue.number).desc()).limit(most))
    return {number: sending_at for number, sending_at in rows if sending_at is not None}


def published_issue(session: Session, number: int) -> Issue | None:
    """Give one issue that the public may see, or None: of any other it learns nothing."""
    if number > _LARGEST_NUMBER:
        return None
    started = select(Issue).where(col(Issue.sending_at).is_not(None), Issue.number == number)
    return session.exec(started).one_or_none()


@dataclass(frozen=True, slots=True)
class Outline:
    """An issue without its letter."""

    number: int
    local_date: date
    state: str
    note: str | None
    subject: str
    has_begun: bool


def unfinished(session: Session) -> list[Outline]:
    """Outline the issues that are not over: those to come, held, or leaving; oldest first."""
    issues = select(Issue).where(col(Issue.state).in_([state.value for state in _UNFINISHED]))
    begun = col(Issue.sending_at).is_not(None)
    rows = session.execute(
        issues.order_by(col(Issue.number)).with_only_columns(
            col(Issue.number),
            col(Issue.local_date),
            col(Issue.state),
            col(Issue.note),
            col(Issue.subject),
            begun,
        )
    )
    return [Outline(*row) for row in rows]


def in_state(session: Session, state: IssueState) -> list[Issue]:
    """Give the issues in a state, oldest first."""
    found = select(Issue).where(Issue.state == state.value)
    return list(session.exec(found.order_by(col(Issue.number))))


def of_slot(session: Session, schedule: str, local_date: date) -> Issue | None:
    """Give the issue of a slot, if it was opened."""
    found = select(Issue).where(Issue.schedule == schedule, Issue.local_date == local_date)
    return session.exec(found).one_or_none()


def replace_items(session: Session, issue: Issue, chosen: tuple[Decision, ...]) -> None:
    """Make the chosen comparisons the items of a draft, in order."""
    for item in items(session, issue):
        session.delete(item)
    session.flush()
    session.add_all(
        IssueItem(
            issue_number=issue.number,
            position=position,
            comparison_id=decision.entry.id,
            reason=decision.reason.value,
            because=decision.because,
        )
        for position, decision in enumerate(chosen, start=1)
    )
    session.flush()


def items(session: Session, issue: Issue) -> list[IssueItem]:
    """Give the items of an issue, in order."""
    found = select(IssueItem).where(IssueItem.issue_number == issue.number)
    return list(session.exec(found.order_by(col(IssueItem.position))))


def ledger(session: Session) -> dict[int, int]:
    """Say which comparison (row id) went out in which issue (number); held ones count."""
    mailed = (
        select(IssueItem.comparison_id, func.min(Issue.number))
        .join(Issue, col(Issue.number) == IssueItem.issue_number)
        .where(col(Issue.sending_at).is_not(None))
        .group_by(col(IssueItem.comparison_id))
    )
    return dict(session.exec(mailed).all())


def _found(what: _What | None, number: int) -> _What:
    if what is None:
        raise NoSuchIssue(f"there is no issue {number}; see: newsletter issue list")
    return what


def content_hash(letter: Issue | Rendered) -> str:
    """Hash what leaves: subject, preheader, HTML and text, with their personal marks unfilled."""
    digest = hashlib.sha256()
    for part in (letter.subject, letter.preheader, letter.html, letter.text):
        digest.update(hashlib.sha256(part.encode()).digest())
    return digest.hexdigest()


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

    The issue should come from ``locked`` or ``opening``.

    Raises:
        ForbiddenIssueChange: when the event is impossible in its state.
        StaleApproval: when it is to start with other bytes than were approved.
    """
    before, after = IssueState(issue.state), advance(IssueState(issue.state), event)
    if issue.sending_at is not None and (after in _BEFORE_LEAVING or event is IssueEvent.BUILT):
        raise ForbiddenIssueChange(
            f"issue {issue.number} has begun to leave; it can be resumed or cancelled"
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


def last_approved(session: Session, issue: Issue) -> ApprovedLetter | None:
    """Give what of an issue was approved last, also when it was changed since."""
    found = select(ApprovedLetter).where(ApprovedLetter.issue_number == issue.number)
    return session.exec(found.order_by(col(ApprovedLetter.approved_at).desc()).limit(1)).first()


def before(session: Session, issue: Issue) -> Issue | None:
    """Give the latest other issue that began to leave, before this one if this one has."""
    left = col(Issue.sending_at)
    began = select(Issue).where(left.is_not(None), Issue.number != issue.number)
    if issue.sending_at is not None:
        began = began.where(left < issue.sending_at)
    return session.exec(began.order_by(left.desc()).limit(1)).first()


def history(session: Session, issue: Issue) -> list[IssueChange]:
    """Give all that happened to an issue, in order."""
    changes = select(IssueChange).where(IssueChange.issue_number == issue.number)
    return list(session.exec(changes.order_by(col(IssueChange.id))))


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
