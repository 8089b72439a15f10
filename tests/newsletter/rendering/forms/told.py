"""What any form of an issue tells, in the words that it is told in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

ToolWords = tuple[str, ...]
"""Name, in short, panel, community, entry price."""

QuoteWords = tuple[str, ...]
"""About whom, by whom, the words with their quotation marks."""


@dataclass(frozen=True, slots=True)
class InFull:
    categories: str
    verdict: str
    tools: tuple[ToolWords, ...]
    quotes: tuple[QuoteWords, ...]
    link: tuple[str, str]


@dataclass(frozen=True, slots=True)
class InALine:
    result: str
    url: str


@dataclass(frozen=True, slots=True)
class MatchUp:
    """A match-up: its title, the line of it in the glance, and all that follows."""

    title: str
    glance: tuple[str, str, str]
    body: InFull | InALine


@dataclass(frozen=True, slots=True)
class Voted:
    """How readers voted on an earlier issue: heading, as of when, and each result.

    A result is its title, what readers said, what the panel said, and its link.
    """

    heading: str
    counted: str
    results: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    headline: str
    intro: str
    number_and_date: tuple[str, str]
    match_ups: tuple[MatchUp, ...]
    voted: Voted | None = None

    def shortened(self, lines: Iterable[InALine]) -> "Told":
        """The same with these lines in place of as many last match-ups, as in a letter too long."""
        ends = list(lines)
        if not ends:
            return self
        kept, cut = self.match_ups[: -len(ends)], self.match_ups[-len(ends) :]
        short = (replace(one, body=line) for one, line in zip(cut, ends, strict=True))
        return replace(self, match_ups=(*kept, *short))


def squeezed(value: object) -> object:
    """Leave all blanks out: text breaks a word that is wider than a line, and template syntax."""
    if isinstance(value, str):
        return "".join(value.split())
    if isinstance(value, tuple):
        return tuple(squeezed(part) for part in value)
    fields = getattr(type(value), "__slots__", ())
    return (type(value).__name__, *(squeezed(getattr(value, name)) for name in fields))
