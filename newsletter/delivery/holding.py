"""A claim is held: for longer, for those alone who have not left since, or by others by now."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, or_, select, update
from sqlmodel import Session, col

from newsletter.delivery.claiming import Claim, Recipient, skip
from newsletter.delivery.free import Lease
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from schedules.clock import UtcDateTime
from subscribers.models import Subscriber
from subscribers.queries import receivable

_BATCHES: Table = Batch.__table__  # type: ignore[attr-defined]
_BATCH = _BATCHES.c

_RENEW = (
    update(_BATCHES)
    .where(
        _BATCH.issue_number == bindparam("issue"),
        _BATCH.number == bindparam("batch"),
        _BATCH.attempt_id == bindparam("attempt"),
        _BATCH.state == BatchState.SENDING.value,
    )
    .values(leased_until=bindparam("end"))
)


def renew(session: Session, held: Claim, lease: Lease) -> bool:
    """Hold a claim for longer; False when it was given up in the meantime."""
    key = {"issue": held.issue_number, "batch": held.batch, "attempt": held.attempt_id}
    renewed: Any = session.connection().execute(_RENEW, {**key, "end": lease.end})
    return bool(renewed.rowcount)


def still_there(
    session: Session, held: Claim, recipients: Sequence[Recipient], *, now: datetime
) -> list[Recipient]:
    """Ask once more who of a held claim may be sent anything; whoever has left is skipped at once.

    Somebody whose goodbye was answered since the claim must not get what has not left yet. And of a
    copy that was thought lost when the batch was claimed again, evidence may have come since that
    it has left: that one is not queued any more.

    Args:
        session: for writing; the claim was renewed in it, so that nobody else has the batch.
        held: the claim.
        recipients: those of it that are next, at least one, in id order.
        now: as of when they may receive.
    """
    batch = {"issue": held.issue_number, "batch": held.batch}
    asked = {**batch, "first": recipients[0].id, "last": recipients[-1].id, "now": now}
    out = session.connection().execute(_who_is_out(), asked).all()
    if not out:
        return list(recipients)
    if waiting := [row for row in out if row.copy_state == DeliveryState.QUEUED.value]:
        skip(session, held.issue_number, waiting, now)
    gone = {row.id for row in out}
    return [one for one in recipients if one.id not in gone]


@cache
def _who_is_out() -> Any:
    """Make the question for those who get nothing now; once, as that takes longer than to ask it."""
    now = bindparam("now", type_=UtcDateTime)
    return (
        select(
            col(Subscriber.id),
            col(Subscriber.state),
            col(Delivery.state).label("copy_state"),
        )
        .join(Delivery, col(Delivery.subscriber_id) == col(Subscriber.id))
        .where(
            col(Delivery.issue_number) == bindparam("issue"),
            col(Delivery.batch) == bindparam("batch"),
            col(Subscriber.id).between(bindparam("first"), bindparam("last")),
            or_(col(Delivery.state) != DeliveryState.QUEUED.value, receivable(now).is_not(True)),
        )
    )


def is_ours(session: Session, held: Claim) -> bool:
    """Say whether nobody else has claimed the batch since; its row is locked by the question."""
    states = (BatchState.SENDING.value, BatchState.UNKNOWN.value)
    ours = _batch(held).where(col(Batch.state).in_(states)).with_for_update()
    return session.execute(ours).first() is not None


def lock_batch(session: Session, held: Claim) -> None:
    """Lock the row of a batch that others may have given up: before its copies, as they do."""
    session.execute(_batch(held).with_for_update())


def _batch(held: Claim) -> Select[Any]:
    return select(col(Batch.number)).where(
        col(Batch.issue_number) == held.issue_number,
        col(Batch.number) == held.batch,
        col(Batch.attempt_id) == held.attempt_id,
    )
