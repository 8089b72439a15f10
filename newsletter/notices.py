"""Single letters to editors: written down once as rows, sent by the same transports.

A notice has a key, and a key is told once to each recipient, however many processes notice the
same thing at the same time. Sending is the other way round than for readers: a process that dies
in the middle leaves a lease that ends, and the notice is sent again. To get one twice does an
editor no harm; to get none does.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Executable, UniqueConstraint, and_, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.database import Database
from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.recording import back_off
from newsletter.delivery.transport import Transport
from newsletter.rendering.notice import Notice
from newsletter.rendering.personal import Marked
from schedules.clock import Clock, UtcDateTime

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
"""How long a process may be silent about a notice before another one sends it."""

MOST_ATTEMPTS = 100
"""After so many, about a day, a notice is given up: by then it is no news."""

_QUEUED, _SENDING = "queued", "sending"
_GIVEN_UP = Receipt(Outcome.REJECTED, code="given-up")


class NoticeRow(SQLModel, table=True):
    """One notice to one editor; the unique key is what keeps it from being told twice."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("key", "recipient", name="uq_notices_key_recipient"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str
    recipient: str
    public_id: str
    subject: str
    text: str
    state: str = Field(default=_QUEUED, index=True)
    attempts: int = 0
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def tell(
    session: Session, key: str, recipients: Iterable[str], notice: Notice, *, now: datetime
) -> int:
    """Write a notice down for each recipient that was not told this key before.

    Returns:
        How many will be told.
    """
    rows = [
        {
            "key": key,
            "recipient": recipient,
            "public_id": secrets.token_hex(8),
            "subject": notice.subject,
            "text": notice.text,
            "state": _QUEUED,
            "attempts": 0,
            "created_at": now,
        }
        for recipient in dict.fromkeys(recipients)
    ]
    return len(session.execute(_insert_new(session, rows)).all()) if rows else 0


def send_notices(database: Database, transport: Transport, sender: str, clock: Clock) -> int:
    """Send every notice whose time has come, one by one; one that fails holds up no other.

    What was certainly not taken waits longer after each attempt. A lost answer is left alone,
    like that of any message.

    Returns:
        How many were accepted.
    """
    accepted = 0
    while row := _claim(database, clock()):
        if row.attempts > MOST_ATTEMPTS:
            log.error("notice_given_up", notice=row.public_id, attempts=MOST_ATTEMPTS)
            receipt = _GIVEN_UP
        else:
            receipt = _hand_over(transport, sender, row)
        _record(database, row, receipt, clock())
        accepted += receipt.outcome is Outcome.ACCEPTED
    return accepted


def _insert_new(session: Session, rows: list[dict[str, object]]) -> Executable:
    """Insert what is not there; on PostgreSQL two processes may tell the same at the same time."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (sqlite if on_sqlite else postgresql).insert(NoticeRow).values(rows)
    new_only = insert.on_conflict_do_nothing(index_elements=["key", "recipient"])
    told: Executable = new_only.returning(col(NoticeRow.id))
    return told


def _claim(database: Database, now: datetime) -> NoticeRow | None:
    with database.writing() as session:
        free = select(NoticeRow).where(_is_free(now)).order_by(col(NoticeRow.id)).limit(1)
        row = session.exec(free.with_for_update(skip_locked=True)).one_or_none()
        if row is not None:
            row.state, row.leased_until, row.attempts = _SENDING, now + LEASE, row.attempts + 1
            session.add(row)
        return row


def _is_free(now: datetime) -> ColumnElement[bool]:
    state, not_before = col(NoticeRow.state), col(NoticeRow.not_before)
    return or_(
        and_(state == _QUEUED, or_(not_before.is_(None), not_before <= now)),
        and_(state == _SENDING, col(NoticeRow.leased_until) < now),
    )


def _hand_over(transport: Transport, sender: str, row: NoticeRow) -> Receipt:
    mailing = Mailing(
        key=f"notice-{row.public_id}",
        sender=sender,
        subject=row.subject,
        text=Marked.plain(row.text),
        headers=(("Auto-Submitted", Marked.plain("auto-generated")),),
        stream="transactional",
    )
    attempt = f"{row.public_id}-{row.attempts}"
    [receipt] = transport.send(
        mailing, [Message(f"notice.{row.public_id}", row.recipient, attempt_id=attempt)]
    )
    return receipt


def _record(database: Database, row: NoticeRow, receipt: Receipt, now: datetime) -> None:
    """Write the answer down, unless the lease has ended and the notice is in other hands."""
    if receipt.outcome is Outcome.NOT_TAKEN:
        values = {"state": _QUEUED, "not_before": now + back_off(row.attempts)}
    else:
        values = {"state": receipt.outcome.value, "settled_at": now}
    ours = (col(NoticeRow.id) == row.id, col(NoticeRow.attempts) == row.attempts)
    with database.writing() as session:
        session.execute(update(NoticeRow).where(*ours).values(leased_until=None, **values))
