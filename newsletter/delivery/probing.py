"""Which recorded calls are looked for at the provider, to learn how far its search is behind."""

from datetime import datetime, timedelta

from sqlalchemy import exists, literal, or_, select
from sqlmodel import Session, col

from newsletter.database import insert_into
from newsletter.delivery.message import NEWSLETTER_STREAM
from newsletter.delivery.models import Batch, BatchState, Probe
from schedules.clock import UtcDateTime

APART = timedelta(minutes=1)
"""A long send has a probe in each such time, and one at its end."""


def probe(session: Session, attempt_id: str, size: int, issue_number: int, *, at: datetime) -> None:
    """Have a call looked for whose answer is known, unless another one just was.

    Args:
        session: for writing.
        attempt_id: names the call.
        size: how many of its messages were accepted.
        issue_number: whose last batch is always probed: it is the fence for those before it.
        at: the real instant.
    """
    lately = exists().where(
        col(Probe.stream) == NEWSLETTER_STREAM, col(Probe.accepted_at) > at - APART
    )
    others = exists().where(
        col(Batch.issue_number) == issue_number, col(Batch.state) == BatchState.QUEUED.value
    )
    wanted = select(
        literal(attempt_id),
        literal(NEWSLETTER_STREAM),
        literal(size),
        literal(at, UtcDateTime()),
        literal(0),
    ).where(or_(~lately, ~others))
    columns = ["attempt_id", "stream", "size", "accepted_at", "looks"]
    fresh = insert_into(session, Probe).from_select(columns, wanted)
    session.execute(fresh.on_conflict_do_nothing())
