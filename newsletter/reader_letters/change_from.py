"""A new address? The letter that asks the old mailbox whether its reader wants to move."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.notices.letters import LetterKind
from newsletter.reader_letters.change_link import change_link
from newsletter.reader_letters.letter import ReaderLetter
from subscribers.address import mask
from subscribers.address_change import WITHIN, open_wish
from subscribers.models import Subscriber
from subscribers.queries import address_change_of
from subscribers.tokens import Purpose, Signer


def _is_right(session: Session, reader: Subscriber, now: datetime) -> bool:
    # Whether the new address is free is not asked: this letter would tell.
    wish = open_wish(session, reader, now)
    return wish is not None and wish.new_key != reader.address_key


def _tokens(
    signer: Signer, session: Session, reader: Subscriber, now: datetime
) -> Mapping[str, str]:
    wish = address_change_of(session, reader)
    link = change_link(signer, Purpose.CHANGE_FROM, session, reader, now)
    return {"link": link, "new_address": mask(wish.new_email if wish else "")}


LETTER = ReaderLetter(
    kind=LetterKind.CHANGE_FROM,
    marks=frozenset({"link", "new_address"}),
    is_right=_is_right,
    tokens=_tokens,
    facts={"days": WITHIN // timedelta(days=1)},
)
