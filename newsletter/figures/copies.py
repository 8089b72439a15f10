"""What became of every copy of an issue: the books, and what the provider told afterwards."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from newsletter.delivery.books import Books, books_of
from newsletter.delivery.lines import lines
from newsletter.delivery.models import DeliveryState
from newsletter.issues.models import Issue


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies of one issue, counted.

    Attributes:
        books: by state and reason.
        told: of the accepted ones, by the gravest thing told afterwards and its reason, largest
            first; None for no word.
    """

    books: Books
    told: Sequence[tuple[str | None, str | None, int]]

    def of(self, feedback: str | None) -> int:
        """Count the copies of which one thing was told; None for no word."""
        return sum(count for what, _, count in self.told if what == feedback)

    def reasons(self, *feedback: str) -> Mapping[str, int]:
        """Count the copies of which one of some things was told, by reason, largest first."""
        found: Counter[str] = Counter()
        for what, why, count in self.told:
            if what in feedback:
                found[why or ""] += count
        return dict(found.most_common())


def copies(session: Session, issue: Issue) -> Copies:
    """Count the copies of an issue."""
    counted = lines(session, issue.number)
    heard: Counter[tuple[str | None, str | None]] = Counter()
    for line in counted:
        if line.state is DeliveryState.ACCEPTED:
            heard[line.feedback, line.why] += line.copies
    told = [(what, why, count) for (what, why), count in heard.most_common()]
    return Copies(books_of(counted, issue.audience), told)
