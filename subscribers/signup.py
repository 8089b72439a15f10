"""Coming onto the list: a form and its confirmation, or an operator who knows of a yes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from subscribers.address import Address, address_hash
from subscribers.changing import Newcomer, enter, keep, record
from subscribers.consent import Consent
from subscribers.errors import AddressSuppressed, HasLeft, RequestGone, UnknownSubscriber
from subscribers.models import Subscriber, Suppression, SuppressionReason
from subscribers.profile import Profile
from subscribers.queries import locked_by_address, locked_by_public_id, suppression_of
from subscribers.states import ON_THE_LIST, OUT, Event, State
from subscribers.suppression import is_closed

CONFIRM_WITHIN = timedelta(hours=72)
MAILS_APART = timedelta(hours=24)

_ASKABLE = frozenset({State.PENDING, State.UNSUBSCRIBED})


@dataclass(frozen=True, slots=True)
class Requested:
    """What a form's request came to. The page says the same in every case.

    Attributes:
        subscriber: None when the address is suppressed and must stay unknown.
        mail_due: whether a confirmation mail should go out now.
    """

    subscriber: Subscriber | None
    mail_due: bool


def add(
    session: Session,
    address: Address,
    *,
    consent: Consent,
    pepper: bytes,
    profile: Profile | None = None,
) -> tuple[Subscriber, bool]:
    """Put somebody on the list on an operator's word that they agreed; see ``consent.stated``.

    Returns:
        The subscriber, active (or paused, if they are), and whether anything changed.

    Raises:
        AddressSuppressed: when the suppression list holds the address.
        HasLeft: when the person unsubscribed, bounced, complained or was suppressed.
    """
    hashed = address_hash(address.key, pepper)
    if suppression_of(session, hashed):
        raise AddressSuppressed
    subscriber = locked_by_address(session, address)
    event = Event.IMPORTED_WITH_CONSENT
    if subscriber is None:
        newcomer = Newcomer(
            address=address,
            address_hash=hashed,
            event=event,
            consent=consent,
            profile=profile or Profile(source="operator"),
        )
        return _entered(session, newcomer), True
    if subscriber.state in OUT:
        raise HasLeft(f"this person is {subscriber.state}; only their own new sign-up can help")
    before = subscriber.state
    record(session, subscriber, event, now=consent.at, actor=consent.actor)
    changed = subscriber.state != before
    if changed:
        keep(session, subscriber, consent)
    return subscriber, changed


def request(
    session: Session,
    address: Address,
    *,
    consent: Consent,
    pepper: bytes,
    profile: Profile | None = None,
) -> Requested:
    """Note that somebody typed an address into the form; nobody is subscribed by that.

    The instant is that of the consent. One confirmation mail a day goes to an address, however
    often it is typed. An erased person may come back; any other suppression is not touched.
    """
    hashed = address_hash(address.key, pepper)
    if is_closed(session, hashed):
        return Requested(None, mail_due=False)
    subscriber = locked_by_address(session, address)
    if subscriber is None:
        newcomer = Newcomer(
            address=address,
            address_hash=hashed,
            event=Event.ASKED,
            consent=consent,
            profile=profile or Profile(source="form"),
        )
        subscriber = _entered(session, newcomer)
        subscriber.asked_at = consent.at
        return Requested(subscriber, mail_due=True)
    due = subscriber.state in _ASKABLE and not _asked_lately(subscriber, consent.at)
    if due:
        record(session, subscriber, Event.ASKED, now=consent.at, actor=consent.actor)
        keep(session, subscriber, consent)
    return Requested(subscriber, mail_due=due)


def confirm(session: Session, public_id: str, *, consent: Consent) -> bool:
    """Take the mailbox's yes to a request that is still open; the instant is that of the consent.

    Returns:
        False when the person was subscribed already.

    Raises:
        UnknownSubscriber: when the request was deleted in the meantime.
        RequestGone: when no request is open, or it is older than CONFIRM_WITHIN.
    """
    subscriber = locked_by_public_id(session, public_id)
    if subscriber is None:
        raise UnknownSubscriber
    if subscriber.state in ON_THE_LIST:
        return False
    if not can_confirm(session, subscriber, now=consent.at):
        raise RequestGone
    record(session, subscriber, Event.CONFIRMED, now=consent.at, actor=consent.actor)
    keep(session, subscriber, consent)
    session.execute(
        delete(Suppression).where(  # the reason is asked again: a "never" may have come meanwhile
            col(Suppression.address_hash) == subscriber.address_hash,
            col(Suppression.reason) == SuppressionReason.ERASED,
        )
    )
    return True


def open_until(subscriber: Subscriber) -> datetime | None:
    """Say until when a request can be confirmed; None when none is open."""
    return subscriber.asked_at and subscriber.asked_at + CONFIRM_WITHIN


def can_confirm(session: Session, subscriber: Subscriber, *, now: datetime) -> bool:
    """Say whether a yes of this mailbox would count: a request is open, and nothing stands against it."""
    until = open_until(subscriber)
    hashed = subscriber.address_hash or ""
    return until is not None and now <= until and not is_closed(session, hashed)


def _asked_lately(subscriber: Subscriber, now: datetime) -> bool:
    return subscriber.asked_at is not None and now - subscriber.asked_at < MAILS_APART


def _entered(session: Session, newcomer: Newcomer) -> Subscriber:
    (id_,) = enter(session, [newcomer])
    return session.get_one(Subscriber, id_)
