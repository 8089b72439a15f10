"""Rules about other people's words: every quotation is one, and an editor's words are not.

All of them block, except a quotation that an editor put into sentence one: its source may be a
review that the card does not show, and so has no proof here.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.naming import without_names, without_proved
from newsletter.rendering.checks.sayings import bare
from newsletter.rendering.views import Card, QuoteView

QUOTED = re.compile(r"“([^”]*)”(?:\s*\([Rr]eviewer (\d+)\))?")
"""A piece in quotation marks, and the number of the reviewer it is said to be of, if one is named."""

_NOBODY = re.compile(r"\bReviewer 0\b", re.IGNORECASE)


def quote_not_in_source(letter: Letter) -> Iterator[Finding]:
    """A reviewer's quote is an exact piece of the review it is said to be from."""
    for card in letter.view.cards:
        for quote in (*card.case_quotes, *card.quotes):
            if quote.by == "reviewer" and (not quote.text or quote.text not in quote.source):
                told = (
                    f"Reviewer {quote.reviewer} on {quote.tool} did not write {quote.text[:60]!r}; "
                    "quote exactly, or mark it as the editor's own words."
                )
                yield Finding("quote-not-in-source", "block", told, card.title)


def case_not_quoted(letter: Letter) -> Iterator[Finding]:
    """What stands in quotation marks in a sentence is quoted from the review it names."""
    for card in letter.view.cards:
        yield from _unproved(card, card.case or "", card.case_quotes)
        if "verdict" in card.reworded:
            shown = (*card.case_quotes, *card.quotes)
            for found in _unproved(card, card.numbers, shown):
                yield Finding(found.code, "hold", found.message, found.where)


def editor_words_quoted(letter: Letter) -> Iterator[Finding]:
    """An editor's own words have neither quotation marks nor a reviewer's number."""
    for card in letter.view.cards:
        for quote in card.quotes:
            if quote.by == "editor" and (quote.reviewer or _in_marks(letter, card, quote)):
                told = (
                    f"{quote.text[:60]!r} is the editor's and looks like a reviewer's; show it as "
                    "the editor's note."
                )
                yield Finding("editor-words-quoted", "block", told, card.title)
    for where, words in letter.spoken:
        if _NOBODY.search(letter.sayings.taken_out_of(words)):
            told = "A quote is said to be of reviewer 0; show it as the editor's note."
            yield Finding("editor-words-quoted", "block", told, where)


RULES: tuple[Rule, ...] = (quote_not_in_source, case_not_quoted, editor_words_quoted)


def _unproved(card: Card, sentence: str, proofs: Sequence[QuoteView]) -> Iterator[Finding]:
    """Look at what is left in quotation marks; a name may hold some, and quotes nobody."""
    for piece, number in QUOTED.findall(without_names(without_proved(sentence, card), card)):
        if not any(
            piece in quote.source and number in {"", str(quote.reviewer)}
            for quote in proofs
            if quote.by == "reviewer"
        ):
            whose = f"reviewer {number} did not write" if number else "no reviewer wrote"
            told = f"The verdict quotes {piece[:60]!r}, which {whose}; quote exactly."
            yield Finding("case-not-quoted", "block", told, card.title)


def _in_marks(letter: Letter, card: Card, quote: QuoteView) -> bool:
    """Tell whether a part shows the words in quotation marks that no reviewer's quote explains."""
    looks = bare(f"“{quote.text}")
    said = [card.case or "", card.numbers]
    said += [f"“{other.text}" for other in card.quotes if other.by == "reviewer"]
    if any(looks in bare(words) for words in said):
        return False
    return any(looks in bare(words) for _, words in letter.spoken)
