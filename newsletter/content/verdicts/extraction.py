"""Everything that could be quoted from a comparison's reviews: found once, when they come in."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter

from newsletter.content.comparison import Comparison, Side
from newsletter.content.verdicts.clauses import clauses
from newsletter.content.verdicts.excerpts import Candidate, candidates
from newsletter.content.verdicts.reviews import reviews_on
from newsletter.content.verdicts.sentences import clean
from newsletter.content.verdicts.verdict import LABELS, PullQuote, Stance


@dataclass(frozen=True, slots=True)
class Extracts:
    """Every piece that cleared the bar, of both tools and under both labels, best first.

    It depends on the reviews and the tools' names alone: not on numbers, which are updated, nor
    on what else is in an issue.

    Attributes:
        excerpts: what may become a pull quote.
        clauses: what may become a part of sentence two.
    """

    excerpts: tuple[Candidate, ...] = ()
    clauses: tuple[Candidate, ...] = ()

    @property
    def quotes(self) -> tuple[PullQuote, ...]:
        """Every piece that may be quoted."""
        return tuple(candidate.quote for candidate in (*self.excerpts, *self.clauses))

    def excerpts_on(self, side: Side, stance: Stance) -> tuple[Candidate, ...]:
        """Give the possible pull quotes for one tool under one label."""
        return _under(self.excerpts, side, stance)

    def clauses_on(self, side: Side, stance: Stance) -> tuple[Candidate, ...]:
        """Give the possible parts of sentence two for one tool under one label."""
        return _under(self.clauses, side, stance)

    def as_json(self) -> str:
        """Give the form in which they are stored."""
        return _EXTRACTS.dump_json(self).decode()

    @classmethod
    def from_json(cls, stored: str) -> "Extracts":
        """Read what ``as_json`` wrote.

        Raises:
            pydantic.ValidationError: when it is damaged or of another shape.
        """
        return _EXTRACTS.validate_json(stored)


def extract(comparison: Comparison) -> Extracts:
    """Read the reviews of both tools: by far the dearest step of a verdict."""
    excerpts: list[Candidate] = []
    parts: list[Candidate] = []
    for reviews in (reviews_on(comparison, "a"), reviews_on(comparison, "b")):
        for stance in LABELS:
            excerpts += candidates(reviews, stance)
            parts += clauses(reviews, stance)
    return Extracts(_best_first(excerpts), _best_first(parts))


def first_unfaithful(quotes: Iterable[PullQuote], comparison: Comparison) -> PullQuote | None:
    """Find a piece that does not stand, letter by letter, in the review it names."""
    reviews = {(one.side, one.position): clean(one.text) for one in comparison.quotes}
    for quote in quotes:
        if not quote.text or quote.text not in reviews.get((quote.side, quote.reviewer), ""):
            return quote
    return None


def _under(found: tuple[Candidate, ...], side: Side, stance: Stance) -> tuple[Candidate, ...]:
    return tuple(
        candidate
        for candidate in found
        if candidate.quote.side == side and candidate.quote.stance == stance
    )


def _best_first(found: list[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(found, key=lambda one: (one.rank(heard=()), one.quote.side)))


_EXTRACTS = TypeAdapter(Extracts)
