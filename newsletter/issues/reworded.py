"""An issue with editors' words in it: they take the place of what the rules have composed. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from newsletter.content.comparison import Comparison
from newsletter.content.verdicts.verdict import Stance
from newsletter.issues.quoting import quoted
from newsletter.issues.rewording import (
    SLOTS,
    CardPart,
    IssuePart,
    NotInSource,
    Words,
    review_of,
    sources,
)
from newsletter.rendering.plain import plain
from newsletter.rendering.views import Card, IssueView, QuoteView

_ORDER: Mapping[Stance, int] = {"for": 0, "against": 1, "neutral": 2}


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
        proof = tuple(_quoted(card, comparison, case.text))
        changed = replace(changed, case=case.text or None, case_quotes=proof)
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
        review, cut = review_of(comparison, side, words.text)
    except NotInSource:  # the page changed since; without a source, preflight stops the issue
        return unproved
    return replace(unproved, reviewer=review.position, cut=cut, source=plain(review.text))


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
        for review in sources(comparison, said)[:1]
    ]
