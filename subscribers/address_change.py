"""Letters to another address, once both mailboxes have said yes; until then nothing is different.

A wish keeps its row, empty, after it was withdrawn or came true, until its links have ended: so a
second press of a button is answered rightly, and no later wish takes the links of this one.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from subscribers.address import Address, address_hash
from subscribers.changing import keep, withdraw_address_change
from subscribers.consent import Consent, ConsentEvent
from subscribers.errors import HasLeft, UnknownSubscriber
from subscribers.models import AddressChange, Subscriber, Suppression, SuppressionReason
from subscribers.queries import address_change_of, locked_by_public_id
from subscribers.states import State
from subscribers.suppression import block, is_closed
from subscribers.tokens import EXPIRY_STEP

WITHIN = timedelta(hours=72)
"""How long both mailboxes have to say yes."""

_ON_THE_LIST = frozenset({State.ACTIVE, State.PAUSED})


class Mailbox(StrEnum):
    """Which of the two is asked."""

    OLD = "old"
    NEW = "new"


class Standing(StrEnum):
    """How a wish stands, as one of the mailboxes is told."""

    OPEN = "open"
    """This mailbox has not answered yet."""
    WAITING = "waiting"
    """This mailbox said yes; the other one has not yet."""
    DONE = "done"
    """Both said yes; letters go to the new address."""
    IMPOSSIBLE = "impossible"
    """Both said yes, but the new address belongs to somebody else by now, or wants no letters."""
    GONE = "gone"
    """Withdrawn, replaced by another wish, or too old."""


def ask(
    session: Session, public_id: str, address: Address, *, pepper: bytes, now: datetime
) -> AddressChange:
    """Note that a reader wants letters to go elsewhere; an earlier wish of theirs is replaced.

    Nobody is looked up: that an address is taken, or wants no letters, shows only in that no letter
    is written to it.

    Args:
        session: a writing session.
        public_id: from the token.
        address: the new one.
        pepper: the key of the address hash.
        now: aware.

    Raises:
        UnknownSubscriber: when the id is not on the list.
        HasLeft: when the person gets no letters anyway.
    """
    reader = locked_by_public_id(session, public_id)
    if reader is None or reader.id is None:
        raise UnknownSubscriber
    if reader.state not in _ON_THE_LIST:
        raise HasLeft
    earlier = _locked(session, reader)
    wish = earlier or AddressChange.nothing(reader.id, now)
    wish.round += 1
    wish.new_email, wish.new_key = address.text, address.key
    wish.new_hash = address_hash(address.key, pepper)
    wish.asked_at, wish.from_said_at, wish.to_said_at = now, None, None
    session.add(wish)
    session.flush()
    return wish


def open_wish(session: Session, reader: Subscriber, now: datetime) -> AddressChange | None:
    """Give the wish that waits for a yes; None when there is none."""
    wish = address_change_of(session, reader)
    is_open = wish is not None and _is_open(wish, now) and reader.state in _ON_THE_LIST
    return wish if is_open else None


def is_free(session: Session, wish: AddressChange) -> bool:
    """Say whether the new address may be written to: it is nobody's and wants letters.

    Whoever was erased may come back by their own yes, and this is one.
    """
    holder = select(Subscriber.id).where(Subscriber.address_key == wish.new_key)
    return session.exec(holder).first() is None and not is_closed(session, wish.new_hash)


def standing(
    session: Session, public_id: str, mailbox: Mailbox, round_: int, *, now: datetime
) -> Standing:
    """Say how a wish stands; for reading.

    Args:
        session: a reading session.
        public_id: from the token.
        mailbox: which of the two asks.
        round_: of the wish, from the token.
        now: aware.
    """
    reader = session.exec(select(Subscriber).where(Subscriber.public_id == public_id)).first()
    wish = reader and address_change_of(session, reader)
    if wish is None or reader is None or wish.round != round_:
        return Standing.GONE
    if wish.from_said_at and wish.to_said_at:
        return Standing.IMPOSSIBLE if wish.new_key else Standing.DONE
    if not _is_open(wish, now) or reader.state not in _ON_THE_LIST:
        return Standing.GONE
    said = wish.from_said_at if mailbox is Mailbox.OLD else wish.to_said_at
    return Standing.WAITING if said else Standing.OPEN


def say_yes(
    session: Session,
    public_id: str,
    mailbox: Mailbox,
    round_: int,
    *,
    now: datetime,
    source: str,
) -> Standing:
    """Take the yes of one mailbox, once or again; the second of the two makes the change.

    All links of the old mailbox are withdrawn then, except those for leaving.

    Args:
        session: a writing session; answer only after it has committed.
        public_id: from the token.
        mailbox: whose yes it is.
        round_: of the wish, from the token.
        now: aware.
        source: the page on which it was said.
    """
    reader = locked_by_public_id(session, public_id)
    wish = reader and _locked(session, reader)
    if reader and wish and wish.round == round_ and open_wish(session, reader, now):
        if mailbox is Mailbox.OLD:
            wish.from_said_at = wish.from_said_at or now
        else:
            wish.to_said_at = wish.to_said_at or now
        session.add(wish)
        session.flush()
        if wish.from_said_at and wish.to_said_at and _may_move(session, reader, wish):
            _move(session, reader, wish, Consent(event=_CHANGED, source=source, at=now))
    return standing(session, public_id, mailbox, round_, now=now)


def say_no(session: Session, public_id: str, round_: int | None = None) -> None:
    """Withdraw a wish, once or again, on the word of either mailbox.

    Args:
        session: a writing session.
        public_id: from the token.
        round_: of the wish, from the token; None for the present one.
    """
    reader = locked_by_public_id(session, public_id)
    wish = reader and _locked(session, reader)
    if reader and wish and round_ in (None, wish.round):
        withdraw_address_change(session, reader)


def refuse(session: Session, public_id: str, round_: int, *, now: datetime) -> None:
    """Withdraw a wish, and keep the new address from ever being written to, on its own word.

    Nothing is done to somebody who came by that address meanwhile: they have a way out of their own.
    """
    reader = locked_by_public_id(session, public_id)
    wish = reader and _locked(session, reader)
    if not (reader and wish and wish.round == round_ and open_wish(session, reader, now)):
        return
    if is_free(session, wish):
        try:
            with session.begin_nested():
                block(session, [wish.new_hash], SuppressionReason.READER, now=now)
        except IntegrityError:
            pass  # somebody else has blocked it at the same moment
    withdraw_address_change(session, reader)


def forget_old(session: Session, now: datetime) -> None:
    """Delete the wishes whose links have ended."""
    over = col(AddressChange.asked_at) < now - WITHIN - EXPIRY_STEP
    session.execute(delete(AddressChange).where(over))


_CHANGED = ConsentEvent.CHANGED


def _locked(session: Session, reader: Subscriber) -> AddressChange | None:
    """Read the wish of somebody whose row is locked, and keep it from being deleted meanwhile."""
    return session.exec(
        select(AddressChange)
        .where(AddressChange.subscriber_id == reader.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _is_open(wish: AddressChange, now: datetime) -> bool:
    return bool(wish.new_key) and now < wish.asked_at + WITHIN


def _may_move(session: Session, reader: Subscriber, wish: AddressChange) -> bool:
    # Nobody gets out of a suppression by moving away from it.
    return is_free(session, wish) and not is_closed(session, reader.address_hash or "")


def _move(session: Session, reader: Subscriber, wish: AddressChange, consent: Consent) -> None:
    erased = (Suppression.address_hash == wish.new_hash, Suppression.reason == _ERASED)
    try:
        with session.begin_nested():
            reader.email, reader.address_key = wish.new_email, wish.new_key
            reader.address_hash = wish.new_hash
            reader.token_epoch += 1
            wish.new_email = wish.new_key = wish.new_hash = ""
            keep(session, reader, consent)
            session.execute(delete(Suppression).where(*erased))
            session.flush()
    except IntegrityError:
        pass  # somebody else got the address at the same moment: as if they had had it before
