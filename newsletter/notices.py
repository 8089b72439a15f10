"""Single letters to editors: written down once as rows, sent by the same transports.

A notice has a key, and a key is told once to each recipient, however many processes notice the
same thing at the same time.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.database import Database
from newsletter.delivery.message import Mailing, Message, Outcome
from newsletter.delivery.transport import Transport
from newsletter.rendering.notice import Notice
from newsletter.rendering.personal import Marked
from schedules.clock import Clock, UtcDateTime

_QUEUED, _SENDING = "queued", "sending"


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
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def tell(
    session: Session, key: str, recipients: Iterable[str], notice: Notice, *, now: datetime
) -> int:
    """Write a notice down for each recipient that was not told this key before.

    Returns:
        How many will be told.
    """
    told = set(session.exec(select(NoticeRow.recipient).where(NoticeRow.key == key)))
    new = [recipient for recipient in dict.fromkeys(recipients) if recipient not in told]
    session.add_all(
        NoticeRow(
            key=key,
            recipient=recipient,
            public_id=secrets.token_hex(8),
            subject=notice.subject,
            text=notice.text,
            created_at=now,
        )
        for recipient in new
    )
    session.flush()
    return len(new)


def send_notices(database: Database, transport: Transport, sender: str, clock: Clock) -> int:
    """Send what is queued, one by one; a notice in doubt is left alone, like any message.

    Returns:
        How many were accepted.
    """
    accepted = 0
    while row := _claim(database):
        mailing = Mailing(
            key=f"notice-{row.public_id}",
            sender=sender,
            subject=row.subject,
            text=Marked.plain(row.text),
            headers=(("Auto-Submitted", Marked.plain("auto-generated")),),
            stream="transactional",
        )
        message = Message(f"notice.{row.public_id}", row.recipient, attempt_id=row.public_id)
        [receipt] = transport.send(mailing, [message])
        with database.writing() as session:
            row.state = _QUEUED if receipt.outcome is Outcome.NOT_TAKEN else receipt.outcome.value
            row.settled_at = clock()
            session.merge(row)
        if receipt.outcome is Outcome.NOT_TAKEN:
            break  # the line is down; the next round tries again
        accepted += receipt.outcome is Outcome.ACCEPTED
    return accepted


def _claim(database: Database) -> NoticeRow | None:
    with database.writing() as session:
        queued = select(NoticeRow).where(NoticeRow.state == _QUEUED).order_by(col(NoticeRow.id))
        row = session.exec(queued.limit(1).with_for_update(skip_locked=True)).one_or_none()
        if row is not None:
            row.state = _SENDING
            session.add(row)
        return row
