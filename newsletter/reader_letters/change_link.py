"""The link in both letters about another address: bound to one wish, and good as long as it is."""

from datetime import datetime

from sqlmodel import Session

from subscribers.address_change import WITHIN
from subscribers.models import Subscriber
from subscribers.queries import address_change_of
from subscribers.tokens import Purpose, Signer


def change_link(
    signer: Signer, purpose: Purpose, session: Session, reader: Subscriber, now: datetime
) -> str:
    """Sign the token for one of the two mailboxes.

    Args:
        signer: makes the token.
        purpose: CHANGE_FROM or CHANGE_TO.
        session: for reading.
        reader: who wants to move.
        now: aware.
    """
    wish = address_change_of(session, reader)
    asked_at, number = (wish.asked_at, wish.round) if wish else (now, 0)
    return signer.sign(
        purpose,
        reader.public_id,
        issue=number,
        epoch=reader.token_epoch,
        expires=asked_at + WITHIN,
    )
