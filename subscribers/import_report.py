"""What an import says afterwards: one report for each line, and their sum."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from subscribers.states import State


class Outcome(StrEnum):
    """What one line came to."""

    ADDED = "added"
    """The person is new on the list, in the state the line states."""
    UPDATED = "updated"
    """The line told something new about somebody on the list."""
    UNCHANGED = "unchanged"
    """Everything in the line was known."""
    SUPPRESSED = "suppressed"
    """The line wants letters for somebody who must not get any; nothing was done."""
    REFUSED = "refused"
    """The line could not be used."""


@dataclass(frozen=True, slots=True)
class LineReport:
    """One line's outcome.

    Attributes:
        line: its number in the file; the first is 1.
        address: masked.
        state: of the person afterwards; None when they are not on the list.
        reason: why a line was suppressed or refused, what of it was left out, or which of its wishes
            bring no letter so far.
    """

    line: int
    address: str
    outcome: Outcome
    state: State | None = None
    reason: str | None = None


@dataclass(slots=True)
class ImportReport:
    """The sum of an import; of single lines only those that need somebody's eye are held.

    Attributes:
        counts: lines by outcome.
        held_back: the lines suppressed or refused, or taken with a remark, in the file's order.
    """

    counts: Counter[Outcome] = field(default_factory=Counter)
    held_back: list[LineReport] = field(default_factory=list)

    def take(self, report: LineReport) -> None:
        """Add one line."""
        self.counts[report.outcome] += 1
        if report.reason is not None:
            self.held_back.append(report)

    @classmethod
    def of(cls, reports: Iterable[LineReport]) -> "ImportReport":
        """Walk an import to its end and sum it up."""
        whole = cls()
        for report in reports:
            whole.take(report)
        return whole
