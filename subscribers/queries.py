"""Every question asked about subscribers; nothing here writes."""

import json
from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    String,
    and_,
    cast,
    exists,
    func,
    or_,
    type_coerce,
    union,
)
from sqlmodel import Session, col, select

from subscribers.address import Address
from subscribers.models import (
    AddressChange,
    ConsentEntry,
    StateChange,
    Subscriber,
    Suppression,
    SuppressionReason,
)
from subscribers.states import ON_THE_LIST, State


def by_address(session: Session, address: Address) -> Subscriber | None:
    """Find a subscriber by any spelling of the address."""
    return session.exec(select(Subscriber).where(Subscriber.address_key == address.key)).first()


def by_public_id(session: Session, public_id: str) -> Subscriber | None:
    """Find a subscriber by the id that stands in links."""
    return session.exec(select(Subscriber).where(Subscriber.public_id == public_id)).first()


def locked(session: Session, condition: ColumnElement[bool]) -> list[Subscriber]:
    """Read subscribers in order to change them, in id order so that two writers cannot deadlock.

    On PostgreSQL the rows stay locked until the transaction ends: whoever claims a batch takes
    ``FOR SHARE`` on them and so sees either the state before or the one after. SQLite has one writer.
    """
    statement = (
        select(Subscriber)
        .where(condition)
        .order_by(col(Subscriber.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.exec(statement))


def locked_by_public_id(session: Session, public_id: str) -> Subscriber | None:
    """Read one subscriber in order to change them."""
    return next(iter(locked(session, col(Subscriber.public_id) == public_id)), None)


def locked_by_address(session: Session, address: Address) -> Subscriber | None:
    """Read one subscriber in order to change them."""
    return next(iter(locked(session, col(Subscriber.address_key) == address.key)), None)


def is_any(session: Session, condition: ColumnElement[bool]) -> bool:
    """Say whether there is a subscriber of whom a condition holds."""
    return session.exec(select(Subscriber.id).where(condition).limit(1)).first() is not None


def token_epoch(session: Session, public_id: str) -> int | None:
    """Give the epoch that a subscriber's tokens were signed with; None for an unknown id."""
    return session.exec(
        select(Subscriber.token_epoch).where(Subscriber.public_id == public_id)
    ).first()


def counts(session: Session) -> dict[State, int]:
    """Count subscribers in every state, zeros included."""
    found = session.exec(select(Subscriber.state, func.count()).group_by(col(Subscriber.state)))
    return dict.fromkeys(State, 0) | {State(state): count for state, count in found}


def wishes(session: Session) -> dict[tuple[str, tuple[str, ...]], int]:
    """Count active subscribers by how often they want a letter, and on which topics; none for all.

    On PostgreSQL JSON has no equality. On SQLite it is text as it was written, and an index there
    (revision 0014) has the rows in the order in which they are grouped: a tenth of the time.
    """
    kept = col(Subscriber.topics)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    topics = type_coerce(kept, String) if is_sqlite else cast(kept, String)
    rows = session.exec(
        select(Subscriber.cadence, topics, func.count())
        .where(col(Subscriber.state) == State.ACTIVE, col(Subscriber.tailored))
        .group_by(col(Subscriber.cadence), topics)
    )
    found: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for cadence, chosen, count in rows:
        found[cadence, tuple(json.loads(chosen))] += count
    return dict(found)


def receivable(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Give the condition under which a row of ``subscribers`` may be sent anything at all.

    Active, or paused until an instant that has passed; not on the suppression list. The list is
    asked although every suppression also changes the state: a suppression and a sign-up that
    commit at the same moment do not see each other. How often is for the editions to say.

    Use it in a WHERE of any statement that reads from ``Subscriber``:
    ``insert(deliveries).from_select(names, select(...).where(receivable(now)))``.
    """
    not_pausing = or_(
        col(Subscriber.paused_until) <= now,
        and_(col(Subscriber.paused_until).is_(None), col(Subscriber.state) == State.ACTIVE),
    )
    suppressed = exists().where(col(Suppression.address_hash) == col(Subscriber.address_hash))
    return and_(
        col(Subscriber.state).in_(ON_THE_LIST),
        not_pausing,
        ~suppressed.correlate(Subscriber),
    )


def away(now: datetime) -> CompoundSelect[int]:
    """Select the ids of all of whom ``receivable`` does not hold.

    The same rule from its other side, each part of it by an index: no database turns it over by
    itself, and where few are away it took four times as long to read everybody.
    """
    id_, state, until = col(Subscriber.id), col(Subscriber.state), col(Subscriber.paused_until)
    gone = [one for one in State if one not in ON_THE_LIST]
    suppressed = select(Suppression.address_hash)
    return union(
        select(id_).where(state.in_(gone)),
        select(id_).where(until > now),
        select(id_).where(state == State.PAUSED, until.is_(None)),
        # Joined, SQLite would look at everybody for the few who are suppressed.
        select(id_).where(col(Subscriber.address_hash).in_(suppressed)),
    )


def came_between(first: datetime, last: datetime) -> ColumnElement[bool]:
    """Give the condition that somebody came between two instants, or that their pause ended then.

    Only for rows that are receivable: of others it says when they left.
    """
    until, changed = col(Subscriber.paused_until), col(Subscriber.state_changed_at)
    return or_(until.between(first, last), and_(until.is_(None), changed.between(first, last)))


def suppression_of(session: Session, address_hash: str) -> Suppression | None:
    """Find the suppression of an address by its keyed hash."""
    return session.exec(select(Suppression).where(Suppression.address_hash == address_hash)).first()


def suppressed_among(session: Session, hashes: Collection[str]) -> set[str]:
    """Give those of some address hashes that are on the suppression list."""
    found = select(Suppression.address_hash).where(col(Suppression.address_hash).in_(hashes))
    return set(session.exec(found))


def suppressions_among(
    session: Session, hashes: Collection[str]
) -> dict[str, tuple[SuppressionReason, str]]:
    """Read why some address hashes are on the suppression list: reason and note, by the hash."""
    found = select(Suppression.address_hash, Suppression.reason, Suppression.note).where(
        col(Suppression.address_hash).in_(hashes)
    )
    return {hash_: (SuppressionReason(reason), note) for hash_, reason, note in session.exec(found)}


def ids_of(session: Session, public_ids: Collection[str]) -> dict[str, int]:
    """Give the row ids of those of some public ids that somebody has."""
    found = session.exec(
        select(Subscriber.public_id, Subscriber.id).where(col(Subscriber.public_id).in_(public_ids))
    )
    return {public_id: id_ for public_id, id_ in found if id_ is not None}


def address_change_of(session: Session, subscriber: Subscriber) -> AddressChange | None:
    """Find one subscriber's wish to be written to elsewhere, also one that is over."""
    return session.exec(
        select(AddressChange).where(AddressChange.subscriber_id == subscriber.id)
    ).first()


def consents_of(session: Session, subscriber: Subscriber) -> list[ConsentEntry]:
    """Read the evidence on one subscriber, oldest first."""
    return list(
        session.exec(
            select(ConsentEntry)
            .where(ConsentEntry.subscriber_id == subscriber.id)
            .order_by(col(ConsentEntry.at), col(ConsentEntry.id))
        )
    )


def changes_of(session: Session, subscriber: Subscriber) -> list[StateChange]:
    """Read the states one subscriber went through, oldest first."""
    return list(
        session.exec(
            select(StateChange)
            .where(StateChange.subscriber_id == subscriber.id)
            .order_by(col(StateChange.id))
        )
    )
