"""What editors may say in their own words; see ``reworded`` for how it takes its place. Pure.

A sentence may be replaced by any other, but what stands in quotation marks must stand in a review,
and a pull quote is an exact piece of one; otherwise it is shown as the editor's own words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from newsletter.content.comparison import Comparison, Quote, Side
from newsletter.content.verdicts.sentences import split
from newsletter.content.verdicts.verdict import Stance
from newsletter.errors import NewsletterError
from newsletter.issues.quoting import (
    Said,
    has_a_lone_mark,
    in_our_marks,
    looks_quoted,
    names_a_reviewer,
    quoted,
)
from newsletter.rendering.checks.inbox import PREHEADER_MOST_SHOWN
from newsletter.rendering.plain import plain
from newsletter.rendering.subject import SUBJECT_MOST


class CardPart(StrEnum):
    """A part of one comparison's card."""

    VERDICT = "verdict"
    CASE = "case"
    FOR_A = "for-a"
    AGAINST_A = "against-a"
    FOR_B = "for-b"
    AGAINST_B = "against-b"


class IssuePart(StrEnum):
    """A part of the issue that belongs to no comparison."""

    SUBJECT = "subject"
    PREHEADER = "preheader"
    HEADLINE = "headline"
    INTRO = "intro"


class NotInSource(NewsletterError):
    """Words in quotation marks are not in the review they are said to be from."""

    code: ClassVar[str] = "not-in-source"


class UnusableWords(NewsletterError):
    """These words cannot stand there."""

    code: ClassVar[str] = "unusable-words"


@dataclass(frozen=True, slots=True)
class Words:
    """What an editor wrote for a part.

    Attributes:
        text: the words; empty leaves a quote or the second sentence out.
        own_words: shown as the editor's, without quotation marks and without a reviewer.
    """

    text: str
    own_words: bool = False


SLOTS: Mapping[CardPart, tuple[Side, Stance]] = {
    CardPart.FOR_A: ("a", "for"),
    CardPart.AGAINST_A: ("a", "against"),
    CardPart.FOR_B: ("b", "for"),
    CardPart.AGAINST_B: ("b", "against"),
}
"""Which quote each of these parts is; the order is the order on the card."""

MAY_BE_LEFT_OUT = frozenset({CardPart.CASE, *SLOTS})

LONGEST: Mapping[CardPart | IssuePart, int] = {
    IssuePart.SUBJECT: SUBJECT_MOST,
    IssuePart.PREHEADER: PREHEADER_MOST_SHOWN,
    IssuePart.HEADLINE: 120,
    IssuePart.INTRO: 600,
    CardPart.VERDICT: 400,
    CardPart.CASE: 600,
    **dict.fromkeys(SLOTS, 400),
}
"""Characters that each part may have: what is longer is cut by inboxes, or bursts a card."""


def usable(part: CardPart | IssuePart, words: Words, *, where: str = "") -> Words:
    """Give the words as they may be shown, or refuse them.

    Args:
        part: which one.
        words: for it.
        where: whose part it is, as options of a command.

    Raises:
        UnusableWords: when nothing of them can be seen where something must stand, when they are
            too long, when a quotation mark has no partner, when words that are no quote are claimed
            as own words, or when own words look like a reviewer's.
    """
    text = plain(words.text)
    if not text and part not in MAY_BE_LEFT_OUT:
        raise UnusableWords(
            f"the {part} cannot be empty; to give it back to the rules: "
            f"newsletter issue unword {part}{where}"
        )
    if len(text) > LONGEST[part]:
        raise UnusableWords(
            f"the {part} has {len(text)} characters, and room for {LONGEST[part]}; shorten it"
        )
    if words.own_words and part not in SLOTS:
        raise UnusableWords(f"--own-words is for quotes; the {part} is the editor's anyway")
    if words.own_words and (looks_quoted(text) or names_a_reviewer(text)):
        raise UnusableWords(
            "own words are nobody else's; leave out quotation marks and the reviewer's number, or "
            "quote exactly"
        )
    return Words(text if part in SLOTS else _in_our_marks(text), words.own_words)


def require_faithful(comparison: Comparison, part: CardPart, words: Words) -> None:
    """Refuse words that put something into a reviewer's mouth.

    Raises:
        NotInSource: naming the piece, and what to do.
    """
    if part in SLOTS:
        if words.text and not words.own_words:
            side, _ = SLOTS[part]
            review_of(comparison, side, words.text)
        return
    for said in quoted(words.text):
        if not sources(comparison, said):
            numbers = " or ".join(sorted(said.reviewers))
            whose = f"what reviewer {numbers} wrote" if numbers else "any review"
            raise NotInSource(
                f"“{said.text[:80]}” is not in {whose} of this comparison; quote exactly, or take "
                "the quotation marks away"
            )


def review_of(comparison: Comparison, side: Side, text: str) -> tuple[Quote, bool]:
    """Find the review a piece is from, and whether its sentence goes on behind it.

    A piece begins where a sentence begins: what stands before it could turn its meaning.

    Raises:
        NotInSource: when it is in no review of that tool, or begins in the middle of a sentence.
    """
    inside = False
    for review in comparison.quotes_on(side):
        source = plain(review.text)
        inside = inside or text in source
        sentences = split(source)
        for start in (one.start for one in sentences):
            end = start + len(text)
            if source.startswith(text, start) and not source[end : end + 1].isalnum():
                whole = any(end == one.end for one in sentences)
                return review, not whole or (end == len(source) and not review.complete)
    name = comparison.tool(side).name
    if inside:
        raise NotInSource(
            f"“{text[:80]}” is only a part of a sentence about {name}; begin where the sentence "
            "begins and end with a whole word"
        )
    raise NotInSource(
        f"“{text[:80]}” is in no review of {name}; quote exactly, or show it as the editor's own "
        "words"
    )


def sources(comparison: Comparison, said: Said) -> list[Quote]:
    """Find the reviews in which a piece stands, of those whose it may be."""
    return [
        review
        for review in comparison.quotes
        if said.text
        and said.text in plain(review.text)
        and (not said.reviewers or str(review.position) in said.reviewers)
    ]


def _in_our_marks(text: str) -> str:
    marked = in_our_marks(text)
    if has_a_lone_mark(marked):
        raise UnusableWords(f"a quotation mark has no partner in “{text[:80]}”; add or drop one")
    return marked
