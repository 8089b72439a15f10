"""An issue is built: chosen, summarised, rendered once, and frozen as a draft.

Building again before it is approved is always possible and always ends the same for the same
catalogue and marks; that is how a draft takes up a pin.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from newsletter.content.catalogue import extracts, lookup
from newsletter.content.comparison import CatalogueEntry
from newsletter.content.verdicts.extraction import Extracts
from newsletter.content.verdicts.summary import summarise
from newsletter.content.verdicts.verdict import Summary
from newsletter.errors import NewsletterError
from newsletter.issues import frozen, life, marks, opening, store, wordings
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueEvent
from newsletter.rendering.issue_view import issue_view
from newsletter.rendering.letter import render
from newsletter.rendering.views import Brand, IssueView, VoteResult
from newsletter.selection.choose import choose
from newsletter.selection.rules import Candidate, Decision, Rules, Selection

Votes = Callable[[Session, int, datetime], tuple[VoteResult, ...]]
"""Gives what an issue of a number tells of the votes on the one before, as counted at an instant."""


@dataclass(frozen=True, slots=True)
class Press:
    """What it takes to build an issue.

    Attributes:
        rules: the bounds of the choice.
        brand: the look of the sender.
        votes: counts what readers answered to the issue before.
    """

    rules: Rules
    brand: Brand
    votes: Votes


class NothingNew(NewsletterError):
    """Too few comparisons are new; no issue is built and nobody is mailed."""

    code = "nothing-new"

    def __init__(self, selection: Selection, least: int) -> None:
        """Keep the selection, so that its reasons can be shown."""
        self.selection = selection
        super().__init__(
            f"{len(selection.chosen)} new comparisons, an issue needs {least}; "
            "import more with: newsletter content import"
        )


def select_for(session: Session, rules: Rules, today: date) -> Selection:
    """Choose from the whole catalogue as of a day, by ledger and marks.

    Entries that were passed over come without their quotes: the choice does not ask for them.
    """
    mailed, said = store.ledger(session), marks.marks(session)
    candidates = (
        Candidate(outline, mailed.get(outline.id), said.get(outline.id))
        for outline in lookup.outlines(session)
    )
    selection = choose(candidates, rules, today)
    in_full = lookup.in_full(session, [decision.entry for decision in selection.chosen])
    chosen = zip(selection.chosen, in_full, strict=True)
    return replace(
        selection, chosen=tuple(replace(decision, entry=entry) for decision, entry in chosen)
    )


def build(
    session: Session, press: Press, *, schedule: str, local_date: date, now: datetime, actor: str
) -> Issue:
    """Build the issue of a slot as a draft, or build it again.

    Raises:
        NothingNew: when fewer than ``press.rules.least`` comparisons could be chosen.
        ForbiddenIssueChange: when the issue of that slot has already left or was given up.
    """
    selection = select_for(session, press.rules, local_date)
    if len(selection.chosen) < press.rules.least:
        raise NothingNew(selection, press.rules.least)
    issue = opening.open_for(session, schedule, local_date, now)
    life.change(session, issue, IssueEvent.BUILT, now=now, actor=actor)
    chosen = [decision.entry for decision in selection.chosen]
    stored = extracts.fresh(session, chosen, now=now)
    view = composed(session, issue, chosen, stored, brand=press.brand)
    view = replace(view, results=press.votes(session, issue.number, now))
    frozen.freeze(issue, render(view, issue.nonce), view)
    issue.passed_over = json.dumps([_reason(decision) for decision in selection.passed_over])
    store.replace_items(session, issue, selection.chosen)
    return issue


def composed(
    session: Session,
    issue: Issue,
    entries: Collection[CatalogueEntry],
    stored: Mapping[int, Extracts],
    *,
    brand: Brand,
) -> IssueView:
    """Compose an issue of comparisons: by the rules, then with the words of editors.

    Args:
        session: the open transaction; nothing is written.
        issue: whose number and date it has.
        entries: the comparisons in full, in the order of the issue.
        stored: their extracts by row id; what is missing is made now.
        brand: whose letter it is.
    """
    return wordings.reworded(session, by_rules(issue, entries, stored, brand=brand), entries)


def by_rules(
    issue: Issue,
    entries: Collection[CatalogueEntry],
    stored: Mapping[int, Extracts],
    *,
    brand: Brand,
) -> IssueView:
    """Compose an issue as it is where no editor says a word.

    Readers' votes on the issue before are not in it: they are counted when an issue is built, and
    those that come afterwards make no draft outdated.

    Args:
        issue: whose number and date it has.
        entries: the comparisons in full, in the order of the issue.
        stored: their extracts by row id; what is missing is made now.
        brand: whose letter it is.
    """
    items = summarised(entries, stored)
    return issue_view(number=issue.number, date=issue.local_date, items=items, brand=brand)


def summarised(
    entries: Collection[CatalogueEntry], stored: Mapping[int, Extracts]
) -> Sequence[tuple[CatalogueEntry, Summary]]:
    """Give each comparison its verdict; quotes shown for a tool are not shown again."""
    shown: list[str] = []
    done = []
    for entry in entries:
        summary = summarise(entry.comparison, stored.get(entry.id), shown=tuple(shown))
        shown += summary.texts
        done.append((entry, summary))
    return done


def _reason(decision: Decision) -> dict[str, Any]:
    return {
        "comparison": decision.entry.comparison.key,
        "title": decision.title,
        "reason": decision.reason.value,
        "because": decision.because,
    }
