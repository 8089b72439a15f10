"""Letters to another address, once both mailboxes have said yes; until then everything stays.

A wish that was withdrawn or came true keeps its row, empty, until its links have ended: so a second
press of a button is answered rightly, and the links of one wish say nothing about the next.
"""

from contextlib import suppress
from dataclasses import dataclass
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
from subscribers.queries import address_change_of, by_public_id, locked_by_public_id
from subscribers.states import ON_THE_LIST
from subscribers.suppression import block, is_closed
from subscribers.tokens import EXPIRY_STEP

WITHIN = timedelta(hours=72)
"""How long both mailboxes have to say yes."""


class Mailbox(StrEnum):
    """Which of the two is asked."""

    OLD = "old"
    NEW = "new"


class Standing(StrEnum):
    """How a wish stands, as one of the mailboxes is told."""

    OPEN = "open"
    """This mailbox has not answered yet."""
    WAITING = "waiting"
    """This mailbox said yes; the other one has not answered yet."""
    DONE = "done"
    """Both said yes: letters go to the new address."""
    IMPOSSIBLE = "impossible"
    """Both said yes, but the new address is somebody else's by now, or wants no letters."""
    WITHDRAWN = "withdrawn"
    """One of the mailboxes said no, or the reader left or thought better of it."""
    GONE = "gone"
    """Replaced by another wish, or too old."""


@dataclass(frozen=True, slots=True)
class Link:
    """What the link in one of the two letters says.

    Attributes:
        public_id: whose wish it is.
        mailbox: that the letter went to.
        round: of the wish.
    """

    public_id: str
    mailbox: Mailbox
    round: int


def ask(
    session: Session, public_id: str, address: Address, *, pepper: bytes, now: datetime
) -> AddressChange:
    """Note that a reader wants letters to go elsewhere; an earlier wish of theirs is replaced.

    Nobody is looked up: that an address is taken, or wants no letters, shows only in the letter
    that it does not get.

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
    reader, wish = _locked(session, public_id)
    if reader is None or reader.id is None:
        raise UnknownSubscriber
    if reader.state not in ON_THE_LIST:
        raise HasLeft
    wish = wish or AddressChange(subscriber_id=reader.id, round=0, asked_at=now)
    wish.round += 1
    wish.new_email, wish.new_key = address.text, address.key
    wish.new_hash = address_hash(address.key, pepper)
    wish.asked_at, wish.from_said_at, wish.to_said_at = now, None, None
    session.add(wish)
    session.flush()
    return wish


def open_wish(session: Session, reader: Subscriber, now: datetime) -> AddressChange | None:
    """Give the wish that still waits for a yes; None when there is none."""
    wish = address_change_of(session, reader)
    return wish if wish and _is_open(reader, wish, now) else None


def is_free(session: Session, wish: AddressChange) -> bool:
    """Say whether the new address may be written to: it is nobody's, and wants letters.

    Whoever was erased may come back by their own yes, and this would be one.
    """
    holder = select(Subscriber.id).where(Subscriber.address_key == wish.new_key)
    return session.exec(holder).first() is None and not is_closed(session, wish.new_hash)


def standing(session: Session, link: Link, now: datetime) -> Standing:
    """Say how things stand with the wish that a link belongs to."""
    reader = by_public_id(session, link.public_id)
    wish = address_change_of(session, reader) if reader else None
    if reader is None or wish is None or wish.round != link.round:
        return Standing.GONE
    if wish.from_said_at and wish.to_said_at:
        return Standing.IMPOSSIBLE if wish.new_key else Standing.DONE
    if not wish.new_key:
        return Standing.WITHDRAWN
    if not _is_open(reader, wish, now):
        return Standing.GONE
    said = wish.from_said_at if link.mailbox is Mailbox.OLD else wish.to_said_at
    return Standing.WAITING if said else Standing.OPEN


def say_yes(session: Session, link: Link, *, now: datetime, source: str) -> Standing:
    """Take the yes of one mailbox, once or again; the second of the two makes the change.

    It withdraws all links that the old mailbox has, except those for leaving.

    Args:
        session: a writing session; answer only after it has committed.
        link: from the token.
        now: aware.
        source: the page on which it was said.

    Returns:
        How things stand afterwards.
    """
    reader, wish = _locked(session, link.public_id)
    if reader and wish and wish.round == link.round and _is_open(reader, wish, now):
        if link.mailbox is Mailbox.OLD:
            wish.from_said_at = wish.from_said_at or now
        else:
            wish.to_said_at = wish.to_said_at or now
        session.add(wish)
        session.flush()
        if wish.from_said_at and wish.to_said_at and _may_move(session, reader, wish):
            with suppress(IntegrityError):  # somebody else got the address at the same moment
                _move(session, reader, wish, now, source)
    return standing(session, link, now)


def say_no(session: Session, link: Link) -> None:
    """Withdraw a wish on the word of either mailbox; after it came true this does nothing."""
    reader, wish = _locked(session, link.public_id)
    if reader and wish and wish.round == link.round and wish.new_key:
        withdraw_address_change(session, reader)


def withdraw(session: Session, public_id: str) -> None:
    """Withdraw whatever wish a reader has."""
    reader, wish = _locked(session, public_id)
    if reader and wish and wish.new_key:
        withdraw_address_change(session, reader)


def refuse(session: Session, link: Link, now: datetime) -> None:
    """Withdraw a wish, and keep the new address from ever being written to, on its own word.

    Nothing is done to somebody who came by that address meanwhile: they have a way out of their own.
    """
    reader, wish = _locked(session, link.public_id)
    if not (reader and wish and wish.round == link.round and _is_open(reader, wish, now)):
        return
    if is_free(session, wish):
        block(session, [wish.new_hash], SuppressionReason.READER, now=now)
    withdraw_address_change(session, reader)


def forget_old(session: Session, now: datetime) -> None:
    """Delete the wishes whose links have ended."""
    over = col(AddressChange.asked_at) < now - WITHIN - EXPIRY_STEP
    session.execute(delete(AddressChange).where(over))


def _locked(session: Session, public_id: str) -> tuple[Subscriber | None, AddressChange | None]:
    """Read a reader and their wish in order to change them; nobody deletes the wish meanwhile."""
    reader = locked_by_public_id(session, public_id)
    if reader is None:
        return None, None
    wish = session.exec(
        select(AddressChange)
        .where(AddressChange.subscriber_id == reader.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    return reader, wish


def _is_open(reader: Subscriber, wish: AddressChange, now: datetime) -> bool:
    in_time = now < wish.asked_at + WITHIN
    return bool(wish.new_key) and in_time and reader.state in ON_THE_LIST


def _may_move(session: Session, reader: Subscriber, wish: AddressChange) -> bool:
    # Nobody gets out of a suppression by moving away from it.
    return is_free(session, wish) and not is_closed(session, reader.address_hash or "")


def _move(
    session: Session, reader: Subscriber, wish: AddressChange, now: datetime, source: str
) -> None:
    with session.begin_nested():
        erased = (
            col(Suppression.address_hash) == wish.new_hash,
            col(Suppression.reason) == SuppressionReason.ERASED,
        )
        session.execute(delete(Suppression).where(*erased))
        reader.email, reader.address_key = wish.new_email, wish.new_key
        reader.address_hash = wish.new_hash
        reader.token_epoch += 1
        wish.new_email = wish.new_key = wish.new_hash = ""
        keep(session, reader, Consent(event=ConsentEvent.CHANGED, source=source, at=now))
        session.flush()
