"""What people decide about deliveries: to go on, to give up the rest, to settle what is in doubt."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Update, and_, exists, or_, select, tuple_, update
from sqlmodel import Session, col

from newsletter.delivery.doubting import close_doubts, restate
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState

Verdict = Literal["held", "resend"]


def settle_unknown(
    session: Session, issue_number: int, verdict: Verdict, *, now: datetime, timer: datetime
) -> int:
    """Let a person settle every delivery in doubt: give it up as held, or risk a second copy.

    Those that are held because no evidence about them came are in doubt, too, until somebody
    decides.

    Args:
        session: for writing.
        issue_number: of the issue.
        verdict: what becomes of them.
        now: written down as the time of the outcome.
        timer: the real instant.

    Returns:
        How many there were.
    """
    rows = session.execute(
        select(col(Delivery.subscriber_id), col(Delivery.batch), col(Delivery.attempt_id))
        .where(col(Delivery.issue_number) == issue_number, _in_doubt())
        .order_by(col(Delivery.subscriber_id))
        .with_for_update()
    ).all()
    values: dict[str, object] = {"state": DeliveryState.QUEUED.value, "reason": None}
    if verdict == "held":
        values = {"state": DeliveryState.HELD.value, "reason": "decided"}
    session.execute(
        update(Delivery)
        .where(col(Delivery.issue_number) == issue_number, _in_doubt())
        .values(attempt_id=None, settled_at=now if verdict == "held" else None, **values)
        .execution_options(synchronize_session=False)
    )
    batches = {(issue_number, row.batch) for row in rows}
    if verdict == "resend":
        key = tuple_(col(Batch.issue_number), col(Batch.number))
        session.execute(update(Batch).where(key.in_(batches)).values(attempts=0, not_before=None))
    calls = {row.attempt_id for row in rows if row.attempt_id}
    close_doubts(session, calls, at=timer, by_word=True)
    restate(session, batches, now=now)
    return len(rows)


def _in_doubt() -> ColumnElement[bool]:
    """Say in SQL which copies nobody has decided about; what is held in doubt keeps its attempt."""
    unknown = col(Delivery.state) == DeliveryState.UNKNOWN.value
    held = col(Delivery.state) == DeliveryState.HELD.value
    return or_(unknown, and_(held, col(Delivery.attempt_id).is_not(None)))


def skip_rest(session: Session, issue_number: int, *, now: datetime) -> None:
    """Skip everybody whose batch was not claimed yet; the batch in flight records itself.

    The batches first, and then the copies of exactly these: one that is being claimed at the same
    moment is waited for, and is then left to whoever has claimed it.
    """
    over = _queued_batches(issue_number).values(state=BatchState.DONE.value, finished_at=now)
    numbers = session.execute(over.returning(col(Batch.number))).scalars().all()
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.issue_number) == issue_number,
            col(Delivery.batch).in_(numbers),
            col(Delivery.state) == DeliveryState.QUEUED.value,
        )
        .values(state=DeliveryState.SKIPPED.value, reason="cancelled", settled_at=now)
        .execution_options(synchronize_session=False)
    )


def skip_cancelled(session: Session, *, now: datetime) -> None:
    """Skip whoever waits in an issue that was given up: their batch came free again since."""
    waits = exists().where(
        col(Batch.issue_number) == col(Issue.number), col(Batch.state) == BatchState.QUEUED.value
    )
    cancelled = select(col(Issue.number)).where(
        col(Issue.state) == IssueState.CANCELLED.value, waits
    )
    for issue_number in session.execute(cancelled).scalars().all():
        skip_rest(session, issue_number, now=now)


def forget_refusals(session: Session, issue_number: int) -> None:
    """Try every waiting batch at once and count its refusals anew: somebody mended something."""
    session.execute(_queued_batches(issue_number).values(attempts=0, not_before=None))


def _queued_batches(issue_number: int) -> Update:
    return update(Batch).where(
        col(Batch.issue_number) == issue_number, col(Batch.state) == BatchState.QUEUED.value
    )
