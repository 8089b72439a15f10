"""The lines of a page text, without blank ones, each with its number in the source."""

import re
from dataclasses import dataclass

_BREAK = re.compile("\r\n|[\n\r\u2028\u2029]")
# Marks of direction, and of where a word may break: a label or a name that holds one is no other.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BLANKS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA1), 0x2007, 0x202F), " ")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says something.

    Attributes:
        number: 1-based place in the source, blank lines counted.
        text: without blanks at its ends; never empty.
    """

    number: int
    text: str

    @property
    def folded(self) -> str:
        """The text as labels are compared: one blank between words, case ignored."""
        return folded(self.text)

    def is_called(self, name: str) -> bool:
        """Say whether the line is this name and nothing else."""
        return self.folded == folded(name)


def folded(text: str) -> str:
    """Give a text as it is compared: one blank between words, case ignored."""
    return " ".join(text.split()).casefold()


def lines_of(text: str) -> list[Line]:
    """Split a text; invisible marks go, and no-break blanks and control characters become blanks."""
    numbered = enumerate(_BREAK.split(text), start=1)
    cleaned = ((number, _clean(raw)) for number, raw in numbered)
    return [Line(number, words) for number, words in cleaned if words]


def joined(lines: list[Line]) -> str | None:
    """Give a paragraph that was broken into lines as one, or None when there is none."""
    return " ".join(line.text for line in lines) or None


def _clean(raw: str) -> str:
    return _INVISIBLE.sub("", raw).translate(_BLANKS).strip()
