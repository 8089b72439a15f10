"""An issue that is leaving stops, for a reason, or is closed, because nobody waits for it any more."""

from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlmodel import Session, col

from newsletter.delivery.books import balance
from newsletter.delivery.joining import may_join
from newsletter.delivery.message import Receipt
from newsletter.delivery.models import Batch, BatchState
from newsletter.issues import life, store
from newsletter.issues.states import IssueEvent, IssueState
from schedules.windows import Window

SENDER = "sender"
"""Whose word it is when an issue stops by itself."""


class Stopped(NamedTuple):
    """For what an issue has stopped by itself: a transport's code or a breaker's, and a sentence."""

    code: str
    detail: str


class Closing(Enum):
    """How far an issue is from being closed."""

    OPEN = auto()
    """Something of it is under way, or in doubt, or has not come up yet."""
    AWAITED = auto()
    """Its books balance, but somebody who came in time is not in them; see ``audience.join``."""
    CLOSED = auto()


def pause(session: Session, issue_number: int, receipt: Receipt, *, now: datetime) -> bool:
    """Pause an issue that is sending, with what stopped it as the reason; False for any other."""
    issue = store.locked(session, issue_number)
    if issue.state != IssueState.SENDING.value:
        return False
    reason = f"code {receipt.code}: {receipt.detail}"
    life.change(session, issue, IssueEvent.PAUSED, now=now, actor=SENDER, reason=reason)
    return True


def stopped_for(reason: str | None) -> Stopped:
    """Read what ``pause`` has written down as the reason."""
    code, _, detail = (reason or "").removeprefix("code ").partition(": ")
    return Stopped(code, detail)


def settle(session: Session, issue_number: int, window: Window, *, now: datetime) -> Closing:
    """Close an issue when its last wave has come, its books balance, and nobody is to join it.

    Computed from the rows each time, so that it cannot matter where a process died before. Who is to
    join is asked last, as it concerns readers and not batches: once or twice an issue.

    Args:
        session: for writing.
        issue_number: of the issue.
        window: with the issue's date it says who came in time.
        now: the present instant.

    Returns:
        Whether it is closed, and if it is not, whether only those are missing who are to join: they
        are taken in first, and it is not closed over their heads.
    """
    issue = store.locked(session, issue_number)
    if issue.state != IssueState.SENDING.value:
        return Closing.CLOSED if issue.state == IssueState.SETTLED.value else Closing.OPEN
    if issue.joins_until is not None and now < issue.joins_until:
        return Closing.OPEN  # who comes until then is still to join
    if _has_open_batches(session, issue_number):
        return Closing.OPEN
    if not balance(session, issue_number, issue.audience).settled:
        return Closing.OPEN
    if may_join(session, issue, window, now):
        return Closing.AWAITED
    life.change(session, issue, IssueEvent.SETTLED, now=now, actor="books")
    return Closing.CLOSED


def _has_open_batches(session: Session, issue_number: int) -> bool:
    open_batches = exists(
        select(col(Batch.number)).where(
            col(Batch.issue_number) == issue_number, col(Batch.state) != BatchState.DONE.value
        )
    )
    return bool(session.execute(select(open_batches)).scalar_one())
