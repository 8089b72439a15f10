"""What a new build would change of a draft: words, marks and imports that came after it was built.

The contents are compared, not the times: a word that was said and taken back changed nothing. A
newer comparison that nobody pinned changes nothing either, for what was previewed is what leaves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from sqlmodel import Session

from newsletter.content.catalogue import lookup
from newsletter.content.comparison import CatalogueEntry
from newsletter.issues import building, marks, store
from newsletter.issues.building import Press
from newsletter.issues.models import Issue
from newsletter.issues.rewording import IssuePart
from newsletter.rendering.views import Card, IssueView
from newsletter.selection.choose import choose
from newsletter.selection.rules import Candidate, Selection

_AS_EDITORS_SAY = {
    "tool_a": "the left tool",
    "tool_b": "the right tool",
    "outcome": "who leads",
    "numbers": "the verdict",
    "case": "the case",
    "case_quotes": "the case",
    "reworded": "",  # it goes with the words themselves
}
"""What the fields of a card are called at the desk; one that is missing here keeps its name."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a new build would make otherwise.

    Attributes:
        where: the comparison by its names, a part of the issue, or "order".
        told: what has changed there.
    """

    where: str
    told: str


def changes(session: Session, press: Press, issue: Issue, view: IssueView) -> list[Change]:
    """Give what a new build would change of an issue that has not begun to leave.

    Args:
        session: the open transaction; nothing is written.
        press: what it would be built with.
        issue: the draft.
        view: its frozen content.
    """
    kept = [item.comparison_id for item in store.items(session, issue)]
    known = {outline.id: outline for outline in lookup.outlines(session)}
    selection = _chosen_again(session, press, issue, kept, known)
    entries = lookup.in_full(session, [known[row_id] for row_id in kept])
    again = building.composed(session, issue, entries, {}, brand=press.brand)
    return [
        *_of_choice(kept, selection),
        *_of_cards(view, again),
        *_of_issue(view, again),
        *_of_votes(session, issue, view),
    ]


def _chosen_again(
    session: Session,
    press: Press,
    issue: Issue,
    kept: Sequence[int],
    known: Mapping[int, CatalogueEntry],
) -> Selection:
    """Choose among the items and what editors pinned; what went out meanwhile is told elsewhere."""
    said, mailed = marks.marks(session), store.ledger(session)
    pinned = {row_id for row_id, mark in said.items() if mark.kind == "pin"}
    candidates = [
        Candidate(outline, None if row_id in kept else mailed.get(row_id), said.get(row_id))
        for row_id, outline in known.items()
        if row_id in kept or (row_id in pinned and row_id not in mailed)
    ]
    return choose(candidates, press.rules, issue.local_date)


def _of_choice(kept: Sequence[int], selection: Selection) -> Iterator[Change]:
    chosen = [decision.entry.id for decision in selection.chosen]
    for decision in selection.passed_over:
        if decision.entry.id in kept:
            yield Change(decision.title, f"it would not be in it again: {decision.because}")
    for decision in selection.chosen:
        if decision.entry.id not in kept:
            yield Change(decision.title, f"it would come in: {decision.because}")
    if sorted(chosen) == sorted(kept) and chosen != kept:
        yield Change("order", "the match-ups would stand in another order")


def _of_cards(view: IssueView, again: IssueView) -> Iterator[Change]:
    for before, after in zip(view.cards, again.cards, strict=False):
        if parts := _differing(before, after):
            yield Change(before.title, f"other words or facts since it was built ({parts})")


def _of_issue(view: IssueView, again: IssueView) -> Iterator[Change]:
    for part in IssuePart:
        if getattr(view, part.value) != getattr(again, part.value):
            yield Change(part.value, "it would read otherwise")


def _of_votes(session: Session, issue: Issue, view: IssueView) -> Iterator[Change]:
    """Tell of votes on an issue that is not the one before any more; more votes are no change."""
    told = {result.issue for result in view.results}
    last = next(iter(store.published(session, 1)), None)
    if told and last and last.number not in (*told, issue.number):
        yield Change("votes", f"issue {last.number} has left since those it tells of were counted")


def _differing(before: Card, after: Card) -> str:
    changed = (
        _AS_EDITORS_SAY.get(field.name, field.name)
        for field in fields(Card)
        if getattr(before, field.name) != getattr(after, field.name)
    )
    return ", ".join(dict.fromkeys(filter(None, changed)))
