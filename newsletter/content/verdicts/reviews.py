"""The reviews of one tool, made ready for quoting: cleaned, split, and sure of their ends."""

from dataclasses import dataclass

from newsletter.content.comparison import Comparison, Quote, Side
from newsletter.content.verdicts.sentences import Sentence, clean, split
from newsletter.content.verdicts.wording import names


@dataclass(frozen=True, slots=True)
class Review:
    """One review of one tool.

    Attributes:
        side: the tool it is about.
        number: 1-based number of the reviewer on that side.
        of: how many reviews of that side there are, as far as the page tells.
        sentences: those that are certainly whole, in order.
        complete: False when the end of the review is missing.
        rival: name of the other tool; None when it cannot be told from this one's.
    """

    side: Side
    number: int
    of: int
    sentences: tuple[Sentence, ...]
    complete: bool
    rival: str | None

    def on_rival(self, sentence: Sentence) -> bool:
        """Tell whether the sentence names the other tool: then its praise may be for that one."""
        return self.rival is not None and names(sentence.text, self.rival)


def reviews_on(comparison: Comparison, side: Side) -> tuple[Review, ...]:
    """Give the reviews of the tool on that side, in the order of the page."""
    quotes = comparison.quotes_on(side)
    name = clean(comparison.tool(side).name)
    rival = _rival(comparison, side)
    return tuple(
        Review(
            side,
            quote.position,
            _panel_size(comparison, side),
            _whole(quote, name),
            quote.complete,
            rival,
        )
        for quote in quotes
    )


def _panel_size(comparison: Comparison, side: Side) -> int:
    """Count the reviews of a side; on a page that was cut the other side may have kept more."""
    cut = not all(quote.complete for quote in comparison.quotes)
    seen = comparison.quotes if cut else comparison.quotes_on(side)
    return max((quote.position for quote in seen), default=0)


def _whole(quote: Quote, name: str) -> tuple[Sentence, ...]:
    """Drop the last sentence of a cut review: "it costs $3." may have been "it costs $3.50"."""
    sentences = split(clean(quote.text), names=(name,) if name else ())
    return sentences if quote.complete else sentences[:-1]


def _rival(comparison: Comparison, side: Side) -> str | None:
    own = clean(comparison.tool(side).name)
    other = clean(comparison.tool("b" if side == "a" else "a").name)
    return other if other and not names(own, other) else None
