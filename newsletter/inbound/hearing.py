"""A mail is heard: whom it lets go is gone, what it tells of a letter is stored; its words are not kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlmodel import Session

from newsletter.inbound.mail import InboundMail
from newsletter.inbound.returning import take_in
from newsletter.inbound.stopping import asks_to_stop
from newsletter.leaving import leave
from subscribers import queries
from subscribers.address import Address
from subscribers.errors import InvalidAddress, TokenRefused
from subscribers.tokens import Signer
from subscribers.unsubscribe import By


class Heard(StrEnum):
    """What was understood."""

    MAILTO = "mailto"
    """It came to somebody's own address for leaving."""
    REPLY = "reply"
    """Somebody on the list says that they want no more."""
    STRANGER = "stranger"
    """Somebody says so whose address is not on the list."""
    RETURNED = "returned"
    """A letter came back, or is late: it says so to the address in the letter's envelope."""
    NOTHING = "nothing"
    """Nothing that is for us to do."""


@dataclass(frozen=True, slots=True, repr=False)
class Ears:
    """What it takes to understand a mail.

    Attributes:
        signer: knows the addresses for leaving, and those in the envelopes of letters.
        pepper: hides addresses.
        domain: of the sender of letters.
    """

    signer: Signer
    pepper: bytes
    domain: str


def hear(session: Session, mail: InboundMail, ears: Ears, *, now: datetime) -> Heard:
    """Do what a mail asks for; the same mail again does nothing.

    An address for leaving is an authority, whatever stands in the mail. So is that in a letter's
    envelope, for reports about the letter; nothing else that comes there is for a program. Without
    such an address the one that the mail says it comes from decides. That can be forged, and a
    receipt goes to its owner.

    Args:
        session: a writing session; answer only after it has committed.
        mail: as it came.
        ears: what it takes to understand it.
        now: aware.
    """
    if public_id := _whose(mail, ears.signer.by_mail.read):
        leave(session, public_id, now=now, source=Heard.MAILTO, by=By(mail.message_id))
        return Heard.MAILTO
    epoch_of = partial(queries.token_epoch, session)
    if public_id := _whose(mail, partial(ears.signer.returned.read, epoch_of=epoch_of)):
        domain, pepper = ears.domain, ears.pepper
        is_report = take_in(session, mail, public_id, domain=domain, pepper=pepper, now=now)
        return Heard.RETURNED if is_report else Heard.NOTHING
    if not asks_to_stop(mail):
        return Heard.NOTHING
    try:
        reader = queries.by_address(session, Address.parse(mail.sender))
    except InvalidAddress:
        reader = None
    if reader is None:
        return Heard.STRANGER
    leave(session, reader.public_id, now=now, source=Heard.REPLY, by=By(mail.message_id))
    return Heard.REPLY


def _whose(mail: InboundMail, read: Callable[[str], str]) -> str | None:
    for mark in mail.marks:
        try:
            return read(mark)
        except TokenRefused:
            continue
    return None
