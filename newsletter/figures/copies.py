"""What became of every copy of an issue: the books, and what the provider told afterwards."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from newsletter.delivery.books import Books
from newsletter.delivery.models import Delivery, DeliveryState
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

    def of(self, feedback: str) -> int:
        """Count the copies of which one thing was told."""
        return sum(count for what, _, count in self.told if what == feedback)

    def reasons(self, *feedback: str) -> Mapping[str, int]:
        """Count the copies of which one of some things was told, by reason, largest first."""
        found: Counter[str] = Counter()
        for what, why, count in self.told:
            if what in feedback:
                found[why or ""] += count
        return dict(found.most_common())


def copies(session: Session, issue: Issue) -> Copies:
    """Count the copies of an issue; one look at each."""
    what = (col(Delivery.state), col(Delivery.reason))
    told = (col(Delivery.feedback), col(Delivery.feedback_reason))
    rows = session.execute(
        select(*what, *told, func.count())
        .where(col(Delivery.issue_number) == issue.number)
        .group_by(*what, *told)
    ).all()
    lines: Counter[tuple[str, str | None]] = Counter()
    heard: Counter[tuple[str | None, str | None]] = Counter()
    for state, reason, feedback, why, count in rows:
        lines[state, reason] += count
        if state == DeliveryState.ACCEPTED.value:
            heard[feedback, why] += count
    in_order = sorted(lines.items(), key=lambda line: (-line[1], line[0][0], line[0][1] or ""))
    books = Books(
        issue.audience or 0,
        tuple((DeliveryState(state), reason, count) for (state, reason), count in in_order),
    )
    return Copies(books, [(what, why, count) for (what, why), count in heard.most_common()])
