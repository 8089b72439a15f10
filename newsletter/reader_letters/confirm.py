"""Please confirm: the letter that asks a mailbox whether its owner wants the newsletter."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.notices import LetterKind
from newsletter.reader_letters.letter import ReaderLetter
from subscribers import signup
from subscribers.models import Subscriber
from subscribers.tokens import Purpose, Signer


def _is_right(session: Session, reader: Subscriber, now: datetime) -> bool:
    return signup.can_confirm(session, reader, now=now)


def _tokens(
    signer: Signer, _session: Session, reader: Subscriber, now: datetime
) -> Mapping[str, str]:
    person, until = reader.public_id, signup.open_until(reader) or now
    return {
        "confirm": signer.sign(Purpose.CONFIRM, person, epoch=reader.token_epoch, expires=until),
        "never": signer.sign(Purpose.NEVER, person),
    }


LETTER = ReaderLetter(
    kind=LetterKind.CONFIRM,
    marks=frozenset({"confirm", "never"}),
    is_right=_is_right,
    tokens=_tokens,
    facts={"days": signup.CONFIRM_WITHIN // timedelta(days=1)},
)
