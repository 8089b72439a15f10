"""The link to the preferences: mailed to the address itself, for whoever opens a letter's link."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.notices.letters import LetterKind
from newsletter.reader_letters.letter import ReaderLetter
from newsletter.reader_letters.on_request import order
from subscribers import queries
from subscribers.models import Subscriber
from subscribers.states import ON_THE_LIST
from subscribers.tokens import Purpose, Signer

OPEN_FOR = timedelta(hours=24)
"""How long the link opens the preferences."""


def ask_for_link(session: Session, public_id: str, *, pepper: bytes, now: datetime) -> None:
    """Mail somebody the link to their preferences, as often as ``on_request`` allows.

    Whoever asks learns nothing: neither whether there was a letter, nor to whom.

    Args:
        session: a writing session.
        public_id: from the token.
        pepper: hides whose budget it is.
        now: aware.
    """
    reader = queries.by_public_id(session, public_id)
    if reader is not None and _is_right(session, reader, now):
        order(session, reader, LetterKind.MANAGE, pepper=pepper, now=now)


def _is_right(session: Session, reader: Subscriber, _now: datetime) -> bool:
    on_the_list = reader.state in ON_THE_LIST
    return on_the_list and not queries.suppression_of(session, reader.address_hash or "")


def _tokens(
    signer: Signer, _session: Session, reader: Subscriber, now: datetime
) -> Mapping[str, str]:
    until, epoch = now + OPEN_FOR, reader.token_epoch
    return {"manage": signer.sign(Purpose.MANAGE, reader.public_id, epoch=epoch, expires=until)}


LETTER = ReaderLetter(
    kind=LetterKind.MANAGE,
    marks=frozenset({"manage"}),
    is_right=_is_right,
    tokens=_tokens,
    facts={"hours": OPEN_FOR // timedelta(hours=1)},
)
