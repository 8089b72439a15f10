"""Which letters were given up lately, and which editors the last notice did not reach."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from newsletter.delivery.message import Outcome
from newsletter.notices.letters import CORRECTION
from newsletter.notices.rows import LINK, NOTICE, NoticeRow
from newsletter.notices.sending import MOST_ATTEMPTS

LATELY = timedelta(days=7)
"""A draft is told of once a week: by then a mended mailbox has taken a notice."""

_LOST = (Outcome.REJECTED.value, Outcome.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class Untold:
    """An editor whom the last notice did not reach, as far as anybody knows.

    Attributes:
        address: of the editor.
        subject: of the notice.
        at: when that came to its end.
        why: how it did, in words.
    """

    address: str
    subject: str
    at: datetime
    why: str


def untold(session: Session, editors: Collection[str], *, now: datetime) -> Iterator[Untold]:
    """Give the editors whose last notice of the last week was refused, given up or lost."""
    for address in dict.fromkeys(editors):
        of_them = (NoticeRow.recipient == address, NoticeRow.kind == NOTICE)
        lately = col(NoticeRow.settled_at) > now - LATELY
        ended = select(NoticeRow).where(*of_them, lately)
        newest_first = col(NoticeRow.settled_at).desc(), col(NoticeRow.id).desc()
        last = session.exec(ended.order_by(*newest_first).limit(1)).first()
        if last is not None and last.settled_at is not None and last.state in _LOST:
            yield Untold(address, last.subject, last.settled_at, _why(last))


def given_up(session: Session, *, now: datetime) -> Mapping[str, int]:
    """Count by kind the letters that readers asked for and that were tried in vain until the last week."""
    rows = session.execute(
        select(col(NoticeRow.kind), func.count().label("letters"))
        .where(
            col(NoticeRow.kind).not_in((NOTICE, LINK, CORRECTION)),
            col(NoticeRow.state) == Outcome.REJECTED.value,
            col(NoticeRow.attempts) >= MOST_ATTEMPTS,
            col(NoticeRow.settled_at) > now - LATELY,
        )
        .group_by(col(NoticeRow.kind))
        .order_by(col(NoticeRow.kind))
    )
    return {row.kind: row.letters for row in rows}


def _why(row: NoticeRow) -> str:
    if row.state == Outcome.UNKNOWN.value:
        return "may not have arrived: its answers were lost"
    if row.attempts >= MOST_ATTEMPTS:
        return f"was given up after {MOST_ATTEMPTS} tries"
    return "was refused"
