"""What the page for composing shows: the words, the match-ups in order, and every other candidate."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from newsletter.content.catalogue import extracts, lookup
from newsletter.editors.sessions import Visit
from newsletter.issues import building, composing, frozen, said, store
from newsletter.issues.models import ComposingStep, Issue
from newsletter.issues.rewording import LONGEST, CardPart, IssuePart
from newsletter.issues.said import Said
from newsletter.issues.states import IssueEvent
from newsletter.rendering.views import IssueView, Row
from newsletter.selection.rules import Reason
from newsletter.service import Service
from newsletter.web.editor.issue.standing import Standing, standing

SHOWN = 12
"""Candidates of one reason that are shown before somebody asks for all."""
TO_REPLACE = 20
"""Candidates that are offered in the place of another."""

WHY_NOT: Mapping[str, str] = {
    Reason.FULL: "No place was left",
    Reason.CATEGORY: "Enough of their kind this week",
    Reason.SAME_TOOL: "One of their tools is in it already",
    Reason.NO_PANEL: "The panel’s share is not known",
    Reason.FUTURE: "Their day has not come",
    Reason.BANNED: "Kept out by an editor",
    Reason.MAILED: "Mailed before, and never mailed again",
}
"""Why candidates are out, as it stands above them; those that could come in most easily first."""


@dataclass(frozen=True, slots=True)
class Field:
    """A part that can be said in other words.

    Attributes:
        part: which.
        now: its words as they are in the letter.
        by_rules: what the rules would say, where an editor has said something else.
        typed: what somebody typed that was not kept; None when nothing.
        error: why it was not kept, if it is at fault.
    """

    part: IssuePart | CardPart
    now: str
    by_rules: str | None = None
    typed: str | None = None
    error: str = ""

    @property
    def shown(self) -> str:
        """What stands in the field."""
        return self.now if self.typed is None else self.typed

    @property
    def longest(self) -> int:
        """How many characters there is room for."""
        return LONGEST[self.part]


@dataclass(frozen=True, slots=True)
class Placed:
    """A match-up of the issue: why it is in, and what editors said of it."""

    place: int
    row_id: int
    title: str
    because: str
    is_pinned: bool
    has_place: bool
    sentence: str
    is_reworded: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """A candidate that is out; ``key`` names it in a form."""

    key: str
    title: str
    because: str


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates that are out for the same reason; ``count`` also counts those not shown."""

    reason: str
    words: str
    shown: Sequence[Passed]
    count: int

    @property
    def may_come_in(self) -> bool:
        """Whether a pin brings them in."""
        return self.reason != Reason.MAILED


@dataclass(frozen=True, slots=True)
class Composition:
    """The issue as it can be composed.

    Attributes:
        standing: where it stands.
        seen: the mark of what is shown; a form brings it back.
        fields: subject, preheader, headline and introduction.
        cards: the match-ups in order.
        groups: every other candidate, by why it is out.
        last: the last change that can be taken back.
        newer: how many comparisons came since it was built.
        is_readable: whether this release can read how it was frozen.
    """

    standing: Standing
    seen: str
    fields: Sequence[Field]
    cards: Sequence[Placed]
    groups: Sequence[Group]
    last: ComposingStep | None
    newer: int
    is_readable: bool

    @property
    def replacements(self) -> Sequence[Passed]:
        """Who could take the place of another."""
        out = (Reason.MAILED, Reason.BANNED)
        found = [one for group in self.groups if group.reason not in out for one in group.shown]
        return found[:TO_REPLACE]


def gather(
    session: Session, service: Service, visit: Visit, issue: Issue, *, whole: str = ""
) -> Composition:
    """Gather it, by the same statements however much there is.

    Args:
        session: for reading.
        service: the service.
        visit: who looks.
        issue: which.
        whole: the reason of which all candidates are to be shown.
    """
    found = standing(session, service.desk, issue, visit.now)
    now_said, view = said.everything(session, issue.number), frozen.readable(issue)
    return Composition(
        standing=found,
        seen=composing.mark(issue, now_said),
        fields=list(_fields(view, by_rules(session, service, issue, view), now_said)),
        cards=list(_cards(session, issue, view, now_said)),
        groups=list(_groups(json.loads(issue.passed_over), whole)),
        last=composing.last(session, issue.number),
        newer=_newer(session, found),
        is_readable=view is not None,
    )


def by_rules(
    session: Session, service: Service, issue: Issue, view: IssueView | None
) -> IssueView | None:
    """Compose the same match-ups as they would be if no editor had said a word."""
    entries = lookup.of_ids(session, [row.entry_id for row in view.match_ups] if view else [])
    stored = extracts.known(session, entries)
    return building.by_rules(issue, entries, stored, brand=service.desk.press.brand)


def words_of(view: IssueView) -> Mapping[IssuePart, str]:
    """Give the words of the parts that belong to no comparison."""
    return {
        IssuePart.SUBJECT: view.subject,
        IssuePart.PREHEADER: view.preheader,
        IssuePart.HEADLINE: view.headline,
        IssuePart.INTRO: " ".join(view.intro),
    }


def _fields(view: IssueView | None, rules: IssueView | None, now_said: Said) -> Iterator[Field]:
    if view is None or rules is None:
        return
    automatic = words_of(rules)
    for part, words in words_of(view).items():
        is_reworded = f"issue {part.value}" in now_said
        yield Field(part, words, automatic[part] if is_reworded else None)


def _cards(
    session: Session, issue: Issue, view: IssueView | None, now_said: Said
) -> Iterator[Placed]:
    rows: Mapping[int, Row] = {row.entry_id: row for row in view.match_ups} if view else {}
    for item in store.items(session, issue):
        row, mark = rows.get(item.comparison_id), now_said.get(f"mark {item.comparison_id}")
        yield Placed(
            place=item.position,
            row_id=item.comparison_id,
            title=row.title if row else f"Comparison {item.comparison_id}",
            because=item.because,
            is_pinned=mark is not None and mark[0] == "pin",
            has_place=mark is not None and mark[1] is not None,
            sentence=getattr(row, "numbers", ""),
            is_reworded=bool(getattr(row, "reworded", ())),
        )


def _groups(decisions: Sequence[Mapping[str, Any]], whole: str) -> Iterator[Group]:
    by_reason: dict[str, list[Mapping[str, Any]]] = {reason: [] for reason in WHY_NOT}
    for one in decisions:
        by_reason.setdefault(one["reason"], []).append(one)
    for reason, found in by_reason.items():
        shown = found if reason == whole else found[:SHOWN]
        if found:
            yield Group(
                reason,
                WHY_NOT.get(reason, reason),
                [Passed(one["comparison"], one["title"], one["because"]) for one in shown],
                len(found),
            )


def _newer(session: Session, found: Standing) -> int:
    built = [change.at for change in found.history if change.event == IssueEvent.BUILT.value]
    return lookup.count_since(session, built[-1]) if built and not found.is_over else 0
