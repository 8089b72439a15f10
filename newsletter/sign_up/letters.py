"""The two letters that a request can bring: please confirm, and you are subscribed already.

Both say the same to everybody: nothing that a visitor typed is in them. They are written when they
leave, so that no address and no token waits in a row, and nobody is written to who said no.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlmodel import Session

from newsletter.delivery.letterhead import PREFERENCES_OPEN, Letterhead
from newsletter.delivery.message import Mailing, Message
from newsletter.notices import LetterKind, Written
from newsletter.rendering.personal import Marked
from newsletter.rendering.single import Single, render_single
from newsletter.rendering.views import Brand
from subscribers import queries, signup
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.tokens import Purpose

_SUBSCRIBED = (State.ACTIVE, State.PAUSED)
_MARKS = frozenset({"confirm", "never", "preferences", "unsubscribe"})


@dataclass(frozen=True, slots=True)
class ReaderLetters:
    """Writes letters to single readers; see ``newsletter.notices.Letters``.

    Attributes:
        letterhead: in whose name they go out, and what signs their links.
        brand: whose newsletter it is.
    """

    letterhead: Letterhead
    brand: Brand

    def write(
        self, session: Session, kind: LetterKind, public_id: str, name: str, now: datetime
    ) -> Written | None:
        """Write a letter to a reader; None when it is no longer right to send it."""
        reader = queries.by_public_id(session, public_id)
        if reader is None or reader.email is None or not _is_right(session, kind, reader, now):
            return None
        single = _rendered(kind, self.brand)
        mailing = Mailing(
            key=kind.value,
            sender=self.letterhead.address,
            reply_to=self.letterhead.reply_to,
            subject=single.subject,
            headers=(("Auto-Submitted", Marked.plain("auto-generated")),),
            text=single.text,
            html=single.html,
            stream="transactional",
        )
        return mailing, Message(f"{kind}.{name}", reader.email, self._tokens(kind, reader, now))

    def _tokens(self, kind: LetterKind, reader: Subscriber, now: datetime) -> dict[str, str]:
        sign, person, epoch = self.letterhead.signer.sign, reader.public_id, reader.token_epoch
        if kind is LetterKind.CONFIRM:
            until = signup.open_until(reader) or now
            return {
                "confirm": sign(Purpose.CONFIRM, person, epoch=epoch, expires=until),
                "never": sign(Purpose.NEVER, person),
            }
        until = now + PREFERENCES_OPEN
        return {
            "preferences": sign(Purpose.PREFERENCES, person, epoch=epoch, expires=until),
            "unsubscribe": sign(Purpose.UNSUBSCRIBE, person),
        }


def _is_right(session: Session, kind: LetterKind, reader: Subscriber, now: datetime) -> bool:
    """Ask once more: a "no" that came since the request was answered wins."""
    if kind is LetterKind.CONFIRM:
        return signup.can_confirm(session, reader, now=now)
    return reader.state in _SUBSCRIBED


@cache
def _rendered(kind: LetterKind, brand: Brand) -> Single:
    days = signup.CONFIRM_WITHIN // timedelta(days=1)
    return render_single(kind.value, _MARKS, brand=brand, days=days)
