"""What is known of copies in doubt, as the pages of a decision show it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.delivery.reconciling.standing import Doubts, InDoubt
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.service import Service
from schedules.windows import Window


@dataclass(frozen=True, slots=True)
class Group:
    """Calls about which the same is known: a thousand lost answers of one outage are one line.

    Attributes:
        copies: how many copies they were for.
        held: they wait for a person, not for evidence.
        never_left: it is certain that they did not leave.
        note: why they are not settled.
        looks: how often the one that was looked for most was.
        look_at: when the next of them is looked for, by the clock of the newsletter.
        since: when the first of these answers was given up, by the same clock.
        until: when the last of them is left to a person, if nothing is found, by the same clock.
        calls: how many calls these were.
    """

    copies: int
    held: bool
    never_left: bool
    note: str
    looks: int
    look_at: datetime | None
    since: datetime | None
    until: datetime | None
    calls: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the copies of one issue that are in doubt, and what can be said about them.

    Attributes:
        eligible: its audience.
        doubts: call by call.
        groups: the same, by what is known.
        cancelled: nothing of it is sent again.
        paused: what is sent again waits until it is resumed.
        passive: why nothing can be decided here; None when it can.
    """

    eligible: int
    doubts: Doubts
    groups: Sequence[Group]
    cancelled: bool
    paused: bool
    passive: str | None

    @property
    def copies(self) -> int:
        """How many are in doubt, or wait for a word."""
        return self.doubts.copies

    @property
    def certain(self) -> int:
        """How many of them have surely not left."""
        return sum(group.copies for group in self.groups if group.never_left)

    @property
    def risky(self) -> int:
        """How many of them may have left."""
        return self.copies - self.certain


def known_of(service: Service, issue: Issue) -> Known | None:
    """Read what is known; None when nothing is in doubt."""
    doubts = service.dispatch.doubts(issue.number)
    if not doubts.calls:
        return None
    return Known(
        eligible=issue.audience or 0,
        doubts=doubts,
        groups=groups(doubts, service.window),
        cancelled=issue.state == IssueState.CANCELLED,
        paused=issue.state == IssueState.HELD,
        passive=service.fence.objection(),
    )


def groups(doubts: Doubts, window: Window) -> list[Group]:
    """Put together the calls about which the same is known; those that wait for a person first."""
    alike: dict[tuple[bool, str], list[InDoubt]] = {}
    for call in doubts.calls:
        alike.setdefault((call.held, call.note), []).append(call)
    return [
        Group(
            copies=sum(call.copies for call in calls),
            held=held,
            never_left=all(call.never_left for call in calls),
            note=note,
            looks=max(call.looks for call in calls),
            look_at=_local(min, (call.look_at for call in calls), window),
            since=_local(min, (call.since for call in calls), window),
            until=_local(max, (call.until for call in calls), window),
            calls=len(calls),
        )
        for (held, note), calls in sorted(alike.items(), key=lambda one: not one[0][0])
    ]


def _local(
    which: Callable[[list[datetime]], datetime],
    instants: Iterable[datetime | None],
    window: Window,
) -> datetime | None:
    known = [instant for instant in instants if instant is not None]
    return window.local(which(known)) if known else None
