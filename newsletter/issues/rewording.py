"""What editors may say in their own words, and how it takes its place in an issue. Pure.

A sentence may be replaced by any other, but what stands in quotation marks must stand in a review,
and a pull quote is an exact piece of one; otherwise it is shown as the editor's own words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from newsletter.rendering.views import Card, IssueView, QuoteView


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

_ORDER: Mapping[Stance, int] = {"for": 0, "against": 1, "neutral": 2}


def usable(part: CardPart | IssuePart, words: Words) -> Words:
    """Give the words as they may be shown, or refuse them.

    Raises:
        UnusableWords: when nothing of them can be seen where something must stand, when they are
            too long, when a quotation mark has no partner, when words that are no quote are claimed
            as own words, or when own words look like a reviewer's.
    """
    text = plain(words.text)
    if not text and part not in MAY_BE_LEFT_OUT:
        raise UnusableWords(
            f"the {part} cannot be empty; to give it back to the rules: newsletter issue unword"
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
            _review_of(comparison, side, words.text)
        return
    for said in quoted(words.text):
        if not _sources(comparison, said):
            numbers = " or ".join(sorted(said.reviewers))
            whose = f"what reviewer {numbers} wrote" if numbers else "any review"
            raise NotInSource(
                f"“{said.text[:80]}” is not in {whose} of this comparison; quote exactly, or take "
                "the quotation marks away"
            )


def reworded_card(card: Card, comparison: Comparison, wordings: Mapping[CardPart, Words]) -> Card:
    """Put an editor's words into a card; a quote that has left its source keeps none as its proof.

    Args:
        card: as it was composed by the rules.
        comparison: what the reviews are taken from.
        wordings: usable words by part.
    """
    if not wordings:
        return card
    changed = replace(card, reworded=tuple(part.value for part in CardPart if part in wordings))
    if verdict := wordings.get(CardPart.VERDICT):
        changed = replace(changed, numbers=verdict.text)
    if case := wordings.get(CardPart.CASE):
        quoted = tuple(_quoted(card, comparison, case.text))
        changed = replace(changed, case=case.text or None, case_quotes=quoted)
    return replace(changed, quotes=_quotes(card, comparison, wordings))


def reworded_issue(view: IssueView, wordings: Mapping[IssuePart, Words]) -> IssueView:
    """Put an editor's words into the parts that belong to the whole issue."""

    def said(part: IssuePart, otherwise: str) -> str:
        return wordings[part].text if part in wordings else otherwise

    intro = wordings.get(IssuePart.INTRO)
    return replace(
        view,
        subject=said(IssuePart.SUBJECT, view.subject),
        preheader=said(IssuePart.PREHEADER, view.preheader),
        headline=said(IssuePart.HEADLINE, view.headline),
        intro=(intro.text,) if intro else view.intro,
    )


def _quotes(
    card: Card, comparison: Comparison, wordings: Mapping[CardPart, Words]
) -> tuple[QuoteView, ...]:
    """Give the quotes in the order of the card, each slot with the editor's or the rules' choice.

    A quote under no label steps in where the rules found too little; who chooses ends that.
    """
    chosen = {(quote.side, quote.stance): quote for quote in card.quotes}
    for part, slot in SLOTS.items():
        words = wordings.get(part)
        if words is not None:
            chosen.pop(slot, None)
            chosen.pop((slot[0], "neutral"), None)
            if words.text:
                chosen[slot] = _quote(card, comparison, part, words)
    return tuple(sorted(chosen.values(), key=lambda quote: (quote.side, _ORDER[quote.stance])))


def _quote(card: Card, comparison: Comparison, part: CardPart, words: Words) -> QuoteView:
    side, stance = SLOTS[part]
    tool = card.tool(side)
    unproved = QuoteView(
        side=side,
        tool=tool.name,
        stance=stance,
        reviewer=0,
        reviewers=tool.reviews,
        text=words.text,
        cut=False,
        source="",
    )
    if words.own_words:
        return replace(unproved, by="editor")
    try:
        review, cut = _review_of(comparison, side, words.text)
    except NotInSource:  # the page changed since; without a source, preflight stops the issue
        return unproved
    return replace(unproved, reviewer=review.position, cut=cut, source=plain(review.text))


def _review_of(comparison: Comparison, side: Side, text: str) -> tuple[Quote, bool]:
    """Find the review a piece is from, and whether its sentence goes on behind it.

    A piece begins where a sentence begins: what stands before it could turn its meaning.
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


def _quoted(card: Card, comparison: Comparison, text: str) -> list[QuoteView]:
    """Give the proof of each quoted piece of a sentence."""
    return [
        QuoteView(
            side=review.side,
            tool=card.tool(review.side).name,
            stance="neutral",
            reviewer=review.position,
            reviewers=card.tool(review.side).reviews,
            text=said.text,
            cut=False,
            source=plain(review.text),
        )
        for said in quoted(text)
        for review in _sources(comparison, said)[:1]
    ]


def _sources(comparison: Comparison, said: Said) -> list[Quote]:
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
