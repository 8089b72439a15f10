"""What is a message's own: address, ids and the values of its marks, encoded for the stencil."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import orjson

from newsletter.delivery.message import Message, Outcome, Receipt
from newsletter.delivery.mime import Composer, UnsafeHeader, require_plain
from newsletter.delivery.transports.postmark_stencil import Column
from newsletter.rendering.personal import MissingValue

TO, MESSAGE_ID, DELIVERY, BATCH = "to", "message-id", "delivery", "batch"
"""Names of the holes that every message has."""

_UNSAFE_VALUE = Receipt(
    Outcome.REJECTED,
    code=UnsafeHeader.code,
    detail="a personal value holds a control character and cannot stand in a header",
)
_NO_TOKEN = Receipt(
    Outcome.REJECTED,
    code="unsafe-token",
    detail="a token holds more than letters, digits and - . _ ~",
)
_NOT_NEUTRAL = Receipt(
    Outcome.REJECTED,
    code="unsafe-value",
    detail="a date, or another value that is the same in text and in HTML, holds a sign of HTML",
)

_TOKENS = re.compile(r"[A-Za-z0-9._~-]*")
_SPECIAL = re.compile("[&<>\"']")
_FIRST, _NEXT, _LAST = b'[\n  "', b'",\n  "', b'"\n]'


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
        token_marks: the marks whose values are the same everywhere, because no sign of them is
            special anywhere.
        header_marks: the other marks whose values stand in headers.
        neutral_marks: the marks whose values are the same in text and in HTML.
        plain_marks: the marks whose values are needed as they are, those in headers among them.
        escaped_marks: the marks whose values are needed escaped for HTML.
    """

    composer: Composer
    token_marks: tuple[str, ...]
    header_marks: tuple[str, ...]
    neutral_marks: tuple[str, ...]
    plain_marks: tuple[str, ...]
    escaped_marks: tuple[str, ...]

    @property
    def holes(self) -> tuple[str, ...]:
        """Name all holes, in the order in which columns are given."""
        marks = (*map(plain, self.plain_marks), *map(escaped, self.escaped_marks))
        return (TO, MESSAGE_ID, DELIVERY, BATCH, *marks)

    def refusals(self, messages: Sequence[Message]) -> dict[int, Receipt]:
        """Refuse, by place, messages whose address or values could reach anybody else.

        Postmark takes several addresses, separated by commas, for several recipients. Nearly always
        there is nothing to refuse, so all are looked at together first.
        """
        if self._refusal(messages) is None:
            return {}
        each = ((place, self._refusal([message])) for place, message in enumerate(messages))
        return {place: refusal for place, refusal in each if refusal}

    def columns(self, messages: Sequence[Message]) -> list[Column]:
        """Give the values of each hole, encoded, one for each message.

        Raises:
            MissingValue: when a message has no value for one of the marks.
        """
        given = [message.values for message in messages]
        try:
            texts = [
                [message.to for message in messages],
                self.composer.message_ids(messages),
                [message.delivery_id for message in messages],
                # An empty metadata value is documented nowhere: a lone notice is its own batch.
                [message.attempt_id or message.delivery_id for message in messages],
                *([values[mark] for values in given] for mark in self.plain_marks),
                *(_escaped([values[mark] for values in given]) for mark in self.escaped_marks),
            ]
        except KeyError as missing:
            raise MissingValue(f"no value for the personal mark {missing}") from None
        return list(map(json_texts, texts))

    def _refusal(self, messages: Sequence[Message]) -> Receipt | None:
        """Say why one of the messages at least cannot be sent."""
        try:
            require_plain("To", [message.to for message in messages])
        except UnsafeHeader as refusal:
            return refusal.receipt()
        if not _TOKENS.fullmatch(self._together(messages, self.token_marks)):
            return _NO_TOKEN
        if not self._together(messages, self.header_marks).isprintable():
            return _UNSAFE_VALUE
        return (
            _NOT_NEUTRAL if _SPECIAL.search(self._together(messages, self.neutral_marks)) else None
        )

    @staticmethod
    def _together(messages: Sequence[Message], marks: Sequence[str]) -> str:
        given = [message.values for message in messages]
        return "".join([values.get(mark, "") for mark in marks for values in given])


def json_texts(values: Sequence[str]) -> list[bytes]:
    """Encode what stands between the quotes of JSON strings, at least one.

    No JSON string holds a line break, so the lines of an indented list are its values. A lone
    surrogate, which no JSON may hold, becomes a question mark: one broken name must not keep the
    other messages of a call from leaving.
    """
    try:
        lines = orjson.dumps(values, option=orjson.OPT_INDENT_2)
    except TypeError:
        whole = [value.encode(errors="replace").decode() for value in values]
        lines = orjson.dumps(whole, option=orjson.OPT_INDENT_2)
    return lines[len(_FIRST) : -len(_LAST)].split(_NEXT)


def _escaped(values: list[str]) -> list[str]:
    """Escape for HTML; one look at all values is cheaper than an escape of each."""
    return [escape(value) for value in values] if _SPECIAL.search("".join(values)) else values
