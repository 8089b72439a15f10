"""Is this mailbox yours? The one letter to an address that a reader wants to move to.

It names nobody and repeats nothing that was typed: whose mailbox it is, is not known yet.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.notices.letters import LetterKind
from newsletter.reader_letters.change_link import change_link
from newsletter.reader_letters.letter import ReaderLetter
from subscribers.address_change import WITHIN, is_free, open_wish
from subscribers.models import Subscriber
from subscribers.queries import address_change_of
from subscribers.tokens import Purpose, Signer


def _is_right(session: Session, reader: Subscriber, now: datetime) -> bool:
    wish = open_wish(session, reader, now)
    return wish is not None and is_free(session, wish)


def _new_address(session: Session, reader: Subscriber) -> str | None:
    wish = address_change_of(session, reader)
    return wish.new_email if wish and wish.new_email else None


def _tokens(
    signer: Signer, session: Session, reader: Subscriber, now: datetime
) -> Mapping[str, str]:
    return {"link": change_link(signer, Purpose.CHANGE_TO, session, reader, now)}


LETTER = ReaderLetter(
    kind=LetterKind.CHANGE_TO,
    marks=frozenset({"link"}),
    is_right=_is_right,
    tokens=_tokens,
    facts={"days": WITHIN // timedelta(days=1)},
    to=_new_address,
)
