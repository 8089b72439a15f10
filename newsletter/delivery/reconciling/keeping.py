"""The rows of doubt: which are due, who looks, and what is written down of a look and of a decision."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from newsletter.delivery.doubting import close_doubts, restate
from newsletter.delivery.letterhead import delivery_id
from newsletter.delivery.marks import is_of
from newsletter.delivery.models import Batch, Delivery, DeliveryState, Doubt, DoubtState
from newsletter.delivery.reconciling.rules import LONGEST, Reason
from newsletter.issues import store
from newsletter.issues.states import IssueState
from subscribers.models import Subscriber

FARTHEST = 5 * LONGEST
FAILED = "bulk-failed"
"""Reason of a copy that the provider took as part of a job and gave up."""

Who = dict[str, int]
"""Row ids of subscribers by the delivery ids of their copies."""


def due(session: Session, *, timer: datetime) -> list[Doubt]:
    """Give the doubts that should be looked into now, the longest waiting first.

    A look farther off than any that is planned was planned by a clock that has been set back since.
    """
    found = select(Doubt).where(
        or_(col(Doubt.look_at) <= timer, col(Doubt.look_at) > timer + FARTHEST),
    )
    return list(session.execute(found.order_by(col(Doubt.look_at))).scalars())


def of_issue(session: Session, issue_number: int) -> list[Doubt]:
    """Give the doubts of an issue that nothing and nobody has settled yet."""
    found = select(Doubt).where(
        col(Doubt.issue_number) == issue_number, col(Doubt.state) != DoubtState.SETTLED.value
    )
    return list(session.execute(found.order_by(col(Doubt.ended_at))).scalars())


def take(session: Session, doubt: Doubt, *, until: datetime) -> bool:
    """Take a look upon oneself for a while; False when somebody else did, or it is over."""
    taken = session.execute(
        update(Doubt)
        .where(
            col(Doubt.attempt_id) == doubt.attempt_id,
            col(Doubt.state) == doubt.state,
            col(Doubt.look_at) == doubt.look_at,
        )
        .values(look_at=until)
        .returning(col(Doubt.attempt_id))
    ).first()
    return taken is not None


def hasten(session: Session, doubt: Doubt, *, at: datetime) -> None:
    """Look into a doubt at an instant, unless that is done earlier."""
    session.execute(
        update(Doubt)
        .where(col(Doubt.attempt_id) == doubt.attempt_id, col(Doubt.look_at) > at)
        .values(look_at=at)
    )


def locked(session: Session, doubt: Doubt) -> Doubt:
    """Give a doubt as it is now, in order to change it."""
    found = select(Doubt).where(col(Doubt.attempt_id) == doubt.attempt_id)
    fresh = found.with_for_update().execution_options(populate_existing=True)
    current: Doubt = session.execute(fresh).scalar_one()
    return current


def copies(session: Session, doubt: Doubt) -> Who:
    """Give all copies of the batch of a doubt: what is seen of any of them is worth knowing."""
    rows = session.execute(
        select(col(Subscriber.public_id), col(Subscriber.id))
        .join(Delivery, col(Delivery.subscriber_id) == col(Subscriber.id))
        .where(col(Delivery.issue_number) == doubt.issue_number, col(Delivery.batch) == doubt.batch)
    )
    return {delivery_id(doubt.issue_number, public): row_id for public, row_id in rows}


def missing(session: Session, doubt: Doubt) -> int:
    """Count the copies of a doubt that are unknown still, and keep others from settling them now.

    To be called before the doubt itself is locked: whoever settles copies goes this way too. All
    copies of the batch are locked, in order, as a look may settle any of them.
    """
    of_batch = (
        select(col(Delivery.state), col(Delivery.attempt_id))
        .where(col(Delivery.issue_number) == doubt.issue_number, col(Delivery.batch) == doubt.batch)
        .order_by(col(Delivery.subscriber_id))
        .with_for_update()
    )
    wanted = (DeliveryState.UNKNOWN.value, doubt.attempt_id)
    return sum(tuple(row) == wanted for row in session.execute(of_batch))


def release(session: Session, doubt: Doubt, *, now: datetime, at: datetime) -> int:
    """Queue the copies that are missing again; those of an issue that was given up are skipped.

    Returns:
        How many may leave now.
    """
    cancelled = store.get(session, doubt.issue_number).state == IssueState.CANCELLED.value
    if cancelled:
        _move(session, doubt, DeliveryState.SKIPPED, "cancelled", now)
        moved = 0
    else:
        moved = _move(session, doubt, DeliveryState.QUEUED, None, None)
        # What was lost on the way was no refusal.
        session.execute(_batch_of(doubt).values(attempts=0, not_before=None))
    close(session, doubt, now=now, at=at)
    return moved


def fail(session: Session, doubt: Doubt, *, now: datetime, at: datetime) -> None:
    """Write down that the provider gave up the copies that are missing."""
    failed = _move(session, doubt, DeliveryState.REJECTED, FAILED, now)
    session.execute(_batch_of(doubt).values(rejected=Batch.rejected + failed))
    close(session, doubt, now=now, at=at)


def hold(session: Session, doubt: Doubt, reason: Reason, *, now: datetime) -> int:
    """Leave the copies that are missing to a person, under the name of their attempt still.

    Returns:
        How many there are.
    """
    held = _move(session, doubt, DeliveryState.HELD, reason.value, now, doubt.attempt_id)
    doubt.state = DoubtState.HELD.value
    restate(session, [(doubt.issue_number, doubt.batch)], now=now)
    return held


def _move(
    session: Session,
    doubt: Doubt,
    state: DeliveryState,
    reason: str | None,
    at: datetime | None,
    attempt_id: str | None = None,
) -> int:
    moved = session.execute(
        update(Delivery)
        .where(*_unknown(doubt))
        .values(state=state.value, reason=reason, settled_at=at, attempt_id=attempt_id)
        .returning(col(Delivery.subscriber_id))
    )
    return len(moved.all())


def _unknown(doubt: Doubt) -> tuple[Any, ...]:
    return (
        col(Delivery.issue_number) == doubt.issue_number,
        col(Delivery.batch) == doubt.batch,
        col(Delivery.attempt_id) == doubt.attempt_id,
        col(Delivery.state) == DeliveryState.UNKNOWN.value,
    )


def _batch_of(doubt: Doubt) -> Any:
    return update(Batch).where(
        col(Batch.issue_number) == doubt.issue_number, col(Batch.number) == doubt.batch
    )


def named_jobs(session: Session, mark: str, since: datetime) -> dict[str, datetime]:
    """Give the jobs of calls that ended after an instant: names, and when that was.

    Only of calls with the account of a mark, or of an attempt.
    """
    rows = session.execute(
        select(col(Doubt.attempt_id), col(Doubt.job_id), col(Doubt.ended_at)).where(
            col(Doubt.job_id).is_not(None), col(Doubt.ended_at) > since
        )
    )
    return {
        name: ended_at
        for attempt_id, names, ended_at in rows
        if is_of(attempt_id, mark)
        for name in (names or "").split()
    }


def close(session: Session, doubt: Doubt, *, now: datetime, at: datetime) -> None:
    """Settle a doubt of which no copy is open, and make its batch what its copies say it is."""
    session.flush()  # what the look found is part of the doubt that is closed
    close_doubts(session, [doubt.attempt_id], at=at)
    restate(session, [(doubt.issue_number, doubt.batch)], now=now)
