"""The story of a goodbye: out at once, a receipt by mail, and a day to think better of it.

A friend with a forwarded letter can press its button, and a machine may. The receipt goes to the
mailbox itself, with a link that takes the goodbye back: nobody is put out without being told. Who
stays with fewer letters gets another one, for the same reason.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from newsletter.notices import rows as notice_rows
from newsletter.notices.letters import LetterKind
from subscribers import queries
from subscribers.errors import UnknownSubscriber
from subscribers.models import Subscriber
from subscribers.pausing import pause
from subscribers.states import ON_THE_LIST
from subscribers.tokens import Purpose, Signer
from subscribers.unsubscribe import (
    NOT_TOLD,
    By,
    Unsubscribed,
    undo,
    undo_until,
    unsubscribe,
)
from subscribers.wishes import choose, wishes_of

_UNDO = "undo"


class Instead(StrEnum):
    """What somebody may want instead of having left. The words are in pages: do not change them."""

    BACK = "back"
    """Everything as it was."""
    MONTHLY = "monthly"
    """A letter once a month."""
    REST = "pause-4"
    """Nothing for four weeks, then everything as it was."""


def leave(
    session: Session, public_id: str, *, now: datetime, source: str, by: By = NOT_TOLD
) -> Unsubscribed:
    """Let a reader go, and have a receipt sent to whoever got letters until now.

    Args:
        session: a writing session; answer only after it has committed.
        public_id: from a token, or of the address that a mail came from.
        now: aware.
        source: where it came from, such as "one-click".
        by: what they did it with.
    """
    done = unsubscribe(session, public_id, now=now, source=source, by=by)
    if done.received:
        day = f"goodbye-{now.date()}"  # who changes their mind all day is told so once
        notice_rows.write_to(session, public_id, LetterKind.GOODBYE, key=day, now=now)
    return done


def undo_token(
    signer: Signer, session: Session, reader: Subscriber, *, now: datetime
) -> str | None:
    """Make the token for taking a goodbye back; None when there is none to take back."""
    until = undo_until(session, reader, now=now)
    if until is None:
        return None
    epoch = reader.token_epoch
    return signer.sign(Purpose.UNDO, reader.public_id, epoch=epoch, expires=until)


def take_back(
    session: Session, public_id: str, instead: Instead, *, rest_until: datetime, now: datetime
) -> bool:
    """Take a goodbye back and do what is wanted instead; once that is done, nothing more.

    Args:
        session: a writing session; answer only after it has committed.
        public_id: from the token.
        instead: what is wanted.
        rest_until: when letters come again after a rest.
        now: aware.

    Returns:
        False when the reader gets letters already, whatever was wanted.

    Raises:
        UnknownSubscriber: when the id is not on the list.
        NothingToUndo: when the reader did not leave by themselves, or too long ago.
    """
    reader = queries.locked_by_public_id(session, public_id)
    if reader is None:
        raise UnknownSubscriber
    if reader.state in ON_THE_LIST:
        return False
    undo(session, public_id, now=now, source=_UNDO)
    match instead:
        case Instead.MONTHLY:
            monthly = replace(wishes_of(reader), cadence="monthly")
            choose(session, public_id, monthly, now=now, source=_UNDO)
        case Instead.REST:
            pause(session, public_id, until=rest_until, now=now)
        case Instead.BACK:
            return True
    notice_rows.write_to(session, public_id, LetterKind.FEWER, key=f"fewer-{now.date()}", now=now)
    return True
