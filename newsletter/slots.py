"""Which slots have an issue to come, which one is built for, and when its issue begins to leave."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.database import Database
from newsletter.delivery import audience
from newsletter.issues import opening, store
from newsletter.issues.models import Issue
from newsletter.issues.policy import Policy
from newsletter.issues.states import ForbiddenIssueChange, IssueState
from schedules.clock import Clock
from schedules.waves import Waves
from schedules.windows import Slot, Window, next_slot, upcoming

_WEEKS_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Slots:
    """The weekly slots, as far as issues and readers decide about them.

    Attributes:
        database: the truth.
        window: the weekly slot.
        clock: the present instant.
        local_time: whether a scheduled issue leaves in waves, at its hour where each reader is.
        policy: what becomes of an issue that nobody has approved.
    """

    database: Database
    window: Window
    clock: Clock
    local_time: bool
    policy: Policy = Policy.GOES

    def next(self, after: datetime | None = None) -> Slot:
        """Give the next slot with a letter still to come, from now or another instant on."""
        return self.upcoming(1, after)[0]

    def upcoming(self, count: int, after: datetime | None = None) -> list[Slot]:
        """Give the next slots with a letter still to come, soonest first.

        A Monday whose issue was sent by hand on Friday, or was given up, brings none. One whose
        issue leaves in waves and has begun to, further east, is still to come.
        """
        return self._open(count, after, joined_still=True)

    def to_build(self) -> Slot:
        """Give the slot that an issue built now is meant for.

        Raises:
            ForbiddenIssueChange: when it is so far off that something must be wrong.
        """
        [slot] = self._open(1, None, joined_still=False)
        if slot not in upcoming(self.window, self.clock(), _WEEKS_AHEAD):
            raise ForbiddenIssueChange(f"the issues of the next {_WEEKS_AHEAD} weeks have all left")
        return slot

    def opens(self, slot: Slot) -> datetime:
        """Give the instant at which the issue of a slot begins to leave.

        That is when its first reader has its hour, or else the slot's own; but not before what an
        editor has set. An issue that waits for an approval has until the slot's own for it: readers
        whose hour was earlier get it as soon as it is approved.
        """
        with self.database.reading() as session:
            issue = store.of_slot(session, slot.schedule, slot.local_date)
        is_early = self.local_time and not self.policy.keeps(_once_released(issue))
        first = self._first_hour(slot) if is_early else slot.instant
        if issue is None or issue.not_before is None or issue.has_begun:
            return first
        return max(first, issue.not_before)

    def _open(self, count: int, after: datetime | None, *, joined_still: bool) -> list[Slot]:
        """Give the next slots whose issue has not begun to leave, or is joined still."""
        now = self.clock()
        instant = now if after is None else after
        first = next_slot(self.window, instant)
        with self.database.reading() as session:
            over = opening.over(session, first.schedule, first.local_date)
            if joined_still:
                over -= audience.joined_still(session, now)
        slots = upcoming(self.window, instant, count + len(over))
        return [slot for slot in slots if slot.local_date not in over][:count]

    def _first_hour(self, slot: Slot) -> datetime:
        with self.database.reading() as session:
            zones = audience.zones(session, self.clock())
        return Waves(self.window, slot.local_date).first(zones)


def _once_released(issue: Issue | None) -> str:
    """Say in which state an issue waits for its hour; who releases one that is held has a draft."""
    if issue is None or (issue.state == IssueState.HELD.value and not issue.has_begun):
        return IssueState.DRAFT.value
    return issue.state
