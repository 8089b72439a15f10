"""How the search for evidence about one issue stands: for reports, for ``doctor`` and for pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import func, select
from sqlmodel import Session, col

from newsletter.delivery.doubting import still_doubted
from newsletter.delivery.models import PUT_OFF, Delivery, DeliveryState, Doubt, DoubtState
from newsletter.delivery.reconciling.measuring import Lag, worst_lag
from newsletter.delivery.reconciling.rules import Patience, Reason
from newsletter.issues import store
from newsletter.issues.states import IssueState

REFUSED = "put-off"
"""Note of copies that were refused again and again while the rest of their batch left."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """One call whose copies are not all settled.

    Attributes:
        attempt_id: names the call.
        copies: how many of them are open.
        held: they wait for a person, not for evidence.
        looks: how often they were looked for.
        look_at: when they will be next, by the real clock.
        note: why they are not settled.
        batch: of the issue; 0 where that is not told.
        since: when the answer was given up, by the real clock; None where that is not told.
        until: when a search that shows nothing by then leaves them to a person; None when it has.
    """

    attempt_id: str
    copies: int
    held: bool
    looks: int
    look_at: datetime | None
    note: str
    batch: int = 0
    since: datetime | None = None
    until: datetime | None = None

    @property
    def never_left(self) -> bool:
        """Whether it is certain that they did not leave, so that nobody can get a second copy."""
        return self.held and self.note in {Reason.ABSENT, REFUSED}

    def __str__(self) -> str:
        """Say it in a line."""
        if self.never_left:
            return f"{self.copies} held, {self.note}: it is certain that they have not left"
        looked = f"looked {self.looks} time{'' if self.looks == 1 else 's'}"
        if self.held:
            return f"{self.copies} held in doubt, {self.note}: {looked}"
        following = f", next {self.look_at:%H:%M:%S} UTC" if self.look_at else ""
        return f"{self.copies} in doubt, {self.note}: {looked}{following}"


@dataclass(frozen=True, slots=True)
class Doubts:
    """What of one issue is in doubt.

    Attributes:
        issue_number: of the issue.
        calls: about which there is doubt, oldest first.
        lag: how far the provider's search was behind at worst.
        given_up: the issue was cancelled, so that nothing of it is sent again.
    """

    issue_number: int
    calls: tuple[InDoubt, ...]
    lag: Lag | None
    given_up: bool = False

    @property
    def copies(self) -> int:
        """How many copies nobody knows of whether they left."""
        return sum(call.copies for call in self.calls)

    @property
    def held(self) -> tuple[InDoubt, ...]:
        """The calls that wait for a person, oldest first."""
        return tuple(call for call in self.calls if call.held)

    @property
    def mark(self) -> str:
        """Give what is another as soon as anything of it is settled, or comes to it."""
        told = "\n".join(f"{call.attempt_id} {call.copies}" for call in self.calls)
        return blake2b(told.encode(), digest_size=16).hexdigest()

    def lines(self) -> Iterator[str]:
        """Say it in lines; one that holds copies ends with the commands that decide."""
        yield from map(str, self.calls)
        if self.lag is not None and self.calls:
            yield f"the provider's search was {self.lag}"
        if self.held:
            yield self.way_on

    @property
    def way_on(self) -> str:
        """Give the commands that decide about what is held."""
        certain = all(call.never_left for call in self.held)
        decide = f"newsletter issue decide {self.issue_number}"
        leave = f"to leave them: {decide} --held"
        if self.given_up:
            return leave
        return f"to send them{'' if certain else ' all the same'}: {decide} --resend; {leave}"


def doubts(session: Session, issue_number: int, patience: Patience, *, timer: datetime) -> Doubts:
    """Give the calls of an issue about which there is doubt, oldest first."""
    rows = session.execute(
        select(Doubt, func.count())
        .join(Delivery, still_doubted())
        .where(
            col(Doubt.issue_number) == issue_number,
            col(Doubt.state) != DoubtState.SETTLED.value,
        )
        .group_by(col(Doubt.attempt_id))
        .order_by(col(Doubt.ended_at), col(Doubt.batch), col(Doubt.attempt_id))
    )
    calls = tuple(
        InDoubt(
            doubt.attempt_id,
            copies,
            doubt.state == DoubtState.HELD.value,
            doubt.looks,
            doubt.look_at,
            doubt.note or "its answer was lost",
            doubt.batch,
            doubt.ended_at,
            doubt.ended_at + patience.longest if doubt.state == DoubtState.OPEN.value else None,
        )
        for doubt, copies in rows
    )
    calls += tuple(_put_off(session, issue_number))
    given_up = bool(calls) and store.state_of(session, issue_number) is IssueState.CANCELLED
    return Doubts(issue_number, calls, worst_lag(session, patience, timer), given_up)


def _put_off(session: Session, issue_number: int) -> Iterator[InDoubt]:
    """Give the calls of which copies are held without any doubt: each was refused again and again."""
    rows = session.execute(
        select(
            col(Delivery.attempt_id),
            func.count(),
            func.min(col(Delivery.batch)),
            func.min(col(Delivery.settled_at)),
        )
        .where(
            col(Delivery.issue_number) == issue_number,
            col(Delivery.state) == DeliveryState.HELD.value,
            col(Delivery.attempt_id).is_not(None),
            col(Delivery.reason).startswith(PUT_OFF),
        )
        .group_by(col(Delivery.attempt_id))
        .order_by(col(Delivery.attempt_id))
    )
    for attempt_id, copies, batch, since in rows:
        yield InDoubt(attempt_id, copies, True, 0, None, REFUSED, batch, since)
