"""What is known of copies in doubt, as the page of a decision shows it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from newsletter.delivery.reconciling.standing import Doubts, InDoubt
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
    """

    copies: int
    held: bool
    never_left: bool
    note: str
    looks: int
    look_at: datetime | None


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
            look_at=_first(calls, window),
        )
        for (held, note), calls in sorted(alike.items(), key=lambda one: not one[0][0])
    ]


def _first(calls: Iterable[InDoubt], window: Window) -> datetime | None:
    planned = [call.look_at for call in calls if call.look_at is not None]
    return window.local(min(planned)) if planned else None
