"""Short clauses for sentence two of a verdict: they must stand alone, unhedged and undoubted."""

import re
from collections.abc import Collection, Iterator

from newsletter.content import wording
from newsletter.content.excerpts import BAR, Candidate, ours_and_theirs
from newsletter.content.reviews import Review
from newsletter.content.sentences import Sentence
from newsletter.content.stance import score
from newsletter.content.verdict import PullQuote, Stance

_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|their|them|this|these|those|such)\b(?! (?:tool|product)\b)", re.IGNORECASE
)

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
        for candidate in _candidate(review, sentence, sentence.start + start, text, stance)
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
    asks = sentence.text.endswith("?")
    return own >= BAR and not opposite and not (doubtful or asks or review.on_rival(sentence))


def _candidate(review: Review, start: int, text: str, stance: Stance) -> Iterator[Candidate]:
    if not SHORTEST <= len(text) <= LONGEST or wording.dangles(text) or "“" in text:
        return
    if start > sentence.start and _POINTS_BACK.search(text):
        return
    if not (wording.has_main_verb(text) and wording.balanced(text)):
        return
    own, opposite = ours_and_theirs(score(text), stance)
    if own >= BAR and not opposite:
        quote = PullQuote(review.side, stance, review.number, review.of, text)
        worth = own + (0.5 if len(text) in COMFORTABLE else 0.0)
        yield Candidate(quote, worth, start)
