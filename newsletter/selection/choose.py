"""Choose this week's comparisons: the same candidates give the same issue, in any order of import."""

import math
from collections import Counter
from collections.abc import Iterable
from datetime import date

from newsletter.content.categories import group
from newsletter.content.comparison import CatalogueEntry, Comparison
from newsletter.content.verdicts.verdict import outcome
from newsletter.selection.rules import (
    Candidate,
    Decision,
    Mark,
    Reason,
    Rules,
    Selection,
    waits_until,
)


def choose(candidates: Iterable[Candidate], rules: Rules, today: date) -> Selection:
    """Choose newest first among what was never mailed, with a reason for each choice and refusal.

    Pins come first and override every rule but one: what was mailed is not mailed again; and they
    push nobody out by sharing a tool with them, unless an editor gave them a place: an order made
    of what is in the issue brings nothing else in. Then the newest are taken while no tool appears
    twice among them and no group of categories takes more than its share; places left over go to
    those who only waited for their category.

    Args:
        candidates: all stored comparisons, in any order.
        rules: the bounds.
        today: the date of the issue in the zone of the schedule.
    """
    issue = _Issue(rules)
    waiting: list[CatalogueEntry] = []
    for candidate in sorted(candidates, key=_order):
        if refusal := _refused(candidate, today):
            issue.pass_over(candidate.entry, *refusal)
        elif candidate.mark and candidate.mark.kind == "pin":
            issue.pin(candidate.entry, candidate.mark)
        elif issue.takes_in_turn(candidate.entry):
            issue.take(
                candidate.entry,
                Reason.NEWEST,
                f"among the newest ({candidate.entry.date.isoformat()})",
            )
        else:
            waiting.append(candidate.entry)
    for entry in waiting:
        issue.take_or_pass_over(entry)
    return Selection(tuple(issue.chosen), tuple(issue.passed_over))


class _Issue:
    """The issue while it fills up."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.chosen: list[Decision] = []
        self.passed_over: list[Decision] = []
        self.holders: dict[str, Comparison] = {}  # by slug and by name: one name has many slugs
        self.groups: Counter[str] = Counter()

    def pin(self, entry: CatalogueEntry, mark: Mark) -> None:
        has_place = mark.position is not None
        self.take(entry, Reason.PINNED, "pinned by an editor", holds_tools=has_place)

    def take(
        self, entry: CatalogueEntry, reason: Reason, because: str, *, holds_tools: bool = True
    ) -> None:
        self.chosen.append(Decision(entry, reason, because))
        if holds_tools:
            self.holders |= dict.fromkeys(_identities(entry.comparison), entry.comparison)
        self.groups.update(_groups(entry.comparison))

    def pass_over(self, entry: CatalogueEntry, reason: Reason, because: str) -> None:
        self.passed_over.append(Decision(entry, reason, because))

    def takes_in_turn(self, entry: CatalogueEntry) -> bool:
        return not (self.full or self.holder_of_a_tool(entry) or self.crowded(entry))

    def take_or_pass_over(self, entry: CatalogueEntry) -> None:
        if holder := self.holder_of_a_tool(entry):
            shared = _shared_name(entry.comparison, holder)
            self.pass_over(entry, Reason.SAME_TOOL, f"{shared} is already in it, in {holder.title}")
        elif not self.full:
            self.take(entry, Reason.NEWEST, f"among the newest ({entry.date.isoformat()})")
        elif self.crowded(entry):
            crowd = " and ".join(sorted(_groups(entry.comparison)))
            self.pass_over(entry, Reason.CATEGORY, f"enough of {crowd} this week")
        else:
            self.pass_over(entry, Reason.FULL, f"the issue already holds {len(self.chosen)}")

    @property
    def full(self) -> bool:
        return len(self.chosen) >= self.rules.most

    def holder_of_a_tool(self, entry: CatalogueEntry) -> Comparison | None:
        found = (self.holders.get(identity) for identity in _identities(entry.comparison))
        return next((holder for holder in found if holder), None)

    def crowded(self, entry: CatalogueEntry) -> bool:
        share = math.ceil(self.rules.most * self.rules.category_share)
        return any(self.groups[name] >= share for name in _groups(entry.comparison))


def _order(candidate: Candidate) -> tuple[object, ...]:
    entry = candidate.entry
    pinned = candidate.mark is not None and candidate.mark.kind == "pin"
    position = candidate.mark.position if candidate.mark and pinned else None
    gap = outcome(entry.comparison).gap or 0
    return (
        not pinned,
        math.inf if position is None else position,
        -entry.date.toordinal(),
        -gap,  # of one day's comparisons the clearest verdict first
        entry.comparison.key,
    )


def _refused(candidate: Candidate, today: date) -> tuple[Reason, str] | None:
    entry, mark = candidate.entry, candidate.mark
    if candidate.mailed_in is not None:
        return Reason.MAILED, f"mailed in issue {candidate.mailed_in}"
    if mark:
        return (Reason.BANNED, "banned by an editor") if mark.kind == "ban" else None
    if day := waits_until(entry, today):
        return Reason.FUTURE, f"dated in the future, waits until {day.isoformat()}"
    if any(
        tool.panel_percent is None for tool in (entry.comparison.tool_a, entry.comparison.tool_b)
    ):
        return Reason.NO_PANEL, "the panel's share is not known for both tools"
    return None


def _identities(comparison: Comparison) -> frozenset[str]:
    return frozenset(
        identity
        for tool in (comparison.tool_a, comparison.tool_b)
        for identity in (f"slug {tool.slug}", f"name {tool.name.casefold()}")
    )


def _groups(comparison: Comparison) -> frozenset[str]:
    named = (group(tool.category) for tool in (comparison.tool_a, comparison.tool_b))
    return frozenset(name for name in named if name)


def _shared_name(comparison: Comparison, holder: Comparison) -> str:
    held = _identities(holder)
    a_is_shared = {f"slug {comparison.tool_a.slug}", f"name {comparison.tool_a.name.casefold()}"}
    return comparison.tool_a.name if held & a_is_shared else comparison.tool_b.name
