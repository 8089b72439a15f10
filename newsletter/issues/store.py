"""Issues in the database: found, listed and filled; see ``life`` for how they are moved along."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import func
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from newsletter.errors import NewsletterError
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.states import IssueState
from newsletter.selection.rules import Decision

_UNFINISHED = (IssueState.DRAFT, IssueState.APPROVED, IssueState.HELD, IssueState.SENDING)
_What = TypeVar("_What")
_LARGEST_NUMBER = 2**31 - 1  # what an integer column holds; beyond it drivers raise errors


class NoSuchIssue(NewsletterError):
    """There is no such issue; see ``newsletter issue list``."""

    code = "no-such-issue"


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


def before(session: Session, issue: Issue) -> Issue | None:
    """Give the latest other issue that began to leave, before this one if this one has."""
    left = col(Issue.sending_at)
    began = select(Issue).where(left.is_not(None), Issue.number != issue.number)
    if issue.sending_at is not None:
        began = began.where(left < issue.sending_at)
    return session.exec(began.order_by(left.desc()).limit(1)).first()
