"""The editions of an issue as they would leave, for whoever looks at them first; nothing is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from newsletter.corrections import store as corrections
from newsletter.corrections.showing import shown
from newsletter.editions import ledger
from newsletter.editions.choosing import Choice
from newsletter.editions.composing import composed
from newsletter.editions.models import Edition
from newsletter.editions.planning import plans
from newsletter.editions.shelf import Shelf
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.rendering.letter import render
from newsletter.rendering.rendered import Rendered
from newsletter.rendering.views import IssueView, Kind


@dataclass(frozen=True, slots=True)
class Draft:
    """One edition before it leaves.

    Attributes:
        choice: what is in it.
        view: composed of that.
        letter: rendered from the view.
        earlier: numbers of the earlier issues that something in it was in.
    """

    choice: Choice
    view: IssueView
    letter: Rendered
    earlier: frozenset[int]


def drafts(session: Session, issue: Issue, who: ColumnElement[bool]) -> Iterator[Draft]:
    """Compose and render each edition once, however many readers it has.

    Args:
        session: of either kind.
        issue: that might leave; of one that has begun to, the editions are those that it has.
        who: which rows of ``subscribers`` it might go to.
    """
    shelf = Shelf(session)
    for choice in _choices(session, issue, who, shelf):
        yield drafted(session, issue, choice, shelf)


def drafted(session: Session, issue: Issue, choice: Choice, shelf: Shelf) -> Draft:
    """Compose and render one edition."""
    now, sources = frozen.view(issue), ledger.sources(session, issue, choice.items)
    here = {row.entry_id for row in now.match_ups}
    earlier = {item: sources[item] for item in choice.items if item not in here}
    view = _corrected(session, composed(now, choice, sources, shelf), earlier)
    return Draft(choice, view, render(view, issue.nonce), frozenset(earlier.values()))


def _corrected(session: Session, view: IssueView, earlier: Mapping[int, int]) -> IssueView:
    """Put beside what is told again what was found to be wrong in it since it was first told."""
    said = corrections.of_issues(session, {view.number, *earlier.values()})
    known = {row.entry_id for row in view.match_ups}
    notes = [
        shown(view, one)
        for number, rows in sorted(said.items())
        for one in corrections.standings(rows)
        if one.now.comparison_id in known and not one.now.withdraws
        if earlier.get(one.now.comparison_id or 0, view.number) == number
    ]
    return replace(view, corrections=tuple(notes))


def choice_of(edition: Edition) -> Choice:
    """Read the choice that an edition was opened for."""
    return Choice(cast("Kind", edition.kind), tuple(edition.items))


def _choices(
    session: Session, issue: Issue, who: ColumnElement[bool], shelf: Shelf
) -> Iterable[Choice]:
    if issue.has_begun:
        opened = select(Edition).where(Edition.issue_number == issue.number)
        return map(choice_of, session.exec(opened.order_by(col(Edition.number))).all())
    outcomes = (plan.outcome for plan in plans(session, issue, who, shelf))
    wanted = (outcome for outcome in outcomes if isinstance(outcome, Choice))
    return dict.fromkeys(choice for choice in wanted if choice.kind != "issue")
