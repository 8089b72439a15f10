"""What is a message's own: address, ids and the values of its marks, encoded for the stencil."""

from dataclasses import dataclass
from html import escape

import orjson

from newsletter.delivery.message import Message
from newsletter.rendering.personal import MissingValue

TO, DELIVERY, BATCH = "to", "delivery", "batch"
"""Names of the holes that every message has."""


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
        plain_marks: the marks whose values are needed as they are.
        escaped_marks: the marks whose values are needed escaped for HTML.
        holes: the names of all holes, in the order in which values are encoded.
    """

    plain_marks: tuple[str, ...]
    escaped_marks: tuple[str, ...]
    holes: tuple[str, ...]

    @classmethod
    def of(cls, plain_marks: set[str], escaped_marks: set[str]) -> "Values":
        """Take the marks of a mailing's plain and HTML texts."""
        as_is, for_html = tuple(sorted(plain_marks)), tuple(sorted(escaped_marks))
        holes = (TO, DELIVERY, BATCH, *map(plain, as_is), *map(escaped, for_html))
        return cls(as_is, for_html, holes)

    def encoded(self, message: Message) -> dict[str, bytes]:
        """Give the value of each hole, encoded.

        Raises:
            MissingValue: when the message has no value for one of the marks.
        """
        given = message.values
        # An empty metadata value is documented nowhere, so a lone notice is its own batch.
        values = [message.to, message.delivery_id, message.attempt_id or message.delivery_id]
        try:
            values += [given[mark] for mark in self.plain_marks]
            values += [escape(given[mark]) for mark in self.escaped_marks]
        except KeyError as missing:
            raise MissingValue(f"no value for the personal mark {missing}") from None
        return dict(zip(self.holes, map(json_text, values), strict=True))


def json_text(value: str) -> bytes:
    """Encode what stands between the quotes of a JSON string.

    A lone surrogate, which no JSON may hold, becomes a question mark: one broken name must not
    keep the other messages of a call from leaving.
    """
    try:
        encoded = orjson.dumps(value)
    except TypeError:
        encoded = orjson.dumps(value.encode(errors="replace").decode())
    return encoded[1:-1]
