"""The books of an issue: eligible = accepted + rejected + skipped + held, each with a reason."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState

FINAL = (
    DeliveryState.ACCEPTED,
    DeliveryState.REJECTED,
    DeliveryState.SKIPPED,
    DeliveryState.HELD,
)


@dataclass(frozen=True, slots=True)
class Books:
    """What became of every eligible subscriber of one issue.

    Attributes:
        eligible: how many were frozen.
        lines: count by (state, reason), largest first.
    """

    eligible: int
    lines: tuple[tuple[DeliveryState, str | None, int], ...]

    def count(self, state: DeliveryState) -> int:
        """Give the number of deliveries in a state."""
        return sum(number for found, _, number in self.lines if found is state)

    @property
    def equation(self) -> str:
        """The books in one line: everybody eligible, and what became of them."""
        counted = [f"{self.count(state)} {state}" for state in FINAL]
        still_open = [
            f"{self.count(state)} {state}"
            for state in (DeliveryState.UNKNOWN, DeliveryState.QUEUED)
            if self.count(state)
        ]
        return f"{self.eligible} eligible = {' + '.join(counted + still_open)}"

    @property
    def settled(self) -> bool:
        """Say whether every eligible subscriber has a final outcome."""
        return self.eligible == sum(self.count(state) for state in FINAL)


def balance(session: Session, issue_number: int, eligible: int | None) -> Books:
    """Count the deliveries of an issue.

    Args:
        session: for reading.
        issue_number: the issue.
        eligible: the number written down when the audience was frozen, counted then; None before.
    """
    rows = session.execute(
        select(col(Delivery.state), col(Delivery.reason), func.count())
        .where(col(Delivery.issue_number) == issue_number)
        .group_by(col(Delivery.state), col(Delivery.reason))
        .order_by(func.count().desc(), col(Delivery.state), col(Delivery.reason))
    )
    return Books(
        eligible or 0,
        tuple((DeliveryState(state), reason, number) for state, reason, number in rows),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is still queued.

    Attributes:
        batches: how many.
        because: why the first of them was last not taken; None when it was not tried.
        next_try: when it may be tried again; None for at once.
    """

    batches: int
    because: str | None = None
    next_try: datetime | None = None


def waiting(session: Session, issue_number: int) -> Waiting:
    """Say what of an issue waits to be sent, and why."""
    rows = session.execute(
        select(col(Batch.note), col(Batch.not_before))
        .where(
            col(Batch.issue_number) == issue_number,
            col(Batch.state) == BatchState.QUEUED.value,
        )
        .order_by(col(Batch.note).is_(None), col(Batch.number))
    ).all()
    return Waiting(len(rows), *rows[0]) if rows else Waiting(0)
