"""Single letters are written when they leave, so that no token and no reader's address waits in a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlmodel import Session

from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import Mailing, Message
from newsletter.editor_notices.decide_links import decide_token
from newsletter.editors import letter as sign_in_letter
from newsletter.issues import store
from newsletter.notices.letters import Left, LetterKind, LinkOrder, Written
from newsletter.reader_letters import (
    change_from,
    change_to,
    confirm,
    erase,
    export,
    fewer,
    goodbye,
    manage,
    subscribed,
)
from newsletter.reader_letters.letter import ReaderLetter
from newsletter.rendering.personal import Marked
from newsletter.rendering.single import Single, render_single
from newsletter.rendering.views import Brand
from subscribers import queries
from subscribers.changing import keep
from subscribers.models import Subscriber
from subscribers.states import State

LETTERS: Mapping[LetterKind, ReaderLetter] = {
    module.LETTER.kind: module.LETTER
    for module in (
        confirm,
        subscribed,
        manage,
        goodbye,
        fewer,
        export,
        erase,
        change_from,
        change_to,
    )
}
"""Every kind there is."""


@dataclass(frozen=True, slots=True)
class ReaderLetters:
    """Writes letters to single readers; see ``newsletter.notices.letters.Letters``.

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
        letter, reader = LETTERS[kind], queries.by_public_id(session, public_id)
        if reader is None or not letter.is_right(session, reader, now):
            return None
        address = letter.to(session, reader)
        if address is None:
            return None
        values = letter.tokens(self.letterhead.signer, session, reader, now)
        back = self._returns_to(reader) if address == reader.email else None
        return self._mailing(letter), Message(f"{kind}.{name}", address, values, returns_to=back)

    def testify(self, session: Session, public_id: str, left: Left) -> None:
        """Keep the evidence of a letter that left, on whoever has not been erased meanwhile."""
        evidence = LETTERS[left.kind].evidence
        if evidence is None:
            return
        reader = queries.locked_by_public_id(session, public_id)
        if reader is not None and reader.state is not State.ERASED:
            keep(session, reader, evidence(left))

    def decide_at(self, session: Session, issue_number: int, now: datetime) -> str:
        """Give the address of the page on which an editor decides about an issue."""
        token = decide_token(self.letterhead.signer, store.get(session, issue_number), now=now)
        return f"{self.letterhead.base_url}/decide/{token}"

    def sign_in(self, session: Session, order: LinkOrder, now: datetime) -> Written | None:
        """Write the letter by which an editor signs in; None when nobody gets one."""
        return sign_in_letter.write(session, order, self.letterhead, self.brand, now=now)

    def _returns_to(self, reader: Subscriber) -> str | None:
        """Give where a letter to the reader's own mailbox comes back to.

        One to an address that they only wish to move to says nothing about the mailbox they have.
        """
        return self.letterhead.returns_to(reader.public_id, reader.token_epoch)

    def _mailing(self, letter: ReaderLetter) -> Mailing:
        single = _rendered(letter.kind, self.brand)
        return Mailing(
            key=letter.kind.value,
            sender=self.letterhead.address,
            reply_to=self.letterhead.reply_to,
            subject=single.subject,
            headers=(("Auto-Submitted", Marked.plain("auto-generated")),),
            text=single.text,
            html=single.html,
            stream="transactional",
        )


@cache
def _rendered(kind: LetterKind, brand: Brand) -> Single:
    letter = LETTERS[kind]
    return render_single(kind.value, letter.marks, brand=brand, **letter.facts)
