"""A batch is claimed: one process wins it, and each reader is asked once more.

The claim is also the announcement: it is committed before the first byte leaves, so a process that
vanishes afterwards leaves doubt that can be seen, and never a silent second copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Row, String, Table, bindparam, or_, select, type_coerce, update
from sqlmodel import Session, col

from newsletter.database import among
from newsletter.delivery.free import Lease, Terms, asked, is_free
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.delivery.staying import skip_copies_of_nobody
from newsletter.issues.models import Issue
from schedules.clock import UtcDateTime
from subscribers.models import Subscriber
from subscribers.queries import receivable
from subscribers.states import State

_BATCHES: Table = Batch.__table__  # type: ignore[attr-defined]

_TAKE = (
    update(_BATCHES)
    .where(
        _BATCHES.c.issue_number == bindparam("issue"),
        _BATCHES.c.number == bindparam("batch"),
    )
    .values(state=BatchState.SENDING.value, attempts=_BATCHES.c.attempts + 1)
)
"""The values that it is run with are set, too."""


class Recipient(NamedTuple):
    """Who gets one copy: row id, public id, address, epoch of their tokens, language of dates.

    A tuple, as messages and receipts are: one of each is made for each letter.
    """

    id: int
    public_id: str
    email: str
    token_epoch: int
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch that this process alone may send, until an instant on the real clock.

    Nothing of the attempt was under way before ``since``, by the real clock as well. What is left of
    a batch of which some was taken before, or rejected, ``is_leftover``.
    """

    issue_number: int
    issue_date: date
    batch: int
    attempt_id: str
    attempts: int
    edition: int | None
    since: datetime
    until: datetime
    recipients: tuple[Recipient, ...]
    is_leftover: bool = False


@dataclass(frozen=True, slots=True)
class Busy:
    """A batch is free and the line is not, until an instant on the real clock."""

    until: datetime


def claim(
    session: Session,
    lease: Lease,
    terms: Terms,
    *,
    now: datetime,
    issue_number: int,
    edition: int | None = None,
) -> Claim | Busy | None:
    """Claim the next free batch of one edition of an issue, if the issue is sending.

    The statements are the same few for every batch size. On PostgreSQL the subscribers' rows are
    locked for share, so an unsubscribe that was answered before this commit is always seen here;
    without that lock 16 of 5,998 claims overtook one (``FOR SHARE``: 0 of 5,996).

    Args:
        session: for writing.
        lease: in whose hands it is to be.
        terms: what else a free batch waits for; the line is booked with the claim or not at all.
        now: whose wave has come, and who may receive it, is asked as of this instant.
        issue_number: of the issue.
        edition: of the issue; None for the whole of it.

    Returns:
        The claim, its recipients in id order, possibly none; Busy when the line is; or None when
        nothing is free.
    """
    whose = asked(lease, terms, now, issue_number) | {"edition": edition}
    free = session.connection().execute(_one_free(terms), whose).one_or_none()
    if free is None:
        return None
    if not terms.line.book(session, free.size, lease.start):
        return Busy(terms.line.free_at(session) or lease.start)
    _take(session, lease, issue_number, free.number)
    people = {"issue": issue_number, "batch": free.number, "now": now}
    # By the connection: the session would pass each row through the loading of objects.
    connection = session.connection()
    rows = connection.execute(_people(connection.dialect.name), people).all()
    if skipped := [row for row in rows if not row[-1]]:
        skip(session, issue_number, skipped, now)
    if not rows:  # whoever was in it with a row was served before
        skip_copies_of_nobody(session, issue_number, free.number, now=now)
    return Claim(
        issue_number,
        free.local_date,
        free.number,
        lease.attempt_id,
        free.attempts + 1,
        edition,
        lease.start,
        lease.end,
        tuple([Recipient._make(row[:-2]) for row in rows if row[-1]]),
        is_leftover=free.came_to > 0,
    )


@cache
def _one_free(terms: Terms) -> Any:
    """Make the question for a free batch, which locks its row.

    Apart from the update that takes it: as a subquery, PostgreSQL may run this once for each row
    it joins, skip what it has just locked, and so take several batches at once. It did, as soon
    as the table had been analysed.
    """
    now = bindparam("now", type_=UtcDateTime)
    return (
        select(
            col(Batch.number),
            col(Batch.size),
            col(Batch.attempts),
            (col(Batch.accepted) + col(Batch.rejected)).label("came_to"),
            col(Issue.local_date),
        )
        .join(Issue, col(Issue.number) == col(Batch.issue_number))
        .where(
            is_free(terms),
            col(Batch.edition).is_not_distinct_from(bindparam("edition", type_=Integer)),
            or_(col(Issue.not_after).is_(None), col(Issue.not_after) >= now),
        )
        .order_by(col(Batch.number))
        .limit(1)
        .with_for_update(skip_locked=True, of=_BATCHES)
    )


def _take(session: Session, lease: Lease, issue_number: int, number: int) -> None:
    session.connection().execute(
        _TAKE,
        {
            "issue": issue_number,
            "batch": number,
            "attempt_id": lease.attempt_id,
            "worker": lease.worker,
            "leased_until": lease.end,
        },
    )


@cache
def _people(dialect: str) -> Any:
    """Make the question for the people of a batch; once, as that takes longer than to ask it."""
    waiting = select(col(Delivery.subscriber_id)).where(
        col(Delivery.issue_number) == bindparam("issue"),
        col(Delivery.batch) == bindparam("batch"),
        col(Delivery.state) == DeliveryState.QUEUED.value,
    )
    return (
        select(
            col(Subscriber.id),
            col(Subscriber.public_id),
            col(Subscriber.email),
            col(Subscriber.token_epoch),
            col(Subscriber.locale),
            # No State and no Boolean: they would be made anew of each row's text, and of its 0 or 1.
            type_coerce(col(Subscriber.state), String).label("state"),
            type_coerce(receivable(bindparam("now", type_=UtcDateTime)), Integer).label("receives"),
        )
        .where(among(dialect, col(Subscriber.id), waiting))
        .order_by(col(Subscriber.id))
        .with_for_update(read=True, of=Subscriber.__table__)  # type: ignore[attr-defined]
    )


def skip(session: Session, issue_number: int, rows: Sequence[Row[Any]], now: datetime) -> None:
    """Skip those of some readers whose copy still waits; each row has an id and a state."""
    session.execute(
        update(Delivery.__table__)  # type: ignore[attr-defined]
        .where(
            col(Delivery.issue_number) == issue_number,
            col(Delivery.subscriber_id) == bindparam("who"),
            col(Delivery.state) == DeliveryState.QUEUED.value,
        )
        .values(state=DeliveryState.SKIPPED.value, reason=bindparam("why"), settled_at=now),
        [{"who": row.id, "why": _why_not(row.state)} for row in rows],
    )


def _why_not(state: str) -> str:
    """Give the state; an active reader is one whose suppression came at the same moment."""
    return state if state != State.ACTIVE.value else State.SUPPRESSED.value
