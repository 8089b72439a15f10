"""What stops an issue although batches of it are free: its time is over, or a breaker opens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, func, literal_column, or_, select
from sqlmodel import Session, col

from newsletter.delivery.breakers import Figures, Limits, tripped
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.delivery.ramp import Ramp
from newsletter.delivery.rate import Tempo
from newsletter.delivery.timing import span_of
from newsletter.issues.models import Issue, IssueChange
from newsletter.issues.states import IssueEvent, IssueRemark

CHECK_EVERY = 20
"""Batches between two looks at the figures; a batch with rejections is looked at by itself."""

_SEEN = re.compile(r"code ([a-z-]+): (\d+) ")
"""How a reason begins that says the figure of a breaker: see ``Trip.detail``."""

_TOLD = (IssueEvent.PAUSED.value, IssueRemark.REBUILT.value, IssueEvent.RESUMED.value)
"""What may say a figure, and what lets the figures pass that were said before it."""

_UNDER_WAY = (BatchState.SENDING.value, BatchState.UNKNOWN.value)
_PERHAPS_ACCEPTED = (
    DeliveryState.ACCEPTED.value,
    DeliveryState.UNKNOWN.value,
    DeliveryState.HELD.value,  # a person gave up in doubt what may have left all the same
)


@dataclass(frozen=True, slots=True)
class Guards:
    """How careful the sending loop is.

    Attributes:
        limits: of the circuit breakers.
        per_second: most messages a second of all workers together; None for no limit.
        ramp: how an issue leaves in stages; None to let it leave at once.
    """

    limits: Limits = field(default_factory=Limits)
    per_second: float | None = None
    ramp: Ramp | None = None

    @property
    def tempo(self) -> Tempo:
        """Give how fast an issue may leave."""
        return Tempo(self.per_second, self.ramp.rest) if self.ramp else Tempo(self.per_second)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many accepted copies a provider says to know of one part of an issue.

    Attributes:
        edition: which part; None for the whole issue.
        copies: its count, which was asked for before these books are read.
    """

    edition: int | None
    copies: int


def brake(
    session: Session,
    issue: Issue,
    limits: Limits,
    *,
    now: datetime,
    counted: Counted | None = None,
) -> Receipt | None:
    """Say for what an issue is to be paused; None when it may go on."""
    if span_of(issue).is_late(now):
        detail = f"It was to have left by {issue.not_after:%Y-%m-%d %H:%M} UTC."
        return Receipt(Outcome.NOT_TAKEN, code="too-late", detail=detail, needs_operator=True)
    trip = tripped(figures(session, issue, counted), limits, _passed(session, issue.number))
    if trip is None:
        return None
    return Receipt(Outcome.NOT_TAKEN, code=trip.code, detail=trip.detail, needs_operator=True)


def figures(session: Session, issue: Issue, counted: Counted | None = None) -> Figures:
    """Count what is known of an issue; from its batches, of which there are few."""
    sums = (func.sum(col(Batch.accepted)), func.sum(col(Batch.rejected)), func.max(col(Batch.size)))
    row = session.execute(select(*sums).where(col(Batch.issue_number) == issue.number)).one()
    accepted, rejected, full_batch = (int(value or 0) for value in row)
    grave = _feedback(session, issue.number)
    return Figures(
        eligible=issue.audience or 0,
        accepted=accepted,
        rejected=rejected,
        bounced=grave.get("bounced", 0),
        complained=grave.get("complained", 0),
        full_batch=full_batch,
        foreign=foreign(session, issue.number, counted) if counted else 0,
    )


def _feedback(session: Session, issue_number: int) -> dict[str, int]:
    """Count bounces and complaints; as literals, so that the index is used that holds nothing else."""
    found = (
        select(col(Delivery.feedback), func.count())
        .where(
            col(Delivery.issue_number) == issue_number,
            col(Delivery.feedback).in_(
                (literal_column("'bounced'"), literal_column("'complained'"))
            ),
        )
        .group_by(col(Delivery.feedback))
    )
    return {str(feedback): int(count) for feedback, count in session.execute(found)}


def foreign(session: Session, issue_number: int, counted: Counted) -> int:
    """Count the copies of a part that only the provider knows of.

    First against what its batches come to; the copies themselves are counted only if that does not
    explain it, because evidence that came late is written down with the copies.
    """
    part = and_(
        col(Batch.issue_number) == issue_number,
        col(Batch.edition).is_not_distinct_from(counted.edition),
    )
    under_way = and_(part, col(Batch.state).in_(_UNDER_WAY))
    accepted = select(func.sum(col(Batch.accepted))).where(part)
    in_hand = select(func.sum(col(Batch.size))).where(under_way)
    known = sum(int(session.execute(sum_).scalar_one() or 0) for sum_ in (accepted, in_hand))
    if counted.copies <= known:
        return 0
    may_have_left = select(func.count()).where(
        col(Delivery.issue_number) == issue_number,
        col(Delivery.edition).is_not_distinct_from(counted.edition),
        or_(
            col(Delivery.state).in_(_PERHAPS_ACCEPTED),
            col(Delivery.batch).in_(select(col(Batch.number)).where(under_way)),
        ),
    )
    return max(0, counted.copies - int(session.execute(may_have_left).scalar_one()))


def _passed(session: Session, issue_number: int) -> Mapping[str, int]:
    """Give the figures with which a person resumed the issue, by breaker."""
    told: dict[str, int] = {}
    passed: dict[str, int] = {}
    changes = (
        select(col(IssueChange.event), col(IssueChange.reason))
        .where(
            col(IssueChange.issue_number) == issue_number,
            col(IssueChange.event).in_(_TOLD),
        )
        .order_by(col(IssueChange.id))
    )
    for event, reason in session.execute(changes):
        if event == IssueEvent.RESUMED.value:
            passed |= told
        elif seen := _SEEN.match(reason or ""):
            told[seen[1]] = int(seen[2])
    return passed
