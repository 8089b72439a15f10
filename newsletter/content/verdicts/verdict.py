"""What the numbers say: Ship, Mixed or Skip for one panel, and who leads between two."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from newsletter.content.comparison import Comparison, Side

SHIP_FROM = 75
MIXED_FROM = 50

Stance = Literal["for", "against", "neutral"]
LABELS: tuple[Stance, ...] = ("for", "against")


class Verdict(StrEnum):
    """Our rule for one panel: Ship at 75 % and above, Mixed at 50 % up to 75 %, Skip below."""

    SHIP = "Ship"
    MIXED = "Mixed"
    SKIP = "Skip"


class Standing(StrEnum):
    """How two panels compare."""

    LEADS = "leads"
    TIE = "tie"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who is ahead; ``leader`` is set exactly when the standing is LEADS."""

    standing: Standing
    leader: Side | None = None
    gap: int | None = None


@dataclass(frozen=True, slots=True)
class PullQuote:
    """A verbatim piece of one review.

    Attributes:
        side: the tool it is about.
        stance: under which label it may be shown; "neutral" is never shown as For or Against.
        reviewer: 1-based number of the reviewer on that side.
        reviewers: how many reviews of that side there are, as far as the page tells.
        text: exact substring of the cleaned review.
        cut: True when the sentence went on; shown with " …".
    """

    side: Side
    stance: Stance
    reviewer: int
    reviewers: int
    text: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """The two-sentence verdict and the pull quotes of one comparison.

    Attributes:
        outcome: who leads, from the panel numbers only.
        numbers: sentence one, counted from fields.
        case: sentence two, quoted clauses; None when nothing clears the bar.
        quotes: at most one For and one Against for each tool, A before B.
        case_quotes: the clauses quoted in ``case``, in its order.
    """

    outcome: Outcome
    numbers: str
    case: str | None = None
    quotes: tuple[PullQuote, ...] = ()
    case_quotes: tuple[PullQuote, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Every quoted piece: what the next comparison of the issue must not repeat."""
        return tuple(quote.text for quote in (*self.case_quotes, *self.quotes))


def verdict(panel_percent: int | None) -> Verdict | None:
    """Give the verdict for one panel share (0 to 100), or None when there is none."""
    if panel_percent is None:
        return None
    if panel_percent >= SHIP_FROM:
        return Verdict.SHIP
    return Verdict.MIXED if panel_percent >= MIXED_FROM else Verdict.SKIP


def outcome(comparison: Comparison) -> Outcome:
    """Say who leads by the panel, or that it is a tie or unknown."""
    return outcome_of(comparison.tool_a.panel_percent, comparison.tool_b.panel_percent)


def outcome_of(a: int | None, b: int | None) -> Outcome:
    """Say who leads by two panel shares (0 to 100); None is a panel without a verdict."""
    if a is None or b is None:
        return Outcome(Standing.UNKNOWN)
    if a == b:
        return Outcome(Standing.TIE, gap=0)
    return Outcome(Standing.LEADS, leader="a" if a > b else "b", gap=abs(a - b))


def backers(panel_percent: int, reviewers: int) -> int | None:
    """Give how many of so many reviewers a share stands for, or None when it is no whole number."""
    backing, remainder = divmod(panel_percent * reviewers, 100)
    return None if remainder else backing
