"""What each copy of a call came to is written into its row, in one statement for all alike."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, Update, and_, bindparam, exists, func, or_, update
from sqlmodel import Session

from newsletter.database import looked_up
from newsletter.delivery.claiming import Claim
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Batch, Delivery, DeliveryState

_BATCH = Batch.__table__.c  # type: ignore[attr-defined]
_DELIVERIES: Table = Delivery.__table__  # type: ignore[attr-defined]
_COPY = _DELIVERIES.c

_STATES = {
    Outcome.ACCEPTED: DeliveryState.ACCEPTED,
    Outcome.REJECTED: DeliveryState.REJECTED,
    Outcome.UNKNOWN: DeliveryState.UNKNOWN,
    Outcome.NOT_TAKEN: DeliveryState.QUEUED,  # also when it was thought lost in the meantime
}


def settle_copies(
    session: Session, claim: Claim, receipts: Sequence[Receipt], *, now: datetime
) -> Counter[Outcome]:
    """Say what each copy of a claim is now, where nobody knows better.

    An answer that comes after its worker was given up finds copies that were moved on. That they
    were accepted is true whatever happened since; anything else it may say only of copies that are
    in doubt because of this very call, and not of one that another call has in flight, or has put
    in doubt: nobody would look for that one any more.

    Args:
        session: for writing.
        claim: whose call it was.
        receipts: one for each recipient of the claim, in order.
        now: written down as the time of the outcome.

    Returns:
        How many copies are now what the call came to, by outcome.
    """
    connection, moved = session.connection(), Counter[Outcome]()
    told: dict[tuple[Outcome, str | None], dict[int, str]] = defaultdict(dict)
    for recipient, receipt in zip(claim.recipients, receipts, strict=True):
        told[receipt.outcome, receipt.code][recipient.id] = receipt.provider_id or ""
    for (outcome, code), provider_ids in told.items():
        waits = outcome is Outcome.NOT_TAKEN
        settled: Any = connection.execute(
            _settling(outcome, connection.dialect.name),
            {
                "issue": claim.issue_number,
                "number": claim.batch,
                "attempt": claim.attempt_id,
                "given": provider_ids,
                "code": None if waits else code,
                "at": None if waits else now,
            },
        )
        moved[outcome] += settled.rowcount
    return moved


@cache
def _settling(outcome: Outcome, dialect: str) -> Update:
    """Make the statement for copies that came to the same; once, as that takes longer than to run it."""
    given = looked_up(dialect, "given", _COPY.subscriber_id)
    accepted = outcome is Outcome.ACCEPTED
    return (
        update(_DELIVERIES)
        .where(
            _COPY.issue_number == bindparam("issue"),
            _COPY.batch == bindparam("number"),
            _may_become(outcome),
            given.has_key,
        )
        .values(
            state=_STATES[outcome].value,
            reason=bindparam("code"),
            provider_id=func.nullif(given.value, "") if accepted else None,
            attempt_id=bindparam("attempt") if outcome is Outcome.UNKNOWN else None,
            settled_at=bindparam("at"),
        )
    )


def _may_become(outcome: Outcome) -> ColumnElement[bool]:
    if outcome is Outcome.ACCEPTED:
        return _COPY.state.in_([DeliveryState.QUEUED, DeliveryState.UNKNOWN, DeliveryState.HELD])
    own = and_(_COPY.state == DeliveryState.UNKNOWN, _COPY.attempt_id == bindparam("attempt"))
    waiting = and_(_COPY.state == DeliveryState.QUEUED, _batch_is_its_own())
    return or_(waiting, own)


def _batch_is_its_own() -> ColumnElement[bool]:
    """Say in SQL that no other call was made for the batch since: a copy in flight is queued still."""
    return exists().where(
        _BATCH.issue_number == bindparam("issue"),
        _BATCH.number == bindparam("number"),
        _BATCH.attempt_id == bindparam("attempt"),
    )
