"""Messages cut into calls that Postmark accepts, and written out while they are sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from newsletter.delivery.message import Message, Receipt
from newsletter.delivery.transports.postmark_answers import read_batch
from newsletter.delivery.transports.postmark_stencil import Body, Column, Stencil
from newsletter.delivery.transports.postmark_templates import Template
from newsletter.delivery.transports.postmark_values import Values

MOST_MESSAGES = 500
MOST_BYTES = 45_000_000
"""Of one call. Postmark refuses more than 500 messages and more than 50 MB."""

CHUNK = 524_288
"""Bytes that are written and sent at once, about: no body of 35 MB in memory, and few turns with whoever
reads. In pieces of 64 kB full bodies took half as much of the processor again, or twice as much."""

_COMMA = b","


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        messages: what is sent, in order.
        columns: for each kind of value, the encoded value of each message.
        size: bytes of all messages, with the commas between them.
    """

    messages: Sequence[Message]
    columns: Sequence[Column]
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
        template: what Postmark must render as this service does, if it renders anything.
        uploads: whether the template must be at Postmark first.
        read: makes receipts of the answer to messages.
    """

    endpoint: str
    opening: bytes
    closing: bytes
    stencil: Stencil
    values: Values
    template: Template | None = None
    uploads: bool = False
    read: Callable[[Any, Sequence[Message]], list[Receipt]] = read_batch

    def calls(self, messages: Sequence[Message], most_bytes: int = MOST_BYTES) -> list[Call]:
        """Encode the values of all messages, and cut by count and by bytes.

        Raises:
            MissingValue: when a message has no value for one of the marks; nothing is sent then.
        """
        if not messages:
            return []
        columns = self.values.columns(messages)
        size = self.stencil.size(columns) + (len(messages) - 1) * len(_COMMA)
        if len(messages) <= MOST_MESSAGES and size <= most_bytes:
            return [Call(messages, columns, size)]
        sizes = self.stencil.sizes(columns)
        edges = [*_cuts(sizes, most_bytes), len(messages)]
        return [
            Call(
                messages[start:stop],
                [column[start:stop] for column in columns],
                sum(sizes[start:stop]) + (stop - start - 1) * len(_COMMA),
            )
            for start, stop in pairwise(edges)
        ]

    def body(self, call: Call) -> Body:
        """Give the request body, written in chunks while it is sent."""
        framed = len(self.opening) + call.size + len(self.closing)
        return Body(self._chunks(call), framed)

    def _chunks(self, call: Call) -> Iterator[bytes]:
        count = len(call.messages)
        step = max(1, CHUNK * count // call.size)
        before = self.opening
        for start in range(0, count, step):
            columns = [column[start : start + step] for column in call.columns]
            yield b"".join([before, *self.stencil.pieces(columns, between=_COMMA)])
            before = _COMMA
        yield self.closing


def _cuts(sizes: Sequence[int], most_bytes: int) -> Iterator[int]:
    """Give the place of the first message of each call."""
    begun, total = 0, 0
    yield 0
    for place, size in enumerate(sizes):
        total += size + len(_COMMA)
        if place > begun and (place - begun == MOST_MESSAGES or total > most_bytes):
            begun, total = place, size + len(_COMMA)
            yield place
