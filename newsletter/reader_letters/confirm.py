"""Please confirm: the letter that asks a mailbox whether its owner wants the newsletter."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.notices.letters import Left, LetterKind
from newsletter.reader_letters.letter import ReaderLetter
from subscribers import signup
from subscribers.consent import Actor, Consent, ConsentEvent, fingerprint
from subscribers.models import Subscriber
from subscribers.tokens import Purpose, Signer


def _is_right(session: Session, reader: Subscriber, now: datetime) -> bool:
    return signup.can_confirm(session, reader, now=now)


def _tokens(
    signer: Signer, _session: Session, reader: Subscriber, now: datetime
) -> Mapping[str, str]:
    person, epoch = reader.public_id, reader.token_epoch
    until = signup.open_until(reader) or now
    return {
        "confirm": signer.sign(Purpose.CONFIRM, person, epoch=epoch, expires=until),
        "never": signer.sign(Purpose.NEVER, person, issue=epoch),  # it speaks for this address only
    }


def _evidence(left: Left) -> Consent:
    """Keep that the question was sent: which letter it was, what it said, and to which link."""
    mailing, values = left.mailing, left.message.values
    html = mailing.html.fill_html(values) if mailing.html else ""
    return Consent(
        event=ConsentEvent.MAIL_SENT,
        source="the letter that asks for a yes",
        at=left.at,
        actor=Actor.SERVICE,
        message_id=left.provider_id,
        message_hash=fingerprint(mailing.text.fill(values) + html),
        token_hash=fingerprint(values["confirm"]),
    )


LETTER = ReaderLetter(
    kind=LetterKind.CONFIRM,
    marks=frozenset({"confirm", "never"}),
    is_right=_is_right,
    tokens=_tokens,
    facts={"days": signup.CONFIRM_WITHIN // timedelta(days=1)},
    evidence=_evidence,
)
