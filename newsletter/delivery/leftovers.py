"""What is left of a batch that was refused again and again: the line is down, or these copies are odd."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlmodel import Session, col

from newsletter.delivery.claiming import Claim
from newsletter.delivery.doubting import restate
from newsletter.delivery.message import Receipt
from newsletter.delivery.models import PUT_OFF, Batch, Delivery, DeliveryState


def taken_before(session: Session, claim: Claim) -> int | None:
    """Count what of a batch its calls came to so far; None when it is another call's by now."""
    counted = select(col(Batch.accepted) + col(Batch.rejected)).where(
        col(Batch.issue_number) == claim.issue_number,
        col(Batch.number) == claim.batch,
        col(Batch.attempt_id) == claim.attempt_id,
    )
    return session.execute(counted).scalar_one_or_none()


def others_left(session: Session, claim: Claim) -> bool:
    """Say whether anything of the issue was taken; then an odd mailbox alone in its batch is a leftover, too."""
    taken = exists().where(col(Batch.issue_number) == claim.issue_number, col(Batch.accepted) > 0)
    return bool(session.execute(select(taken)).scalar_one())


def hold(session: Session, claim: Claim, receipt: Receipt, *, now: datetime) -> int:
    """Leave the rest of a batch to a person; under the name of its call, as whatever waits for one.

    Args:
        session: for writing.
        claim: the last call, which was recorded already.
        receipt: why nothing was taken.
        now: written down as the time of the outcome.

    Returns:
        How many copies there are.
    """
    held: Any = session.execute(
        update(Delivery)
        .where(
            col(Delivery.issue_number) == claim.issue_number,
            col(Delivery.batch) == claim.batch,
            col(Delivery.state) == DeliveryState.QUEUED.value,
        )
        .values(
            state=DeliveryState.HELD.value,
            reason=f"{PUT_OFF}{receipt.code}",
            attempt_id=claim.attempt_id,
            settled_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    restate(session, [(claim.issue_number, claim.batch)], now=now)
    return int(held.rowcount)
