"""What each thing that a provider can tell means: for the copy, for its reader, for the editors. Pure.

The words of ``Kind`` are those of django-anymail, so that they are the same for every provider. A
reason says more where the kind does not say enough; the table says what follows from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What happened, in the words that all providers share."""

    DELIVERED = "delivered"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    REJECTED = "rejected"
    FAILED = "failed"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    SUBSCRIBED = "subscribed"
    OPENED = "opened"
    CLICKED = "clicked"
    AUTORESPONDED = "autoresponded"
    INBOUND_FAILED = "inbound_failed"
    ALIVE = "alive"
    """Somebody opened a letter or followed a link in it; which of the two is kept for minutes only."""
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """What exactly happened, where the kind alone does not say it."""

    HARD_BOUNCE = "hard-bounce"
    BAD_ADDRESS = "bad-address"
    SPAM_COMPLAINT = "spam-complaint"
    DEACTIVATED = "deactivated"
    LEFT = "left"
    SUPPRESSED = "suppressed"
    REACTIVATED = "reactivated"
    SUBSCRIBE_REQUEST = "subscribe-request"
    SOFT_BOUNCE = "soft-bounce"
    SOFT_BOUNCE_FINAL = "soft-bounce-final"
    DNS_ERROR = "dns-error"
    TRANSIENT = "transient"
    SPAM_NOTIFICATION = "spam-notification"
    BLOCKED = "blocked"
    DMARC_POLICY = "dmarc-policy"
    VIRUS = "virus"
    AUTO_RESPONDER = "auto-responder"
    ADDRESS_CHANGE = "address-change"
    OPEN_RELAY_TEST = "open-relay-test"
    CHALLENGE = "challenge"
    UNCONFIRMED_SENDER = "unconfirmed-sender"
    UNCLEAR = "unclear"
    NOT_TAKEN = "not-taken"
    NOT_TAKEN_SUPPRESSED = "not-taken-suppressed"
    NOT_TAKEN_BOUNCED = "not-taken-bounced"
    NOT_TAKEN_COMPLAINED = "not-taken-complained"
    NOT_RENDERED = "not-rendered"
    INBOUND = "inbound"


class OfCopy(StrEnum):
    """What a copy came to afterwards; the later in this list, the graver."""

    DEFERRED = "deferred"
    DELIVERED = "delivered"
    SOFT_BOUNCED = "soft_bounced"
    REJECTED = "rejected"
    FAILED = "failed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class OfReader(StrEnum):
    """What it says about the reader, or their mailbox."""

    ALIVE = "alive"
    """Something arrived or was read: the mailbox works."""
    SOFT = "soft"
    """It did not arrive this time; several times in a row, the mailbox is dead."""
    HARD = "hard"
    """There is no such mailbox."""
    SUPPRESSED = "suppressed"
    """An operator told the provider to write no more."""
    LEFT = "left"
    """The reader told the provider to write no more."""
    COMPLAINED = "complained"
    """The reader called it spam."""
    REOPENED = "reopened"
    """The provider writes to the mailbox again."""


class Alarm(StrEnum):
    """What editors have to know of, because it is nobody's mailbox that is at fault."""

    CONTENT = "content"
    """Filters take the letter for spam, or worse."""
    SENDER = "sender"
    """Servers refuse us as a sender."""
    DNS = "dns"
    """Our own DNS tells servers to refuse us: nothing arrives before it is mended."""
    CONFIGURATION = "configuration"
    """The provider is not set up as it should be."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What follows from one thing told.

    Attributes:
        kind: in the shared words.
        copy: what it makes of the copy; None when it says nothing about it.
        reader: what it says about the reader; None for nothing.
        alarm: which alarm of the editors it counts to.
        accepted: whether it proves that the provider had taken the message.
    """

    kind: Kind
    copy: OfCopy | None = None
    reader: OfReader | None = None
    alarm: Alarm | None = None
    accepted: bool = True


_K, _R, _C, _P = Kind, Reason, OfCopy, OfReader

OF_KIND: Mapping[str, Meaning] = {
    _K.DELIVERED: Meaning(_K.DELIVERED, _C.DELIVERED, _P.ALIVE),
    _K.OPENED: Meaning(_K.OPENED, _C.DELIVERED, _P.ALIVE),
    _K.CLICKED: Meaning(_K.CLICKED, _C.DELIVERED, _P.ALIVE),
    _K.ALIVE: Meaning(_K.ALIVE, _C.DELIVERED, _P.ALIVE),
    _K.UNKNOWN: Meaning(_K.UNKNOWN, accepted=False),
}
"""What is told without a reason."""

OF_REASON: Mapping[str, Meaning] = {
    _R.HARD_BOUNCE: Meaning(_K.BOUNCED, _C.BOUNCED, _P.HARD),
    _R.BAD_ADDRESS: Meaning(_K.REJECTED, _C.BOUNCED, _P.HARD),
    _R.SPAM_COMPLAINT: Meaning(_K.COMPLAINED, _C.COMPLAINED, _P.COMPLAINED),
    _R.DEACTIVATED: Meaning(_K.REJECTED, _C.REJECTED, _P.SUPPRESSED),
    _R.LEFT: Meaning(_K.UNSUBSCRIBED, None, _P.LEFT),
    _R.SUPPRESSED: Meaning(_K.UNSUBSCRIBED, None, _P.SUPPRESSED),
    _R.REACTIVATED: Meaning(_K.SUBSCRIBED, None, _P.REOPENED),
    _R.SUBSCRIBE_REQUEST: Meaning(_K.SUBSCRIBED),  # no proof of a yes
    _R.SOFT_BOUNCE: Meaning(_K.BOUNCED, _C.SOFT_BOUNCED, _P.SOFT),
    _R.SOFT_BOUNCE_FINAL: Meaning(_K.BOUNCED, _C.BOUNCED, _P.HARD),
    _R.DNS_ERROR: Meaning(_K.DEFERRED, _C.SOFT_BOUNCED, _P.SOFT),
    _R.TRANSIENT: Meaning(_K.DEFERRED, _C.DEFERRED),  # its last word follows
    _R.SPAM_NOTIFICATION: Meaning(_K.COMPLAINED, _C.REJECTED, alarm=Alarm.CONTENT),
    _R.BLOCKED: Meaning(_K.REJECTED, _C.REJECTED, alarm=Alarm.SENDER),
    _R.DMARC_POLICY: Meaning(_K.REJECTED, _C.REJECTED, alarm=Alarm.DNS),
    _R.VIRUS: Meaning(_K.BOUNCED, _C.REJECTED, alarm=Alarm.CONTENT),
    _R.AUTO_RESPONDER: Meaning(_K.AUTORESPONDED),
    _R.ADDRESS_CHANGE: Meaning(_K.AUTORESPONDED),
    _R.OPEN_RELAY_TEST: Meaning(_K.DEFERRED),
    _R.CHALLENGE: Meaning(_K.AUTORESPONDED),
    _R.UNCONFIRMED_SENDER: Meaning(
        _K.REJECTED, _C.FAILED, alarm=Alarm.CONFIGURATION, accepted=False
    ),
    _R.UNCLEAR: Meaning(_K.UNKNOWN, _C.SOFT_BOUNCED, _P.SOFT),
    _R.NOT_TAKEN: Meaning(_K.FAILED, _C.FAILED, accepted=False),
    _R.NOT_TAKEN_SUPPRESSED: Meaning(_K.FAILED, _C.FAILED, _P.SUPPRESSED, accepted=False),
    _R.NOT_TAKEN_BOUNCED: Meaning(_K.FAILED, _C.FAILED, _P.HARD, accepted=False),
    _R.NOT_TAKEN_COMPLAINED: Meaning(_K.FAILED, _C.FAILED, _P.COMPLAINED, accepted=False),
    _R.NOT_RENDERED: Meaning(_K.FAILED, _C.FAILED, accepted=False),
    _R.INBOUND: Meaning(_K.INBOUND_FAILED, accepted=False),
}
"""What is told with a reason: docs/feedback.md shows the same table."""

_NOTHING = Meaning(Kind.UNKNOWN, accepted=False)


def meaning(kind: str, reason: str | None) -> Meaning:
    """Give what a stored event means; one that a later release stored means nothing here."""
    return OF_KIND.get(kind, _NOTHING) if reason is None else OF_REASON.get(reason, _NOTHING)
