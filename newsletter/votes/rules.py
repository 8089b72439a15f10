"""What a vote can say, and what votes may be said to mean. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction


class Choice(StrEnum):
    """What one reader would ship of one match-up."""

    A = "a"
    B = "b"
    NEITHER = "neither"

    @classmethod
    def read(cls, text: str | None) -> "Choice | None":
        """Read what a link or a form says; None when it is no choice."""
        return next((choice for choice in cls if choice.value == text), None)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many readers gave each answer to one match-up of one issue."""

    a: int = 0
    b: int = 0
    neither: int = 0

    @property
    def decided(self) -> int:
        """How many would ship one of the two."""
        return self.a + self.b


@dataclass(frozen=True, slots=True)
class Share:
    """How the votes for one of the two tools divide: whole percentages that make 100."""

    a: int
    b: int


def is_open(next_began: datetime | None, now: datetime) -> bool:
    """Say whether an issue can still be voted on: until the next one begins to leave.

    Args:
        next_began: when a later issue began to leave; None while none has.
        now: aware.
    """
    return next_began is None or now < next_began


def share(tally: Tally, *, at_least: int) -> Share | None:
    """Give the share of each tool, or None below a minimum of votes for either.

    "Neither" is an answer of its own and no part of the share, so it does not help to reach the
    minimum. A half is rounded to the even number, which treats both tools alike; 100 and 0 are
    said only when nobody disagreed.

    Args:
        tally: the counts.
        at_least: from how many votes for a or b on a share means something; 1 or more.
    """
    if tally.decided < max(at_least, 1):
        return None
    percent = round(Fraction(100 * tally.a, tally.decided))
    if tally.a and tally.b:
        percent = min(max(percent, 1), 99)
    return Share(percent, 100 - percent)
