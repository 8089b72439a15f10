"""Which recorded calls are looked for at the provider, to learn how far its search is behind."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    Insert,
    Integer,
    String,
    Table,
    bindparam,
    exists,
    insert,
    literal,
    or_,
    select,
)
from sqlmodel import Session, col

from newsletter.delivery.message import NEWSLETTER_STREAM
from newsletter.delivery.models import Batch, BatchState, Probe
from schedules.clock import UtcDateTime

_PROBES: Table = Probe.__table__  # type: ignore[attr-defined]

APART = timedelta(minutes=1)
"""A long send has a probe in each such time, and one at its end."""


def probe(session: Session, attempt_id: str, size: int, issue_number: int, *, at: datetime) -> None:
    """Have a call looked for whose answer is known, unless another one was made a probe just now.

    Args:
        session: for writing.
        attempt_id: names the call.
        size: how many of its messages were accepted.
        issue_number: whose last batch is always probed: it is the fence for those before it.
        at: the real instant before which nothing of it was under way; as a fence it vouches for no
            call that ended later.
    """
    lately, told = at - APART, {"attempt": attempt_id, "count": size, "issue": issue_number}
    session.connection().execute(_probed(), {**told, "now": at, "lately": lately})


@cache
def _probed() -> Insert:
    known = exists().where(col(Probe.attempt_id) == bindparam("attempt"))
    lately = exists().where(
        col(Probe.stream) == NEWSLETTER_STREAM,
        col(Probe.accepted_at) > bindparam("lately", type_=UtcDateTime),
    )
    others = exists().where(
        col(Batch.issue_number) == bindparam("issue"), col(Batch.state) == BatchState.QUEUED.value
    )
    wanted = select(
        bindparam("attempt", type_=String),
        literal(NEWSLETTER_STREAM),
        bindparam("count", type_=Integer),
        bindparam("now", type_=UtcDateTime),
        literal(0),
    ).where(~known, or_(~lately, ~others))
    columns = ["attempt_id", "stream", "size", "accepted_at", "looks"]
    return insert(_PROBES).from_select(columns, wanted)
