"""Short clauses for sentence two of a verdict: they must stand alone, unhedged and undoubted."""

import re
from collections.abc import Collection, Iterator

from newsletter.content.verdicts import wording
from newsletter.content.verdicts.excerpts import Candidate, ours_and_theirs
from newsletter.content.verdicts.reviews import Review
from newsletter.content.verdicts.sentences import Sentence
from newsletter.content.verdicts.stance import LABELLED, score
from newsletter.content.verdicts.verdict import PullQuote, Stance

# Inside a sentence these may point at a subject that the part has lost.
_POINTS_BACK = re.compile(r"\b(?:it|its|(?<!ship )(?<!use )this|such)\b", re.IGNORECASE)

SHORTEST = 30
LONGEST = 105
COMFORTABLE = range(45, 96)

_PART = re.compile(r"\s+[—–]\s+|;\s+")
_CONJUNCTION = re.compile(r",\s+(?:and|but)\s+")
_END = ".!…"


def clauses(reviews: Collection[Review], stance: Stance) -> list[Candidate]:
    """Give every clause of the reviews that makes the case (For) or the caution (Against)."""
    return [
        candidate
        for review in reviews
        for sentence in review.sentences
        if _speaks_plainly(sentence, review, stance)
        for start, text in pieces(sentence.text)
        for candidate in _candidate(review, sentence.start + start, text, stance, inner=start > 0)
    ]


def pieces(sentence: str) -> Iterator[tuple[int, str]]:
    """Give the offset and text of a whole sentence and of the parts that can stand alone.

    A comma before "and" or "but" parts two clauses only when the left one has a verb and no other
    comma: otherwise it may be the last comma of a list, and the right part lost its subject.
    """
    whole = sentence.rstrip(_END)
    yield 0, whole
    marks = [*_PART.finditer(whole)]
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(whole)]
    for start, end in zip(starts, ends, strict=True):
        part = whole[start:end]
        if part != whole:
            yield start, part
        joint = _CONJUNCTION.search(part)
        if joint and _is_clause(part[: joint.start()]):
            yield start, part[: joint.start()]
            yield start + joint.end(), part[joint.end() :]


def _is_clause(left: str) -> bool:
    return "," not in left and wording.has_main_verb(left)


def _speaks_plainly(sentence: Sentence, review: Review, stance: Stance) -> bool:
    own, opposite = ours_and_theirs(score(sentence.text), stance)
    doubtful = wording.hedges(sentence.text) or wording.reports(sentence.text)
    return own >= LABELLED and not opposite and not (doubtful or review.on_rival(sentence))


def _candidate(
    review: Review, start: int, text: str, stance: Stance, *, inner: bool
) -> Iterator[Candidate]:
    if not (SHORTEST <= len(text) <= LONGEST and _stands_alone(text, inner=inner)):
        return
    own, opposite = ours_and_theirs(score(text), stance)
    if own >= LABELLED and not opposite:
        quote = PullQuote(review.side, stance, review.number, review.of, text)
        worth = own + (0.5 if len(text) in COMFORTABLE else 0.0)
        yield Candidate(quote, worth, start)


def _stands_alone(text: str, *, inner: bool) -> bool:
    if wording.dangles(text) or wording.points_out(text):
        return False
    if inner and _POINTS_BACK.search(text):
        return False
    return wording.has_main_verb(text) and wording.balanced(text) and "“" not in text
