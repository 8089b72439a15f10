"""JSON with holes: all that messages share is encoded once, then the holes are filled for each."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import orjson

from newsletter.rendering.personal import Marked, mark

NONCE = secrets.token_hex(8)
"""Marks our holes in this process; unguessable, so that no content can make a hole."""


def hole(name: str) -> str:
    """Write a hole into a value that will be encoded."""
    return mark(NONCE, name)


@dataclass(frozen=True, slots=True)
class Stencil:
    """The JSON of one message, encoded but for its holes.

    Attributes:
        parts: the encoded text between the holes, one more than there are holes.
        in_order: picks the value of each hole, in order, from the encoded values.
        weight: bytes of all parts together.
    """

    parts: tuple[bytes, ...]
    in_order: Callable[[Sequence[bytes]], tuple[bytes, ...]]
    weight: int

    @classmethod
    def cut(cls, prototype: Mapping[str, Any], holes: Sequence[str]) -> "Stencil":
        """Encode a message whose strings contain holes, at least two.

        Args:
            prototype: the message.
            holes: the names of all holes, in the order in which values will be given.
        """
        text = orjson.dumps(prototype).decode()
        marked = Marked.split(text, NONCE, frozenset(holes))
        parts = tuple(part.encode() for part in marked.parts)
        return cls(parts, itemgetter(*map(holes.index, marked.names)), sum(map(len, parts)))

    def size(self, values: tuple[bytes, ...]) -> int:
        """Give the bytes of one message."""
        return self.weight + sum(map(len, values))

    def pieces(self, values: tuple[bytes, ...]) -> list[bytes]:
        """Give the JSON of one message, to be joined; the values are encoded and in order."""
        pieces = [b""] * (len(self.parts) + len(values))
        pieces[0::2] = self.parts
        pieces[1::2] = values
        return pieces


class Body:
    """A request body that is made while it is sent, and that knows whether sending began.

    A body of 35 MB is never in memory as a whole. And whatever went wrong, a call whose body was
    not begun has certainly not been processed: this tells the phase without a look at the kind of
    exception.
    """

    def __init__(self, chunks: Iterable[bytes], size: int) -> None:
        self._chunks = chunks
        self._size = size
        self.begun = False

    @classmethod
    def of(cls, data: Any) -> "Body":
        """Take a value to be encoded as JSON."""
        encoded = orjson.dumps(data)
        return cls((encoded,), len(encoded))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.begun = True
            yield chunk
