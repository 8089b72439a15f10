"""You are subscribed already: the answer to a sign-up of somebody who is on the list."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from newsletter.notices.letters import LetterKind
from newsletter.reader_letters.letter import ReaderLetter
from subscribers.models import Subscriber
from subscribers.states import ON_THE_LIST
from subscribers.tokens import Purpose, Signer


def _is_right(_session: Session, reader: Subscriber, _now: datetime) -> bool:
    return reader.state in ON_THE_LIST


def _tokens(
    signer: Signer, _session: Session, reader: Subscriber, _now: datetime
) -> Mapping[str, str]:
    person = reader.public_id
    return {
        "preferences": signer.sign(Purpose.PREFERENCES, person, epoch=reader.token_epoch),
        "unsubscribe": signer.sign(Purpose.UNSUBSCRIBE, person),
    }


LETTER = ReaderLetter(
    kind=LetterKind.SUBSCRIBED,
    marks=frozenset({"preferences", "unsubscribe"}),
    is_right=_is_right,
    tokens=_tokens,
)
