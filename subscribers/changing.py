"""The only two ways a state is written: a subscriber enters the list, or something happens to one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col

from subscribers.address import Address
from subscribers.consent import Actor, Consent
from subscribers.errors import HasLeft, UnknownSubscriber
from subscribers.models import (
    AddressChange,
    ConsentEntry,
    StateChange,
    Subscriber,
    new_public_id,
)
from subscribers.profile import Profile, is_tailored
from subscribers.queries import ids_of, locked_by_public_id
from subscribers.states import OUT, Event, State, advance

_BY_PROVIDER = frozenset(
    {
        Event.HARD_BOUNCED,
        Event.COMPLAINED,
        Event.SUPPRESSED_BY_PROVIDER,
        Event.REACTIVATED,
        Event.RELEASED_BY_PROVIDER,
    }
)
"""What a provider tells may be taken back by it; until then a pause goes on beneath."""

_WAITING_FOR_A_YES = frozenset({State.PENDING, State.UNSUBSCRIBED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody who is not on the list yet.

    Attributes:
        address_hash: under which the suppression list would know the address.
        event: by which they come.
        consent: the evidence; its instant and actor are those of the event.
        public_id: given only when links already name this person.
        created_at: when they joined elsewhere; None for now. The other instants likewise.
    """

    address: Address
    address_hash: str
    event: Event
    consent: Consent
    profile: Profile = field(default_factory=Profile)
    public_id: str | None = None
    created_at: datetime | None = None
    confirmed_at: datetime | None = None
    unsubscribed_at: datetime | None = None


def reader_for_change(session: Session, public_id: str) -> Subscriber:
    """Read a subscriber in order to keep something new about them.

    Raises:
        UnknownSubscriber: when the id is not on the list.
        HasLeft: when the person has left: nothing new is kept about them.
    """
    subscriber = locked_by_public_id(session, public_id)
    if subscriber is None:
        raise UnknownSubscriber
    if subscriber.state in OUT:
        raise HasLeft
    return subscriber


def enter(
    session: Session, newcomers: Sequence[Newcomer], *, reason: str | None = None
) -> list[int]:
    """Put newcomers on the list; costs four statements, however many they are.

    Returns:
        Their ids, in the order given.

    Raises:
        ForbiddenTransition: when nobody can enter by such an event.
    """
    if not newcomers:
        return []
    rows = [_subscriber_row(newcomer) for newcomer in newcomers]
    session.execute(insert(Subscriber), rows)
    # INSERT … RETURNING in a known order would cost a statement a row on SQLite.
    id_of = ids_of(session, [row["public_id"] for row in rows])
    ids = [id_of[row["public_id"]] for row in rows]
    named = list(zip(ids, newcomers, strict=True))
    session.execute(insert(StateChange), [_change_row(id_, new, reason) for id_, new in named])
    session.execute(insert(ConsentEntry), [_consent_row(id_, new.consent) for id_, new in named])
    return ids


def record(
    session: Session,
    subscriber: Subscriber,
    event: Event,
    *,
    now: datetime,
    actor: Actor,
    reason: str | None = None,
) -> State:
    """Let something happen to a subscriber; the row should have been read by ``queries.locked``.

    Sets the instants that belong to the event, and logs the step when the state changed.

    Returns:
        The state afterwards.

    Raises:
        ForbiddenTransition: when this cannot happen in the present state; nothing is changed.
    """
    before, after = subscriber.state, advance(subscriber.state, event)
    _set_instants(subscriber, event, after, now)
    session.add(subscriber)
    if after != before:
        subscriber.state = after
        subscriber.state_changed_at = now
        session.add(
            StateChange(
                subscriber_id=_id(subscriber),
                from_state=before,
                to_state=after,
                event=event,
                at=now,
                actor=actor,
                reason=reason,
            )
        )
    if after in OUT:
        withdraw_address_change(session, subscriber)
    return after


def withdraw_address_change(session: Session, subscriber: Subscriber) -> None:
    """End a subscriber's wish to be written to elsewhere; see ``address_change``."""
    session.execute(
        update(AddressChange)
        .where(col(AddressChange.subscriber_id) == subscriber.id)
        .values(new_email="", new_key="", new_hash="", from_said_at=None, to_said_at=None)
    )


def keep(session: Session, subscriber: Subscriber, consent: Consent) -> None:
    """Keep a piece of evidence on a subscriber."""
    session.add(ConsentEntry(**_consent_row(_id(subscriber), consent)))


def profile_of(subscriber: Subscriber) -> Profile:
    """Read the profile of a row."""
    return Profile(
        name=subscriber.name,
        timezone=subscriber.timezone,
        locale=subscriber.locale,
        cadence=subscriber.cadence,
        topics=tuple(subscriber.topics),
        follows=tuple(subscriber.follows),
        tags=tuple(subscriber.tags),
        attributes=subscriber.attributes,
        source=subscriber.source,
    )


def set_profile(subscriber: Subscriber, profile: Profile) -> None:
    """Write a profile into a row."""
    for column, value in _profile_row(profile).items():
        setattr(subscriber, column, value)


def _set_instants(subscriber: Subscriber, event: Event, after: State, now: datetime) -> None:
    match event:
        case Event.ASKED if after in _WAITING_FOR_A_YES:
            subscriber.asked_at = now
        case Event.CONFIRMED:
            subscriber.confirmed_at = now
            subscriber.unsubscribed_at = None
        case Event.UNSUBSCRIBED:
            subscriber.unsubscribed_at = subscriber.unsubscribed_at or now
        case Event.UNDONE:
            subscriber.unsubscribed_at = None
        case _:
            pass
    if event != Event.ASKED:
        subscriber.asked_at = None  # a request is used up, withdrawn or overtaken
    if after != State.PAUSED and event not in _BY_PROVIDER:
        subscriber.paused_until = None


def _subscriber_row(newcomer: Newcomer) -> dict[str, Any]:
    state, now = advance(None, newcomer.event), newcomer.consent.at
    left_at = now if state == State.UNSUBSCRIBED else None
    return {
        "public_id": newcomer.public_id or new_public_id(),
        "email": newcomer.address.text,
        "address_key": newcomer.address.key,
        "address_hash": newcomer.address_hash,
        "state": state,
        "token_epoch": 0,
        "created_at": newcomer.created_at or now,
        "confirmed_at": newcomer.confirmed_at,
        "unsubscribed_at": newcomer.unsubscribed_at or left_at,
        "state_changed_at": now,
        "tailored": is_tailored(newcomer.profile.cadence, newcomer.profile.topics),
        **_profile_row(newcomer.profile),
    }


def _profile_row(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "timezone": profile.timezone,
        "locale": profile.locale,
        "cadence": profile.cadence,
        "topics": list(profile.topics),
        "follows": list(profile.follows),
        "tags": list(profile.tags),
        "attributes": dict(profile.attributes),
        "source": profile.source,
    }


def _change_row(id_: int, newcomer: Newcomer, reason: str | None) -> dict[str, Any]:
    return {
        "subscriber_id": id_,
        "to_state": advance(None, newcomer.event),
        "event": newcomer.event,
        "at": newcomer.consent.at,
        "actor": newcomer.consent.actor,
        "reason": reason,
    }


def _consent_row(id_: int, consent: Consent) -> dict[str, Any]:
    evidence = {each.name: getattr(consent, each.name) for each in fields(consent)}
    return {"subscriber_id": id_, **evidence}


def _id(subscriber: Subscriber) -> int:
    if subscriber.id is None:
        raise ValueError("flush the subscriber before recording anything about them")
    return subscriber.id
