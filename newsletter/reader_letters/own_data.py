"""The two letters about one's own data: asked for by a button, good for an hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.notices.letters import LetterKind
from newsletter.reader_letters.letter import ReaderLetter
from newsletter.reader_letters.on_request import order
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.suppression import is_closed
from subscribers.tokens import Purpose, Signer

LINK_FOR = timedelta(hours=1)
"""How long the link works."""

_MAY_ASK = frozenset({State.ACTIVE, State.PAUSED, State.UNSUBSCRIBED})
"""Who left may still ask what is held; who wants no letter ever again gets none, not even this."""


def can_be_asked(session: Session, reader: Subscriber) -> bool:
    """Say whether a letter to somebody about their data is right."""
    return reader.state in _MAY_ASK and not is_closed(session, reader.address_hash or "")


def ask_for_data_link(
    session: Session, reader: Subscriber, kind: LetterKind, *, pepper: bytes, now: datetime
) -> None:
    """Mail somebody the link to their data, as often as ``on_request`` allows.

    Args:
        session: a writing session.
        reader: who asks.
        kind: EXPORT or ERASE.
        pepper: hides whose budget it is.
        now: aware.
    """
    if can_be_asked(session, reader):
        order(session, reader, kind, pepper=pepper, now=now)


def data_letter(kind: LetterKind, purpose: Purpose) -> ReaderLetter:
    """Make the letter with a link to one's data.

    Args:
        kind: what is done there.
        purpose: of the link.
    """

    def tokens(
        signer: Signer, _session: Session, reader: Subscriber, now: datetime
    ) -> Mapping[str, str]:
        epoch, until = reader.token_epoch, now + LINK_FOR
        return {"link": signer.sign(purpose, reader.public_id, epoch=epoch, expires=until)}

    return ReaderLetter(
        kind=kind,
        marks=frozenset({"link"}),
        is_right=_is_right,
        tokens=tokens,
        facts={"minutes": LINK_FOR // timedelta(minutes=1)},
    )


def _is_right(session: Session, reader: Subscriber, _now: datetime) -> bool:
    return can_be_asked(session, reader)
