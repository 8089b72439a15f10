"""The evidence of a yes or a no: who said what to which words, where and when."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from subscribers.errors import InvalidConsent


class Actor(StrEnum):
    """Who made something happen."""

    READER = "reader"
    OPERATOR = "operator"
    PROVIDER = "provider"
    SERVICE = "service"


class ConsentEvent(StrEnum):
    """What a consent entry testifies to."""

    REQUESTED = "requested"
    MAIL_SENT = "mail_sent"
    CONFIRMED = "confirmed"
    IMPORTED = "imported"
    CHANGED = "changed"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"


_NEEDS_WORDING = frozenset({ConsentEvent.REQUESTED, ConsentEvent.CONFIRMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One piece of evidence, as it is kept.

    Attributes:
        source: the form's address, or the operator's words on where and how people agreed.
        at: when it happened; aware.
        wording: the full text the person agreed to; required when they agreed on our pages.
        wording_version: the name of that text, such as "2026-11".
        privacy_version: the version of the privacy notice that our pages showed then.
        locale: empty; our pages have one language.
        origin: keyed hash of the network the form came from, never an address.
        user_agent: empty; which browser somebody has proves nothing.
        message_id: of the confirmation letter, as its transport or provider calls it.
        message_hash: ``fingerprint`` of that letter's two bodies, text then HTML, as they were filled.
        token_hash: ``fingerprint`` of the confirmation token, never the token.
        issue: number of the issue whose link was used, 0 for a link of another letter; None when it
            was none.
    """

    event: ConsentEvent
    source: str
    at: datetime
    actor: Actor = Actor.READER
    wording: str = ""
    wording_version: str = ""
    privacy_version: str = ""
    locale: str = ""
    origin: str = ""
    user_agent: str = ""
    message_id: str = ""
    message_hash: str = ""
    token_hash: str = ""
    issue: int | None = None

    def __post_init__(self) -> None:
        """Refuse evidence that would prove nothing.

        Raises:
            InvalidConsent: without source, time zone, or the words that were agreed to.
        """
        if not self.source.strip():
            raise InvalidConsent("say where and how the person agreed: the source is empty")
        if self.at.tzinfo is None:
            raise InvalidConsent(f"the time of a consent needs a time zone: {self.at!r}")
        if self.event in _NEEDS_WORDING and not (self.wording and self.wording_version):
            raise InvalidConsent("keep the words the person agreed to, in full, and their version")


def fingerprint(text: str) -> str:
    """Give the SHA-256 of a text, hexadecimal: what proves what it was, without keeping it."""
    return hashlib.sha256(text.encode()).hexdigest()


def stated(source: str, *, at: datetime) -> Consent:
    """Take an operator's word that people agreed elsewhere.

    Args:
        source: where and how, such as "paper list at the May meetup, signed by each person".
        at: when the operator says so; aware.
    """
    return Consent(event=ConsentEvent.IMPORTED, source=source, at=at, actor=Actor.OPERATOR)
