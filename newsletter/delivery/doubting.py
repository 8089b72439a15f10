"""Doubt in the books: opened for a call whose answer was lost, closed when none of its copies is."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from newsletter.database import insert_into
from newsletter.delivery.marks import AS_JOB
from newsletter.delivery.models import (
    PUT_OFF,
    Batch,
    BatchState,
    Delivery,
    DeliveryState,
    Doubt,
    DoubtState,
)
from schedules.clock import UtcDateTime

BatchKey = tuple[int, int]
"""Issue and number of a batch."""


LATELY = timedelta(hours=1)
"""So long a lost answer says something about the line."""

AUDIT_AFTER = timedelta(hours=1)
"""After it a call is looked for once more, where its batch was handed over in another call, too."""


def open_doubt(session: Session, doubt: Doubt) -> None:
    """Write down that a call's answer was lost; its copies must be unknown already.

    A worker that was thought dead may bring its own news of the same call: then the call ended
    later than was thought, and what was looked for before that says nothing. What a person is to
    decide about by then stays theirs: its copies are held, and no search frees them any more.
    """
    insert = insert_into(session, Doubt).values(doubt.model_dump())
    afresh = {
        "state": case(
            (col(Doubt.state) == DoubtState.HELD.value, DoubtState.HELD.value),
            else_=DoubtState.OPEN.value,
        ),
        "size": insert.excluded.size,
        "ended_at": insert.excluded.ended_at,
        "look_at": insert.excluded.look_at,
        "job_id": func.coalesce(insert.excluded.job_id, col(Doubt.job_id)),
        "absent_at": None,
        "settled_at": None,
    }
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["attempt_id"],
            set_=afresh,
            where=col(Doubt.ended_at) < insert.excluded.ended_at,
        )
    )


def lost_lately(session: Session, timer: datetime) -> int:
    """Count the calls that ended in doubt within the last hour, and that nothing has settled since."""
    found = select(func.count()).where(
        col(Doubt.state) != DoubtState.SETTLED.value,
        col(Doubt.job_id).is_(None),
        col(Doubt.ended_at).between(timer - LATELY, timer),
    )
    return int(session.execute(found).scalar_one())


def close_doubts(
    session: Session, attempt_ids: Collection[str], *, at: datetime, by_word: bool = False
) -> None:
    """Settle those of some doubts of which no copy is unknown or held any more.

    Where the batch was handed over again, before or since, a letter of the other call may be what
    has settled the copies: then this one is looked for once more, so that a second letter does not
    go unnoticed. So is one about which a person decided: the provider may know better by then; and one
    that may have become a job of which nobody knows the name, as that job could be any other call's.

    Args:
        session: for writing.
        attempt_ids: which doubts.
        at: the real instant.
        by_word: whether nothing but a person's word settles them.
    """
    again = true() if by_word else or_(_called_again(), _has_unnamed_job())
    session.execute(
        update(Doubt)
        .where(
            col(Doubt.attempt_id).in_(attempt_ids),
            col(Doubt.state) != DoubtState.SETTLED.value,
            ~exists().where(still_doubted()),
        )
        .values(
            state=DoubtState.SETTLED.value,
            settled_at=at,
            look_at=case((again, literal(at + AUDIT_AFTER, UtcDateTime())), else_=None),
        )
        .execution_options(synchronize_session=False)
    )


def still_doubted() -> ColumnElement[bool]:
    """Say in SQL that a copy is of the call of a doubt, and that nothing has settled it."""
    return and_(
        col(Delivery.issue_number) == col(Doubt.issue_number),
        col(Delivery.batch) == col(Doubt.batch),
        col(Delivery.attempt_id) == col(Doubt.attempt_id),
        col(Delivery.state).in_([DeliveryState.UNKNOWN.value, DeliveryState.HELD.value]),
        ~func.coalesce(col(Delivery.reason), "").startswith(PUT_OFF),
    )


def _has_unnamed_job() -> ColumnElement[bool]:
    return and_(col(Doubt.attempt_id).contains(AS_JOB), col(Doubt.job_id).is_(None))


def _called_again() -> ColumnElement[bool]:
    """Say in SQL that the batch of a doubt has known another call: one in doubt, or the latest."""
    other = aliased(Doubt)
    in_doubt = exists().where(
        col(other.issue_number) == col(Doubt.issue_number),
        col(other.batch) == col(Doubt.batch),
        col(other.attempt_id) != col(Doubt.attempt_id),
    )
    latest = exists().where(
        col(Batch.issue_number) == col(Doubt.issue_number),
        col(Batch.number) == col(Doubt.batch),
        col(Batch.attempt_id) != col(Doubt.attempt_id),
    )
    return or_(in_doubt.correlate(Doubt), latest.correlate(Doubt))


def state_by_copies() -> ColumnElement[str]:
    """Say in SQL what a batch is, by what its copies are: free, in doubt or done."""
    return case(
        (_has_copy(DeliveryState.QUEUED), BatchState.QUEUED.value),
        (_has_copy(DeliveryState.UNKNOWN), BatchState.UNKNOWN.value),
        else_=BatchState.DONE.value,
    )


def restate(session: Session, batches: Collection[BatchKey], *, now: datetime) -> None:
    """Make batches that no worker holds what their copies say they are."""
    if batches:
        session.execute(_restated(now).where(_key().in_(batches)))


def has_doubtful_batch(session: Session) -> bool:
    """Say whether any batch is in doubt, or is thought to be."""
    found = select(col(Batch.number)).where(col(Batch.state) == BatchState.UNKNOWN.value)
    return session.execute(found.limit(1)).first() is not None


def restate_stuck(session: Session, *, now: datetime) -> None:
    """Make every batch in doubt what its copies say it is.

    Whoever settles the last copy does it too; but two who each settle the other half at the same
    moment do not see one another on PostgreSQL.
    """
    session.execute(_restated(now).where(col(Batch.state) == BatchState.UNKNOWN.value))


def _restated(now: datetime) -> Any:
    accepted = (
        select(func.count())
        .where(*_copies(), col(Delivery.state) == DeliveryState.ACCEPTED.value)
        .correlate(Batch)
        .scalar_subquery()
    )
    return (
        update(Batch)
        .where(col(Batch.state) != BatchState.SENDING.value)
        .values(
            state=state_by_copies(),
            accepted=case((col(Batch.accepted) < accepted, accepted), else_=col(Batch.accepted)),
            finished_at=func.coalesce(col(Batch.finished_at), literal(now, UtcDateTime())),
        )
        .execution_options(synchronize_session=False)
    )


def _key() -> Any:
    return tuple_(col(Batch.issue_number), col(Batch.number))


def _copies() -> tuple[ColumnElement[bool], ...]:
    return (
        col(Delivery.issue_number) == col(Batch.issue_number),
        col(Delivery.batch) == col(Batch.number),
    )


def _has_copy(state: DeliveryState) -> ColumnElement[bool]:
    return exists().where(*_copies(), col(Delivery.state) == state.value).correlate(Batch)
