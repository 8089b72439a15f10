"""What an issue may hold, and what is known of each candidate before the choice."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from newsletter.content.comparison import CatalogueEntry


@dataclass(frozen=True, slots=True)
class Rules:
    """The bounds of one issue.

    Attributes:
        most: most comparisons in an issue.
        least: fewest worth a letter; below it there is no issue.
        category_share: part of the issue (0 to 1) one group of categories may take while others
            wait; it never leaves a place empty.
    """

    most: int = 8
    least: int = 1
    category_share: float = 0.5


@dataclass(frozen=True, slots=True)
class Mark:
    """An editor's word on one comparison.

    Attributes:
        kind: "pin" brings it in whatever the rules say, "ban" keeps it out.
        position: 1-based place among the pinned; None after all that have one.
    """

    kind: Literal["pin", "ban"]
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One stored comparison with its past.

    Attributes:
        entry: the comparison and its date.
        mailed_in: number of the issue that carried it, by the ledger; None when none did.
        mark: what an editor said, if anything.
    """

    entry: CatalogueEntry
    mailed_in: int | None = None
    mark: Mark | None = None


class Reason(StrEnum):
    """Why a comparison is in or out; stable codes, shown to editors with a sentence."""

    NEWEST = "newest"
    PINNED = "pinned"
    MAILED = "mailed"
    BANNED = "banned"
    FUTURE = "future"
    NO_PANEL = "no-panel"
    SAME_TOOL = "same-tool"
    CATEGORY = "category"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Decision:
    """One comparison, in or out, and why.

    Attributes:
        entry: the comparison.
        reason: the code.
        because: the sentence, without the comparison's name.
    """

    entry: CatalogueEntry
    reason: Reason
    because: str

    @property
    def title(self) -> str:
        """The comparison by its names."""
        return self.entry.comparison.title


@dataclass(frozen=True, slots=True)
class Selection:
    """This week's choice, in the order of the letter, and everything that was passed over."""

    chosen: tuple[Decision, ...]
    passed_over: tuple[Decision, ...]


def waits_until(entry: CatalogueEntry, today: date) -> date | None:
    """Give the day before which a comparison waits, or None when its day has come."""
    return entry.date if entry.date > today else None
