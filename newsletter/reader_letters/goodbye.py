"""You left: the receipt of a goodbye, with the link that takes it back."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.leaving import undo_token
from newsletter.notices.letters import LetterKind
from newsletter.reader_letters.letter import ReaderLetter
from subscribers.models import Subscriber
from subscribers.queries import suppression_of
from subscribers.tokens import Signer
from subscribers.unsubscribe import UNDO_WITHIN, undo_until


def _is_right(session: Session, reader: Subscriber, now: datetime) -> bool:
    if reader.address_hash and suppression_of(session, reader.address_hash):
        return False
    return undo_until(session, reader, now=now) is not None


def _tokens(
    signer: Signer, session: Session, reader: Subscriber, now: datetime
) -> Mapping[str, str]:
    return {"undo": undo_token(signer, session, reader, now=now) or ""}


LETTER = ReaderLetter(
    kind=LetterKind.GOODBYE,
    marks=frozenset({"undo"}),
    is_right=_is_right,
    tokens=_tokens,
    facts={"hours": UNDO_WITHIN // timedelta(hours=1)},
)
