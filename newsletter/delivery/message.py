"""What is handed to a transport, and what comes back. Pure; no provider's name in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple

from newsletter.rendering.personal import Marked

Stream = Literal["broadcast", "transactional"]
NEWSLETTER_STREAM: Stream = "broadcast"

UNSUBSCRIBE = "unsubscribe"
"""The mark of the token in whose address a reader leaves; a provider with a way out of its own
writes that in place of the address."""


_NO_VALUES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mailing:
    """What all messages of one issue (or one notice) have in common.

    Attributes:
        key: stable name of the mailing, such as "issue-12"; used as tag and template name.
        sender: the From header, ``Name <address>``.
        reply_to: the Reply-To address, or None.
        subject: the same for everybody.
        html: the HTML part, split at its personal marks; None for a text-only notice.
        text: the plain text part, split at its personal marks.
        headers: further headers, name and marked value, in order.
        stream: newsletters are "broadcast", notices are "transactional".
        tokens: those of the marks whose values hold nothing but letters, digits and - . _ ~, so that
            they are written alike in a header, in text and in HTML.
        neutral: those of the other marks whose values hold no sign that HTML escapes, so that they
            are written alike in text and in HTML.
        copies: how many messages there will be in all calls together; None when nobody knows.
        tracked: those addresses in the HTML part of which a provider may count clicks, and of no
            others; a transport that counts none leaves them as they are.
        answered: what became of each copy must stand in the answer of its call, as nobody looks for
            it later.
    """

    key: str
    sender: str
    subject: str
    text: Marked
    html: Marked | None = None
    headers: tuple[tuple[str, Marked], ...] = ()
    reply_to: str | None = None
    stream: Stream = "broadcast"
    tokens: frozenset[str] = frozenset()
    neutral: frozenset[str] = frozenset()
    copies: int | None = None
    tracked: frozenset[str] = frozenset()
    answered: bool = False

    @property
    def alike(self) -> frozenset[str]:
        """Give the marks whose values are written alike in text and in HTML."""
        return self.tokens | self.neutral


class Message(NamedTuple):
    """One copy for one recipient; a tuple, of which one is made for each letter.

    Attributes:
        delivery_id: names this copy for ever: one issue, one subscriber. Holds no address.
        to: the recipient's address.
        values: a value for each mark of the mailing, unescaped.
        attempt_id: names the call in which it is sent; new for each attempt.
        returns_to: the address to which it comes back when it cannot be delivered, for a transport
            that writes envelopes itself; None leaves it to the sender of the mailing.
    """

    delivery_id: str
    to: str
    values: Mapping[str, str] = _NO_VALUES
    attempt_id: str = ""
    returns_to: str | None = None


class Outcome(StrEnum):
    """What is known about one message after a call."""

    ACCEPTED = "accepted"
    """The transport has taken responsibility for it."""
    REJECTED = "rejected"
    """Refused for good; sending it again would be refused again."""
    NOT_TAKEN = "not_taken"
    """Certainly not processed; it may be sent later."""
    UNKNOWN = "unknown"
    """It may or may not have left. Only evidence may move it on."""


class Why(StrEnum):
    """Why a transport writes to a mailbox no more."""

    BOUNCE = "bounce"
    """There is no such mailbox."""
    COMPLAINT = "complaint"
    """Its owner called a letter spam."""
    UNTOLD = "untold"
    """Somebody told it to, or it does not say."""


@dataclass(frozen=True, slots=True)
class Closed:
    """That a transport writes to a mailbox no more, by its own word.

    Attributes:
        why: as far as it tells.
        words: the answer as it came, which may hold the address; never to be logged.
    """

    why: Why
    words: str = field(default="", repr=False)


class Receipt(NamedTuple):
    """The answer for one message; a tuple, of which one is made for each letter.

    Attributes:
        outcome: see Outcome.
        provider_id: the transport's name for the accepted message.
        code: the transport's code for a refusal, such as "406" or "550".
        detail: a sentence for an operator; never holds an address or a token.
        needs_operator: not taken, and nothing will be before somebody mends the configuration.
        closed: rejected because the mailbox gets no letter any more, not only this one.
        wait: for how long the other side asks to be left alone; None when it does not.
        about_recipient: not taken when the recipient was named, so that others may be taken.
    """

    outcome: Outcome
    provider_id: str | None = None
    code: str | None = None
    detail: str | None = None
    needs_operator: bool = False
    closed: Closed | None = None
    wait: timedelta | None = None
    about_recipient: bool = False


NOT_TRIED = Receipt(
    Outcome.NOT_TAKEN,
    code="not-tried",
    detail="What came before it in the same batch was refused, failed or took too long.",
)
"""What a transport says of a message that it did not even begin to send."""
