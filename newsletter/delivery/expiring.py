"""Leases end: what a silent worker held is in doubt from then on."""

from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col

from newsletter.delivery.doubting import open_doubt, restate
from newsletter.delivery.free import LONGEST_LEASE
from newsletter.delivery.message import NEWSLETTER_STREAM
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState, Doubt

WORKER_SILENT = "worker-silent"


def expire(session: Session, *, now: datetime, timer: datetime) -> frozenset[int]:
    """Turn batches whose worker fell silent into unknown ones; nothing is ever sent again by this.

    Their calls count as ended when that is noticed, by the clock that measures the time since. The
    lease was written by another one, and is over at once for a clock that stepped forward, or is
    ahead: then the call may be under way still. A lease that ends later than any that is given is
    over as well: its clock was wrong, and nobody would wait for it.

    Args:
        session: for writing.
        now: written down as the time of the outcome.
        timer: the real instant, by which leases end.

    Returns:
        The issues they belong to.
    """
    until = col(Batch.leased_until)
    silent = session.execute(
        update(Batch)
        .where(
            col(Batch.state) == BatchState.SENDING.value,
            or_(until < timer, until > timer + LONGEST_LEASE),
        )
        .values(state=BatchState.UNKNOWN.value)
        .returning(
            col(Batch.issue_number),
            col(Batch.number),
            col(Batch.attempt_id),
        )
    ).all()
    for issue_number, number, attempt_id in silent:
        lost = session.execute(
            update(Delivery)
            .where(
                col(Delivery.issue_number) == issue_number,
                col(Delivery.batch) == number,
                col(Delivery.state) == DeliveryState.QUEUED.value,
            )
            .values(
                state=DeliveryState.UNKNOWN.value,
                reason=WORKER_SILENT,
                attempt_id=attempt_id,
                settled_at=now,
            )
            .returning(col(Delivery.subscriber_id))
        ).all()
        if lost:
            open_doubt(
                session,
                Doubt(
                    attempt_id=attempt_id,
                    issue_number=issue_number,
                    batch=number,
                    stream=NEWSLETTER_STREAM,
                    size=len(lost),
                    ended_at=timer,
                    look_at=timer,
                    note=WORKER_SILENT,
                ),
            )
    restate(session, [(issue_number, number) for issue_number, number, _ in silent], now=now)
    return frozenset(issue_number for issue_number, _, _ in silent)
