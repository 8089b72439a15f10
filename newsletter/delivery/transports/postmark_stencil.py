"""JSON with holes: all that messages share is encoded once, then the holes are filled for many."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from newsletter.rendering.personal import Marked, mark

NONCE = secrets.token_hex(8)
"""Marks our holes in this process; unguessable, so that no content can make a hole."""

Column = Sequence[bytes]
"""The encoded values of one kind, one for each message."""


def hole(name: str) -> str:
    """Write a hole into a value that will be encoded."""
    return mark(NONCE, name)


@dataclass(frozen=True, slots=True)
class Stencil:
    """The JSON of one message, encoded but for its holes.

    Many messages are written by as many steps as there are holes, not messages: the pieces of all
    lie in one list, and a column of values fills the same hole of each message at once.

    Attributes:
        parts: the encoded text between the holes, one more than there are holes.
        columns: which column the value of each hole comes from, in order.
        weight: bytes of all parts together.
    """

    parts: tuple[bytes, ...]
    columns: tuple[int, ...]
    weight: int

    @classmethod
    def cut(cls, prototype: Mapping[str, Any], holes: Sequence[str]) -> "Stencil":
        """Encode a message whose strings contain holes.

        Args:
            prototype: the message.
            holes: the names of all holes, in the order in which columns will be given.
        """
        text = orjson.dumps(prototype).decode()
        marked = Marked.split(text, NONCE, frozenset(holes))
        parts = tuple(part.encode() for part in marked.parts)
        return cls(parts, tuple(map(holes.index, marked.names)), sum(map(len, parts)))

    def size(self, columns: Sequence[Column]) -> int:
        """Give the bytes of all messages together, which is cheaper than those of each."""
        lengths = [sum(map(len, column)) for column in columns]
        return self.weight * len(columns[0]) + sum(lengths[column] for column in self.columns)

    def sizes(self, columns: Sequence[Column]) -> list[int]:
        """Give the bytes of each message."""
        lengths = [list(map(len, column)) for column in columns]
        filled = map(sum, zip(*(lengths[column] for column in self.columns), strict=True))
        return [self.weight + size for size in filled]

    def pieces(self, columns: Sequence[Column], between: bytes) -> list[bytes]:
        """Give the JSON of messages, to be joined, with something between one and the next.

        Args:
            columns: the values of these messages, at least one each.
            between: written before each message but the first.
        """
        of_one = [b""] * (2 * len(self.columns) + 1)
        of_one[0::2] = self.parts
        of_one[0] = between + of_one[0]
        pieces = of_one * len(columns[0])
        for place, column in enumerate(self.columns):
            pieces[2 * place + 1 :: len(of_one)] = columns[column]
        pieces[0] = self.parts[0]
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
