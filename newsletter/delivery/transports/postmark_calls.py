"""Messages cut into calls that Postmark accepts, and written out while they are sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.delivery.message import Message
from newsletter.delivery.transports.postmark_stencil import Body, Stencil
from newsletter.delivery.transports.postmark_templates import Template
from newsletter.delivery.transports.postmark_values import Values

MOST_MESSAGES = 500
MOST_BYTES = 45_000_000
"""Of one call. Postmark refuses more than 500 messages and more than 50 MB."""

CHUNK = 65_536
"""Bytes that are written and sent at once, about: few system calls, and no body in memory."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        messages: what is sent, in order.
        values: for each message, the encoded values of its holes, in order.
        size: bytes of all messages, each with a comma.
    """

    messages: tuple[Message, ...]
    values: tuple[tuple[bytes, ...], ...]
    size: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is made once for a mailing and used for each of its messages.

    Attributes:
        endpoint: path at Postmark.
        opening: the JSON before the first message.
        closing: the JSON after the last one.
        stencil: the JSON of a message.
        values: what goes into the holes of the stencil.
        template: what must be at Postmark first, if anything.
    """

    endpoint: str
    opening: bytes
    closing: bytes
    stencil: Stencil
    values: Values
    template: Template | None = None

    def calls(self, messages: Sequence[Message], most_bytes: int = MOST_BYTES) -> list[Call]:
        """Encode the values of all messages, and cut by count and by bytes.

        Raises:
            MissingValue: when a message has no value for one of the marks; nothing is sent then.
        """
        calls: list[Call] = []
        group: list[tuple[Message, tuple[bytes, ...]]] = []
        size = 0
        for message in messages:
            values = self.stencil.in_order(self.values.encoded(message))
            weight = self.stencil.size(values) + len(b",")
            if group and (len(group) == MOST_MESSAGES or size + weight > most_bytes):
                calls.append(_call(group, size))
                group, size = [], 0
            group.append((message, values))
            size += weight
        return [*calls, _call(group, size)] if group else calls

    def body(self, call: Call) -> Body:
        """Give the request body, written message by message while it is sent."""
        framed = len(self.opening) + call.size - len(b",") + len(self.closing)
        return Body(self._chunks(call), framed)

    def _chunks(self, call: Call) -> Iterator[bytes]:
        step = max(1, CHUNK * len(call.values) // call.size)
        before = self.opening
        for start in range(0, len(call.values), step):
            pieces: list[bytes] = []
            for values in call.values[start : start + step]:
                pieces.append(before)
                pieces += self.stencil.pieces(values)
                before = b","
            yield b"".join(pieces)
        yield self.closing


def _call(group: list[tuple[Message, tuple[bytes, ...]]], size: int) -> Call:
    messages, values = zip(*group, strict=True)
    return Call(messages, values, size)
