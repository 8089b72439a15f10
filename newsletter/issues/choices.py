"""Which quotes an editor may choose for a place on a card: pieces that stand in a review, whole. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.content.comparison import Comparison, Side
from newsletter.content.verdicts.extraction import Extracts
from newsletter.content.verdicts.sentences import split
from newsletter.issues.rewording import LONGEST, SLOTS, CardPart
from newsletter.rendering.plain import plain


@dataclass(frozen=True, slots=True)
class Choice:
    """A piece that may be quoted.

    Attributes:
        text: the words, without quotation marks.
        reviewer: 1-based number of the reviewer on that side.
    """

    text: str
    reviewer: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from.

    Attributes:
        best: what argues so by the rules, best first.
        others: every other whole sentence about the tool, in the order of the page.
    """

    best: Sequence[Choice]
    others: Sequence[Choice]


def choices(comparison: Comparison, extracts: Extracts, part: CardPart) -> Choices:
    """Give what may stand in one of the four places for quotes.

    Args:
        comparison: with its reviews.
        extracts: of that comparison.
        part: one of ``SLOTS``.
    """
    side, stance = SLOTS[part]
    argued = (one.quote for one in extracts.excerpts_on(side, stance))
    best = {plain(quote.text): quote.reviewer for quote in argued}
    others = {
        one.text: one.reviewer
        for one in _sentences(comparison, side)
        if one.text not in best and len(one.text) <= LONGEST[part]
    }
    return Choices(*([Choice(*found) for found in some.items()] for some in (best, others)))


def _sentences(comparison: Comparison, side: Side) -> Iterator[Choice]:
    """Give whole sentences; the last one of a review that was cut may have gone on."""
    for review in comparison.quotes_on(side):
        sentences = split(plain(review.text))
        for sentence in sentences if review.complete else sentences[:-1]:
            yield Choice(sentence.text, review.position)
