"""What is a message's own: address, ids and the values of its marks, encoded for the stencil."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import orjson

from newsletter.delivery.message import Message, Outcome, Receipt
from newsletter.delivery.mime import Composer, UnsafeHeader, plain_address
from newsletter.rendering.personal import MissingValue

TO, MESSAGE_ID, DELIVERY, BATCH = "to", "message-id", "delivery", "batch"
"""Names of the holes that every message has."""

_UNSAFE_VALUE = Receipt(
    Outcome.REJECTED,
    code=UnsafeHeader.code,
    detail="a personal value holds a control character and cannot stand in a header",
)


def plain(mark: str) -> str:
    """Name the hole that gets a mark's value as it is."""
    return f"plain {mark}"


def escaped(mark: str) -> str:
    """Name the hole that gets a mark's value escaped for HTML."""
    return f"escaped {mark}"


@dataclass(frozen=True, slots=True)
class Values:
    """Which values the messages of a mailing have.

    Attributes:
        composer: knows the Message-ID, which is the same by every transport.
        header_marks: the marks whose values stand in headers.
        plain_marks: the marks whose values are needed as they are, those in headers among them.
        escaped_marks: the marks whose values are needed escaped for HTML.
    """

    composer: Composer
    header_marks: tuple[str, ...]
    plain_marks: tuple[str, ...]
    escaped_marks: tuple[str, ...]

    @property
    def holes(self) -> tuple[str, ...]:
        """Name all holes, in the order in which values are encoded."""
        marks = (*map(plain, self.plain_marks), *map(escaped, self.escaped_marks))
        return (TO, MESSAGE_ID, DELIVERY, BATCH, *marks)

    def refusal(self, message: Message) -> Receipt | None:
        """Refuse a message whose address or header values could reach anybody else.

        Postmark takes several addresses, separated by commas, for several recipients.
        """
        try:
            plain_address("To", message.to)
        except UnsafeHeader as refusal:
            return Receipt(Outcome.REJECTED, code=refusal.code, detail=str(refusal))
        if all(message.values.get(mark, "").isprintable() for mark in self.header_marks):
            return None
        return _UNSAFE_VALUE

    def encoded(self, message: Message) -> list[bytes]:
        """Give the value of each hole, encoded.

        Raises:
            MissingValue: when the message has no value for one of the marks.
        """
        given = message.values
        # An empty metadata value is documented nowhere, so a lone notice is its own batch.
        batch = message.attempt_id or message.delivery_id
        values = [message.to, self.composer.message_id(message), message.delivery_id, batch]
        try:
            values += [given[mark] for mark in self.plain_marks]
            values += [escape(given[mark]) for mark in self.escaped_marks]
        except KeyError as missing:
            raise MissingValue(f"no value for the personal mark {missing}") from None
        return json_texts(values)


def json_texts(values: Sequence[str]) -> list[bytes]:
    """Encode what stands between the quotes of JSON strings.

    A lone surrogate, which no JSON may hold, becomes a question mark: one broken name must not
    keep the other messages of a call from leaving.
    """
    try:
        return [orjson.dumps(value)[1:-1] for value in values]
    except TypeError:
        whole = (value.encode(errors="replace").decode() for value in values)
        return [orjson.dumps(value)[1:-1] for value in whole]
