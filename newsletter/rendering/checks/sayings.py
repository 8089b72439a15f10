"""What the view says, so that the templates' own words can be looked at alone.

A tool may be called "None" or "<% x %>", and a reviewer may write anything: such words are right
where the view says them, and a fault anywhere else.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from newsletter.rendering.views import Brand, Card, IssueView, Row

TOUCHED = re.compile(r"[\s{}@]+")
GAP = "\x00"
"""Stands for each sign that was taken out; no text holds it, since views are ``plain``."""


@dataclass(frozen=True, slots=True)
class Sayings:
    """The phrases of one view, longest first, without what wrapping and the gates touch."""

    phrases: tuple[str, ...]
    _done: dict[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def names_of(cls, view: IssueView) -> "Sayings":
        """Collect the names of tools only."""
        return cls._of(tool.name for row in view.match_ups for _, tool in row.tools)

    @classmethod
    def of(cls, view: IssueView, brand: Brand, more: Iterable[str] = ()) -> "Sayings":
        """Collect everything that the view and the brand say, addresses of pages left out."""
        return cls._of((*_phrases(view, brand), *more))

    @classmethod
    def _of(cls, phrases: Iterable[str]) -> "Sayings":
        said = {bare(phrase) for phrase in phrases} - {""}
        return cls(tuple(sorted(said, key=lambda phrase: (-len(phrase), phrase))))

    def taken_out_of(self, text: str) -> str:
        """Give the text with a gap for each of them: what the templates say by themselves.

        Only whole words are taken out, however they were wrapped.
        """
        if text not in self._done:
            self._done[text] = self._gapped(text)
        return self._done[text]

    def hold(self, words: str) -> bool:
        """Tell whether the words are a piece of one of them."""
        return any(bare(words) in phrase for phrase in self.phrases)

    def _gapped(self, text: str) -> str:
        places = [at for at, sign in enumerate(text) if not TOUCHED.match(sign)]
        squeezed = "".join(text[at] for at in places)
        gaps = bytearray(len(text))
        for phrase in self.phrases:
            found = squeezed.find(phrase)
            while found >= 0:
                start, end = places[found], places[found + len(phrase) - 1] + 1
                if not (gaps[start] or _joined(text, start) or _joined(text, end)):
                    gaps[start:end] = b"\1" * (end - start)
                found = squeezed.find(phrase, found + len(phrase))
        return "".join(GAP if gap else sign for gap, sign in zip(gaps, text, strict=True))


def bare(text: str) -> str:
    """Leave out what wrapping and the gates for template syntax may have touched."""
    return TOUCHED.sub("", text)


def _joined(text: str, place: int) -> bool:
    """Tell whether a word or a number goes on across this place."""
    before, after = text[place - 1 : place], text[place : place + 1]
    return before.isalnum() and (after.isalnum() or (after == "%" and before.isdigit()))


def _phrases(view: IssueView, brand: Brand) -> Iterator[str]:
    yield from (view.subject, view.preheader, view.headline, " ".join(view.intro), *view.intro)
    for one in (view.brand, brand):
        yield from (one.name, *one.postal_address.splitlines())
    for row in view.match_ups:
        yield from _of_row(row)
    for card in view.cards:
        yield from _of_card(card)
    for result in view.results:
        yield from (result.title, result.tool_a, result.tool_b)


def _of_row(row: Row) -> Iterator[str]:
    yield row.title
    for _, tool in row.tools:
        yield tool.name
        yield from filter(None, (tool.brief, tool.tagline, tool.category, tool.entry))


def _of_card(card: Card) -> Iterator[str]:
    yield from (card.numbers, card.case or "")
    yield from (quote.text for quote in card.quotes)
