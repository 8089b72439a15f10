"""An issue that is leaving stops, for a reason, or is closed, because its books balance."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlmodel import Session, col

from newsletter.delivery.books import balance
from newsletter.delivery.message import Receipt
from newsletter.delivery.models import Batch, BatchState
from newsletter.issues import life, store
from newsletter.issues.states import IssueEvent, IssueState

SENDER = "sender"
"""Whose word it is when an issue stops by itself."""


class Stopped(NamedTuple):
    """For what an issue has stopped by itself: a transport's code or a breaker's, and a sentence."""

    code: str
    detail: str


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


def settle(session: Session, issue_number: int, *, now: datetime) -> bool:
    """Close an issue when its books balance and its last wave has come; say whether it is closed.

    Computed from the rows each time, so that it cannot matter where a process died before.
    """
    issue = store.locked(session, issue_number)
    if issue.state != IssueState.SENDING.value:
        return issue.state == IssueState.SETTLED.value
    if issue.joins_until is not None and now < issue.joins_until:
        return False  # who comes until then is still to join
    open_batches = exists(
        select(col(Batch.number)).where(
            col(Batch.issue_number) == issue_number, col(Batch.state) != BatchState.DONE.value
        )
    )
    if session.execute(select(open_batches)).scalar_one():
        return False
    if not balance(session, issue_number, issue.audience).settled:
        return False
    life.change(session, issue, IssueEvent.SETTLED, now=now, actor="books")
    return True
