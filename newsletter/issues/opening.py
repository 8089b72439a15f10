"""Which issues are open: opened for a slot, and changeable until they begin to leave."""

import secrets
from datetime import date, datetime

from sqlalchemy import func, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from newsletter.errors import NewsletterError
from newsletter.issues import store
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState

_CHANGEABLE = (IssueState.DRAFT, IssueState.APPROVED, IssueState.HELD)


class NotOpen(NewsletterError):
    """What has left, or was given up, is not changed any more."""

    code = "not-open"


def open_for(session: Session, schedule: str, local_date: date, now: datetime) -> Issue:
    """Give the issue of a slot, locked; open it with the next number when it is new.

    Of two processes that open the same slot at once, the unique slot lets one win; the other one
    gets the winner's issue.
    """
    if found := store.of_slot(session, schedule, local_date):
        return store.locked(session, found.number)
    try:
        with session.begin_nested():
            session.add(_new_issue(session, schedule, local_date, now))
    except IntegrityError:
        session.expire_all()
    opened = store.of_slot(session, schedule, local_date)
    assert opened is not None  # ours, or the one that was quicker
    return store.locked(session, opened.number)


def _new_issue(session: Session, schedule: str, local_date: date, now: datetime) -> Issue:
    number = (session.exec(select(func.max(Issue.number))).one() or 0) + 1
    nonce = secrets.token_hex(4)
    return Issue(
        number=number, schedule=schedule, local_date=local_date, nonce=nonce, created_at=now
    )


def open_to_change(session: Session, number: int | None = None) -> Issue:
    """Give an issue that can still be built again, locked; without a number the latest such.

    Raises:
        NoSuchIssue: when there is none of that number.
        NotOpen: when it has begun to leave, was missed or was given up, or when none is open.
    """
    if number is None:
        found = select(Issue.number).where(
            col(Issue.state).in_([state.value for state in _CHANGEABLE]),
            col(Issue.sending_at).is_(None),
        )
        number = session.exec(found.order_by(col(Issue.number).desc()).limit(1)).one_or_none()
    if number is None:
        raise NotOpen("no issue is open; open the next one with: newsletter issue build")
    issue = store.locked(session, number)
    require_open(issue)
    return issue


def require_open(issue: Issue) -> None:
    """Refuse an issue that is not built again any more.

    Raises:
        NotOpen: when it has begun to leave, was missed or was given up.
    """
    if issue.state not in _CHANGEABLE or issue.has_begun:
        begun = "has begun to leave" if issue.has_begun else f"is {issue.state}"
        raise NotOpen(
            f"issue {issue.number} {begun} and is not changed any more; build the next one with: "
            "newsletter issue build, and give no number to mean it"
        )


def over(session: Session, schedule: str, since: date) -> set[date]:
    """Give the days, from one on, whose issue has begun to leave, was missed or was given up."""
    rows = select(col(Issue.local_date)).where(
        Issue.schedule == schedule,
        col(Issue.local_date) >= since,
        or_(
            col(Issue.sending_at).is_not(None),
            col(Issue.state).not_in([state.value for state in _CHANGEABLE]),
        ),
    )
    return set(session.exec(rows))


def begun(session: Session, since: date) -> set[date]:
    """Give the days, from one on, whose issue has begun to leave."""
    rows = select(col(Issue.local_date)).where(
        col(Issue.local_date) >= since, col(Issue.sending_at).is_not(None)
    )
    return set(session.exec(rows))
