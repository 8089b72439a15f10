"""The suppression list: addresses that get no letters, whatever an import, a form or an editor says."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from subscribers.address import Address, address_hash
from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.models import Suppression, SuppressionReason
from subscribers.queries import (
    locked_by_address,
    locked_by_public_id,
    suppressed_among,
    suppression_of,
)
from subscribers.states import Event, State

CLOSED = frozenset({State.SUPPRESSED, State.COMPLAINED, State.BOUNCED})
"""States out of which an operator releases somebody."""

_WEAK = (SuppressionReason.ERASED, SuppressionReason.BOUNCE)
"""Reasons that others outrank, the weakest first."""


def suppress(
    session: Session,
    address: Address,
    reason: SuppressionReason = SuppressionReason.OPERATOR,
    *,
    pepper: bytes,
    now: datetime,
    note: str = "",
) -> bool:
    """Keep an address from getting letters, whether or not it is on the list.

    Args:
        session: a writing session.
        address: also one that has never been seen.
        reason: the kind of reason.
        pepper: the key of the address hash.
        now: aware.
        note: the operator's words; should not hold the address.

    Returns:
        False when it was suppressed already.
    """
    hashed = address_hash(address.key, pepper)
    subscriber = locked_by_address(session, address)
    if subscriber is not None:
        event = Event.SUPPRESSED_BY_OPERATOR
        record(session, subscriber, event, now=now, actor=Actor.OPERATOR, reason=note or None)
    return bool(block(session, [hashed], reason, now=now, note=note))


def block(
    session: Session,
    hashes: Collection[str],
    reason: SuppressionReason,
    *,
    now: datetime,
    note: str = "",
) -> set[str]:
    """Put address hashes on the list and leave the people on it as they are.

    A hash takes a stronger reason: erasure can be lifted by the person's own yes and a bounce by
    the provider, the other reasons only by an operator.

    Returns:
        The hashes that were not on it before.
    """
    row = {"reason": reason, "created_at": now, "note": note}
    unknown = set(hashes) - suppressed_among(session, hashes)
    new = _put(session, [{"address_hash": hashed, **row} for hashed in sorted(unknown)])
    if known := set(hashes) - new:
        session.execute(
            update(Suppression)
            .where(
                col(Suppression.address_hash).in_(known),
                col(Suppression.reason).in_(_weaker_than(reason)),
            )
            .values(reason=reason, note=note)
        )
    return new


def lift_bounces(session: Session, hashes: Collection[str]) -> None:
    """Take those hashes off the list that stand there for a mailbox that works again."""
    session.execute(
        delete(Suppression).where(
            col(Suppression.address_hash).in_(hashes),
            col(Suppression.reason) == SuppressionReason.BOUNCE,
        )
    )


def _put(session: Session, rows: list[dict[str, object]]) -> set[str]:
    """Add rows; give the hashes of those that nobody else has added at the same moment."""
    if not rows:
        return set()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    new = sqlite.insert(Suppression) if is_sqlite else postgresql.insert(Suppression)
    added = new.on_conflict_do_nothing().returning(col(Suppression.address_hash))
    return set(session.execute(added, rows).scalars())


def _weaker_than(reason: SuppressionReason) -> tuple[SuppressionReason, ...]:
    return _WEAK[: _WEAK.index(reason)] if reason in _WEAK else _WEAK


def refuse(session: Session, public_id: str, *, now: datetime, epoch: int = 0) -> bool:
    """Keep somebody's address from ever being written to, on the mailbox's own word.

    Args:
        session: a writing session.
        public_id: from the token in a letter that was sent to this mailbox.
        now: aware.
        epoch: the reader's when that letter was written. Whoever has moved to another address since
            then has a mailbox there that did not say this.

    Returns:
        False when the service holds no such address any more.
    """
    subscriber = locked_by_public_id(session, public_id)
    if subscriber is None or subscriber.address_hash is None or subscriber.token_epoch != epoch:
        return False
    record(session, subscriber, Event.REFUSED, now=now, actor=Actor.READER)
    block(session, [subscriber.address_hash], SuppressionReason.READER, now=now)
    return True


def is_closed(session: Session, address_hash: str) -> bool:
    """Say whether not even the mailbox's own yes would open an address to letters.

    It does after an erasure: whoever was forgotten may come back.
    """
    found = suppression_of(session, address_hash)
    return found is not None and found.reason != SuppressionReason.ERASED


def release(
    session: Session, address: Address, *, pepper: bytes, now: datetime, reason: str | None = None
) -> bool:
    """Lift a suppression, a complaint or a bounce on the operator's word.

    The person is then like one who has left: letters still need their own fresh yes.

    Returns:
        False when there was nothing to lift.
    """
    subscriber = locked_by_address(session, address)  # first, as whoever suppresses does
    same = col(Suppression.address_hash) == address_hash(address.key, pepper)
    lifted = delete(Suppression).where(same).returning(col(Suppression.id))
    was_there = session.execute(lifted).first() is not None
    if subscriber is None or subscriber.state not in CLOSED:
        return was_there
    event = Event.RELEASED_BY_OPERATOR
    record(session, subscriber, event, now=now, actor=Actor.OPERATOR, reason=reason)
    return True
