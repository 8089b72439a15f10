"""Pull quotes: sentences, verbatim, that argue about a tool; under a label only the strong ones."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from newsletter.content.verdicts import wording
from newsletter.content.verdicts.reviews import Review
from newsletter.content.verdicts.sentences import Sentence
from newsletter.content.verdicts.stance import LABELLED, WORTH_QUOTING, Weights, score
from newsletter.content.verdicts.verdict import PullQuote, Stance

LIMIT = 220
SHORTEST = 40
OPPOSITE_WEIGHS = 1.5
SAME_REVIEWER = 1.0

_CUT = re.compile(r"\s+[—–]\s+|;\s+|,\s+(?=(?:which|because|where)\b)")
_TURNS_WITHIN = re.compile(r"\b(?:but|however|although|though)\b", re.IGNORECASE)
_CONDITION = re.compile(r"\b(?:if|unless|until)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece that cleared the bar, with what decides between it and others."""

    quote: PullQuote
    score: float
    start: int

    def rank(self, heard: Collection[int]) -> tuple[float, int, int, int]:
        """Give the sorting key, best first: reviewers already heard step back."""
        penalty = SAME_REVIEWER if self.quote.reviewer in heard else 0.0
        return (penalty - self.score, len(self.quote.text), self.quote.reviewer, self.start)


def best(
    found: Collection[Candidate], shown: Collection[str], heard: Collection[int]
) -> PullQuote | None:
    """Give the highest-ranking candidate that repeats nothing shown."""
    for candidate in sorted(found, key=lambda candidate: candidate.rank(heard)):
        if not any(wording.repeats(candidate.quote.text, text) for text in shown):
            return candidate.quote
    return None


def candidates(reviews: Collection[Review], stance: Stance) -> list[Candidate]:
    """Give every sentence of the reviews that argues so, under the label if it is strong enough."""
    return [
        candidate
        for review in reviews
        for place, sentence in enumerate(review.sentences)
        if not review.on_rival(sentence)
        for candidate in _candidate(review, place, stance)
    ]


def ours_and_theirs(weights: Weights, stance: Stance) -> tuple[int, int]:
    """Give what speaks for that stance and what speaks against it."""
    if stance == "for":
        return weights.for_, weights.against
    return weights.against, weights.for_


def _candidate(review: Review, place: int, stance: Stance) -> Iterator[Candidate]:
    sentence = review.sentences[place]
    text = cut_to_fit(sentence.text)
    if text is None or len(text) < SHORTEST or not wording.balanced(text):
        return
    own, _ = ours_and_theirs(score(text), stance)
    _, opposite = ours_and_theirs(score(sentence.text), stance)
    if own < WORTH_QUOTING or own <= opposite:
        return
    label: Stance = stance if own >= LABELLED else "neutral"
    cut = text != sentence.text
    quote = PullQuote(review.side, label, review.number, review.of, text, cut=cut)
    worth = own - OPPOSITE_WEIGHS * opposite + quality(review, place, text, stance)
    yield Candidate(quote, worth, sentence.start)


def quality(review: Review, place: int, text: str, stance: Stance) -> float:
    """Tell how well a piece reads by itself, apart from what it argues."""
    last = review.complete and place == len(review.sentences) - 1
    conceded = not last and wording.turns(_next(review.sentences, place))
    marks = (
        (_fitting(len(text)), True),
        (0.6, last),
        (0.3, place == 0),
        (0.2, _FIGURE.search(text)),
        (-1.2, wording.dangles(text)),
        (-0.6, wording.points_out(text)),
        (-1.0, conceded),
        (-0.5, _TURNS_WITHIN.search(text)),
        (-0.8, stance == "for" and _CONDITION.search(text)),
    )
    return sum(mark for mark, applies in marks if applies)


def cut_to_fit(sentence: str) -> str | None:
    """Shorten a sentence to the limit, or give None when no cut leaves it true and whole.

    Only the right end goes, only at a dash, a semicolon or a relative clause, and never when what
    goes would have taken back or limited what stays.
    """
    if len(sentence) <= LIMIT:
        return sentence
    for mark in reversed(list(_CUT.finditer(sentence, 0, LIMIT))):
        kept, lost = sentence[: mark.start()], sentence[mark.end() :]
        sound = wording.balanced(kept) and wording.has_main_verb(kept)
        if sound and not wording.reverses(lost):
            return kept
    return None


def _next(sentences: tuple[Sentence, ...], place: int) -> str:
    return sentences[place + 1].text if place + 1 < len(sentences) else ""


def _fitting(length: int) -> float:
    if 70 <= length <= 190:  # noqa: PLR2004 - the comfortable length of a pull quote
        return 1.0
    return 0.4 if 50 <= length <= 260 else -1.0  # noqa: PLR2004
