"""A mail is heard: whoever it lets go is gone, once, and nothing of it is kept but its id."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from newsletter.inbound.mail import InboundMail
from newsletter.inbound.stopping import asks_to_stop
from newsletter.leaving import leave
from subscribers import queries
from subscribers.address import Address
from subscribers.errors import InvalidAddress, TokenRefused
from subscribers.mail_tokens import MailSigner


class Heard(StrEnum):
    """What was understood."""

    MAILTO = "mailto"
    """It came to somebody's own address for leaving."""
    REPLY = "reply"
    """Somebody on the list says that they want no more."""
    STRANGER = "stranger"
    """Somebody says so whose address is not on the list."""
    NOTHING = "nothing"
    """Nothing that is for us to do."""


def hear(session: Session, mail: InboundMail, *, signer: MailSigner, now: datetime) -> Heard:
    """Do what a mail asks for; the same mail again does nothing.

    An address for leaving is an authority, whatever stands in the mail. Without one the address
    that it says it comes from decides. That can be forged, and a receipt goes to its owner.

    Args:
        session: a writing session; answer only after it has committed.
        mail: as it came.
        signer: knows the addresses for leaving.
        now: aware.
    """
    if public_id := _own_address(mail, signer):
        leave(session, public_id, now=now, source=Heard.MAILTO, message_id=mail.message_id)
        return Heard.MAILTO
    if not asks_to_stop(mail):
        return Heard.NOTHING
    try:
        reader = queries.by_address(session, Address.parse(mail.sender))
    except InvalidAddress:
        reader = None
    if reader is None:
        return Heard.STRANGER
    leave(session, reader.public_id, now=now, source=Heard.REPLY, message_id=mail.message_id)
    return Heard.REPLY


def _own_address(mail: InboundMail, signer: MailSigner) -> str | None:
    for mark in mail.marks:
        try:
            return signer.read(mark)
        except TokenRefused:
            continue
    return None
