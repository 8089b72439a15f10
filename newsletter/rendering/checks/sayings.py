"""What the view says, so that the templates' own words can be looked at alone.

A tool may be called "None" or "<% x %>", and a reviewer may write anything: such words are right
where the view says them, and a fault anywhere else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.rendering.environment import inert_text
from newsletter.rendering.views import Brand, Card, IssueView, Row

GAP = "\x00"
"""Stands where something was taken out; no text holds it, since views are ``plain``."""


@dataclass(frozen=True, slots=True)
class Sayings:
    """The phrases of one view, longest first, blanks collapsed."""

    phrases: tuple[str, ...]

    @classmethod
    def of(cls, view: IssueView, brand: Brand, more: Iterable[str] = ()) -> "Sayings":
        """Collect everything that the view and the brand say."""
        said = {" ".join(phrase.split()) for phrase in (*_phrases(view, brand), *more)} - {""}
        forms = said | {" ".join(inert_text(phrase).split()) for phrase in said}
        return cls(tuple(sorted(forms, key=lambda phrase: (-len(phrase), phrase))))

    def taken_out_of(self, text: str) -> str:
        """Give the text without them, whole words only: what the templates say by themselves.

        Args:
            text: with its blanks collapsed.
        """
        for phrase in self.phrases:
            if phrase in text:
                text = _without(text, phrase)
        return text


def _without(text: str, phrase: str) -> str:
    pieces, start = [], 0
    while (found := text.find(phrase, start)) >= 0:
        end = found + len(phrase)
        whole = not (_joined(text, found) or _joined(text, end))
        pieces.append(text[start:found] + (GAP if whole else phrase))
        start = end
    return "".join(pieces) + text[start:]


def _joined(text: str, place: int) -> bool:
    """Tell whether a word or a number goes on across this place."""
    before, after = text[place - 1 : place], text[place : place + 1]
    return before.isalnum() and after.isalnum()


def _phrases(view: IssueView, brand: Brand) -> Iterator[str]:
    yield from (view.subject, view.preheader, view.headline, " ".join(view.intro), *view.intro)
    for one in (view.brand, brand):
        yield from (one.name, *one.postal_address.splitlines())
    yield view.archive_url
    for row in view.match_ups:
        yield from _of_row(row)
    for card in view.cards:
        yield from _of_card(card)


def _of_row(row: Row) -> Iterator[str]:
    yield from (row.title, row.url)
    for _, tool in row.tools:
        yield tool.name
        yield from filter(None, (tool.brief, tool.tagline, tool.category, tool.entry))


def _of_card(card: Card) -> Iterator[str]:
    yield from (card.numbers, card.case or "")
    yield from (quote.text for quote in card.quotes)
