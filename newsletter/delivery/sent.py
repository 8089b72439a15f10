"""What one pass of the sending loop came to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from newsletter.delivery.message import Receipt

Progress = Callable[[int], None]
"""Told after each batch how many recipients it had."""


def silent(_recipients: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one pass came to.

    Attributes:
        messages: how many were handed over.
        rejected: how many of them were refused for good.
        line_is_down: nothing of the last batch was taken.
        paused: issues that wait for an operator, each with the receipt that says why.
        braked: issues that a guard has paused, each with what it saw.
        put_off: issues with copies that newly wait for a person, as they were refused again and again.
        doubtful: issues with deliveries that newly are in doubt.
        is_broken_off: it ended with more to do: its time was over while more may have been free, or
            somebody is to join an issue before it can be closed.
    """

    messages: int = 0
    rejected: int = 0
    line_is_down: bool = False
    paused: Mapping[int, Receipt] = field(default_factory=dict)
    braked: Mapping[int, Receipt] = field(default_factory=dict)
    put_off: frozenset[int] = frozenset()
    doubtful: frozenset[int] = frozenset()
    is_broken_off: bool = False

    def and_then(self, other: "Sent") -> "Sent":
        """Add what came next."""
        return Sent(
            self.messages + other.messages,
            self.rejected + other.rejected,
            other.line_is_down,
            {**self.paused, **other.paused},
            {**self.braked, **other.braked},
            self.put_off | other.put_off,
            self.doubtful | other.doubtful,
            self.is_broken_off or other.is_broken_off,
        )

    def has_stopped(self, issue_number: int) -> bool:
        """Say whether nothing more of an issue can leave in this pass."""
        has_failed = issue_number in self.paused or issue_number in self.braked
        return self.line_is_down or self.is_broken_off or has_failed
