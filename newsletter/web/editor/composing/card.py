"""What the page for one card shows: its two sentences, and the quotes there are to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from newsletter.content.catalogue import extracts, lookup
from newsletter.content.comparison import Side
from newsletter.content.verdicts.extraction import extract
from newsletter.content.verdicts.verdict import Stance
from newsletter.issues import composing, frozen, said
from newsletter.issues.choices import Choice, Choices, choices
from newsletter.issues.models import ComposingStep, Issue
from newsletter.issues.rewording import SLOTS, CardPart
from newsletter.issues.said import Said
from newsletter.rendering.views import Card
from newsletter.service import Service
from newsletter.web.editor.composing.composition import Field, by_rules

RULES, NONE, OWN = "rules", "none", "own"
"""What may be chosen for a place beside a quote: the rules' choice, nothing, or own words."""
QUOTE = "quote:"
"""How the value of a quote begins; its words follow."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the four places for quotes.

    Attributes:
        part: which.
        tool: whose.
        stance: "for" or "against".
        by_rules: what the rules would show there; None when nothing.
        stands_in: what they show then about the tool, under no label; a choice here ends that.
        found: what there is to choose from.
        chosen: one of ``RULES``, ``NONE``, ``OWN``, or ``QUOTE`` and the words.
        own: the editor's own words.
        error: why what was typed is not kept.
    """

    part: CardPart
    tool: str
    stance: str
    by_rules: Choice | None
    stands_in: Choice | None
    found: Choices
    chosen: str
    own: str = ""
    error: str = ""

    @property
    def better(self) -> Sequence[Choice]:
        """What argues so, but for what the rules show anyway."""
        shown = self.by_rules.text if self.by_rules and self.chosen == RULES else ""
        return [one for one in self.found.best if one.text != shown]

    @property
    def lost(self) -> str:
        """Words that are shown as a quote and are no whole sentence of any review."""
        words = self.chosen.removeprefix(QUOTE)
        known = [one.text for one in (*self.found.best, *self.found.others)]
        return words if self.chosen.startswith(QUOTE) and words not in known else ""


@dataclass(frozen=True, slots=True)
class CardPage:
    """One card as it can be edited.

    Attributes:
        card: as it is in the letter.
        place: in the issue, from 1.
        seen: the mark of what is shown; a form brings it back.
        fields: its two sentences.
        slots: its places for quotes.
        last: the last change that can be taken back.
    """

    card: Card
    place: int
    seen: str
    fields: Sequence[Field]
    slots: Sequence[Slot]
    last: ComposingStep | None


def gather_card(session: Session, service: Service, issue: Issue, row_id: int) -> CardPage | None:
    """Gather it; None when no card of the issue is about that comparison (row id)."""
    view = frozen.readable(issue)
    places = {card.entry_id: place for place, card in enumerate(view.cards if view else (), 1)}
    rules = by_rules(session, service, issue, view) if row_id in places else None
    if view is None or rules is None or len(rules.cards) != len(view.cards):
        return None
    place = places[row_id]
    card, automatic = view.cards[place - 1], rules.cards[place - 1]
    [entry] = lookup.of_ids(session, [row_id])
    stored = extracts.known(session, [entry]).get(row_id) or extract(entry.comparison)
    now_said = said.everything(session, issue.number)
    return CardPage(
        card=card,
        place=place,
        seen=composing.mark(issue, now_said),
        fields=[
            Field(part, words, sentences_of(automatic)[part] if part in card.reworded else None)
            for part, words in sentences_of(card).items()
        ],
        slots=[
            Slot(
                part=part,
                tool=card.tool(side).name,
                stance=stance,
                by_rules=_shown(automatic, side, stance),
                stands_in=_shown(automatic, side, "neutral"),
                found=choices(entry.comparison, stored, part),
                **_chosen(now_said, row_id, part),
            )
            for part, (side, stance) in SLOTS.items()
        ],
        last=composing.last(session, issue.number),
    )


def sentences_of(card: Card) -> Mapping[CardPart, str]:
    """Give the two sentences of a card; the second one may be empty."""
    return {CardPart.VERDICT: card.numbers, CardPart.CASE: card.case or ""}


def _shown(card: Card, side: Side, stance: Stance) -> Choice | None:
    fitting = (one for one in card.quotes if (one.side, one.stance) == (side, stance))
    return next((Choice(one.text, one.reviewer) for one in fitting), None)


def _chosen(now_said: Said, row_id: int, part: CardPart) -> Mapping[str, str]:
    """Give what an editor has chosen for a place, and their own words if it is these."""
    words = now_said.get(f"card {row_id} {part.value}")
    if words is None:
        return {"chosen": RULES}
    text, is_own = words
    if not text:
        return {"chosen": NONE}
    return {"chosen": OWN, "own": text} if is_own else {"chosen": f"{QUOTE}{text}"}
