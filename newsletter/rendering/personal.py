"""The few personal marks: a rendered part is split once, then joined for each subscriber.

A mark looks like ``@@<nonce>:<name>@@``. The nonce is chosen per issue and cannot be guessed, so
a reviewer who writes ``@@email@@`` gets exactly these words printed and nobody's address.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from newsletter.errors import NewsletterError


class UnknownMark(NewsletterError):
    """A letter holds a personal mark that nobody can fill."""

    code = "unknown-mark"


class MissingValue(NewsletterError):
    """A personal mark was given no value."""

    code = "missing-value"


def mark(nonce: str, name: str) -> str:
    """Write the mark that stands for ``name``."""
    return f"@@{nonce}:{name}@@"


_SPECIAL = re.compile("[&<>\"']")

_Order = Callable[[Sequence[str]], Sequence[str]]


def _order(places: Sequence[int]) -> _Order:
    """Make what repeats values by their places; the getter is quick, but for one gives no tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: values


@dataclass(frozen=True, slots=True)
class Marked:
    """A text split at its marks: ``parts[0] names[0] parts[1] … parts[n]``.

    Filling costs little more than copying the text: what does not depend on the values, the marks
    that there are and the place of each, is found once.
    """

    parts: tuple[str, ...]
    names: tuple[str, ...] = ()
    _distinct: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _in_order: _Order = field(init=False, repr=False, compare=False)
    _pieces: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find which marks there are, and which of them stands where."""
        distinct = tuple(dict.fromkeys(self.names))
        pieces = [""] * (2 * len(self.names) + 1)
        pieces[0::2] = self.parts
        object.__setattr__(self, "_distinct", distinct)
        object.__setattr__(self, "_in_order", _order(list(map(distinct.index, self.names))))
        object.__setattr__(self, "_pieces", tuple(pieces))

    @classmethod
    def plain(cls, text: str) -> "Marked":
        """Take a text without marks."""
        return cls((text,))

    @classmethod
    def split(cls, text: str, nonce: str, known: frozenset[str]) -> "Marked":
        """Split at the marks of this nonce.

        Raises:
            UnknownMark: when a mark's name is not among ``known``.
        """
        pieces = re.split(rf"@@{re.escape(nonce)}:([^@]*)@@", text)
        names = tuple(pieces[1::2])
        if strange := sorted(set(names) - known):
            raise UnknownMark(f"unknown personal mark: {', '.join(strange)}")
        if any(nonce in piece for piece in pieces[0::2]):
            raise UnknownMark("a personal mark is damaged: its nonce is left over in the text")
        return cls(tuple(pieces[0::2]), names)

    def fill(self, values: Mapping[str, str]) -> str:
        """Join with plain values, for text parts and headers.

        Raises:
            MissingValue: when a mark has no value.
        """
        return self._join(self._wanted(values))

    def fill_html(self, values: Mapping[str, str]) -> str:
        """Join with values escaped for HTML text and attributes.

        Raises:
            MissingValue: when a mark has no value.
        """
        wanted = self._wanted(values)
        if _SPECIAL.search("".join(wanted)):  # one look at all is cheaper than an escape of each
            wanted = [html.escape(value) for value in wanted]
        return self._join(wanted)

    def _wanted(self, values: Mapping[str, str]) -> list[str]:
        try:
            return [values[name] for name in self._distinct]
        except KeyError as missing:
            raise MissingValue(f"no value for the personal mark {missing}") from None

    def _join(self, wanted: Sequence[str]) -> str:
        pieces = list(self._pieces)
        pieces[1::2] = self._in_order(wanted)
        return "".join(pieces)
