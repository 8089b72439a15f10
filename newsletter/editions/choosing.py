"""What one reader gets of an issue and of what waited for them: the rule, over plain values."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from newsletter.rendering.views import Kind
from subscribers.wishes import Wishes

MOST = 40
"""Match-ups in one edition, five full issues: with more no card would have room beside the lines.

The newest are taken; what is left waits for the next letter.
"""


class Reason(StrEnum):
    """Why there is no letter this time; stands in the books."""

    MONTHLY = "monthly"
    """It waits for the first issue of a month."""
    NO_FOLLOWED_TOOL = "no-followed-tool"
    """No match-up of the issue has a tool that the reader follows."""
    NO_CHOSEN_TOPIC = "no-chosen-topic"
    """Nothing of the issue, and nothing that waited, is on a topic that the reader chose."""


@dataclass(frozen=True, slots=True)
class MatchUp:
    """One comparison of one issue, as far as wishes ask.

    Attributes:
        id: row id of the comparison.
        issue: number of the issue that holds it.
        groups: of its tools' categories; empty when neither has one.
        tools: slugs under which its tools may be followed.
    """

    id: int
    issue: int
    groups: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """What goes into the letter of everybody with the same choice.

    Attributes:
        kind: "issue" for the whole issue, which is no edition.
        items: row ids of comparisons, in the order of the letter.
    """

    kind: Kind
    items: tuple[int, ...]


def choose(
    wishes: Wishes, offered: Sequence[MatchUp], waiting: Collection[MatchUp], *, is_monthly: bool
) -> Choice | Reason:
    """Decide what a reader gets.

    Args:
        wishes: as they are now.
        offered: what the issue holds, in its order.
        waiting: what earlier issues kept back for this reader, newest issue first.
        is_monthly: whether the issue is the first one of its month.

    Returns:
        The choice, or why there is no letter.
    """
    if wishes.cadence == "followed":
        followed = [match_up for match_up in offered if match_up.tools & wishes.follows]
        return _chosen("followed", followed) if followed else Reason.NO_FOLLOWED_TOOL
    if wishes.cadence == "monthly" and not is_monthly:
        return Reason.MONTHLY
    now, late = _fitting(offered, wishes), _fitting(waiting, wishes)
    if not now and not late:
        return Reason.NO_CHOSEN_TOPIC
    if wishes.cadence == "monthly":
        return _chosen("monthly", now + late)
    if late:
        return _chosen("catch-up", now + late)
    return _chosen("issue" if len(now) == len(offered) else "topics", now)


def _fitting(match_ups: Iterable[MatchUp], wishes: Wishes) -> list[MatchUp]:
    """Keep what is on a chosen topic; what has no topic at all is everybody's."""
    return [
        match_up
        for match_up in match_ups
        if not (wishes.topics and match_up.groups) or match_up.groups & wishes.topics
    ]


def _chosen(kind: Kind, match_ups: Iterable[MatchUp]) -> Choice:
    items = dict.fromkeys(match_up.id for match_up in match_ups)
    return Choice(kind, tuple(items)[:MOST])
