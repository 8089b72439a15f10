"""The letters that wait, each once for its key and recipient, and how they come to wait."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, Index, UniqueConstraint, delete, func, text
from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.database import insert_into
from newsletter.delivery.message import Outcome
from newsletter.notices.letters import LetterKind
from newsletter.rendering.notice import Notice
from schedules.clock import UtcDateTime

QUEUED, SENDING, SKIPPED = "queued", "sending", "skipped"
"""Of a letter that waits, that leaves, and that was not written after all."""

NOTICE, LINK = "notice", "sign-in"
"""Kinds of letters to editors."""

ABOUT_A_CORRECTION = "corrects IS NOT NULL"
"""Says in SQL which letters an index has that is of no use for the others."""


class NoticeRow(SQLModel, table=True):
    """One letter to one recipient; the unique key is what keeps it from being told twice.

    ``kind`` is "notice" for an editor, whose address is the recipient, or one of LetterKind for a
    reader, whose public id is; subject and text are empty then. With "sign-in" the recipient is a
    keyed hash, and the text the page to which the link leads. ``decides`` is the issue about whose
    copies in doubt its reader may decide, ``corrects`` the correction that a letter is about, of which
    alone ``subscriber_id`` says the row of its reader: they are counted against copies.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("key", "recipient", name="uq_notices_key_recipient"),
        Index("ix_notices_recipient", "recipient"),
        Index("ix_notices_public_id", "public_id"),
        Index("ix_notices_waiting", "kind", "state", "id"),
        Index("ix_notices_corrects", "corrects", "state"),
        Index(
            "ix_notices_told",
            "corrects",
            "subscriber_id",
            sqlite_where=text(ABOUT_A_CORRECTION),
            postgresql_where=text(ABOUT_A_CORRECTION),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str
    recipient: str
    public_id: str
    kind: str = Field(default=NOTICE, sa_column_kwargs={"server_default": NOTICE})
    subject: str
    text: str
    decides: int | None = None
    corrects: int | None = None
    subscriber_id: int | None = None
    state: str = Field(default=QUEUED, index=True)
    attempts: int = 0
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def tell(
    session: Session,
    key: str,
    recipients: Iterable[str],
    notice: Notice,
    *,
    now: datetime,
    decides: int | None = None,
) -> int:
    """Write a notice down for each recipient that was not told this key before.

    Args:
        session: a writing session.
        key: what it is told once for.
        recipients: addresses of editors.
        notice: its words, with a mark for the link if it has one.
        now: aware.
        decides: number of the issue about which the link lets its reader decide.

    Returns:
        How many will be told.
    """
    words = {
        "kind": NOTICE, "subject": notice.subject, "text": notice.text, "decides": decides,
    }  # fmt: skip
    rows = [_row(key, recipient, now, **words) for recipient in dict.fromkeys(recipients)]
    return len(session.execute(_insert_new(session, rows)).all()) if rows else 0


def write_to(
    session: Session, public_id: str, kind: LetterKind, *, key: str, now: datetime
) -> bool:
    """Write down that a reader gets a letter; one that was skipped was not told, and waits again.

    Args:
        session: a writing session.
        public_id: the reader's.
        kind: what it is about.
        key: what it is told once for.
        now: aware.

    Returns:
        False when the reader was told this key before.
    """
    row = _row(key, public_id, now, kind=kind.value, subject="", text="")
    ordered = (
        insert_into(session, NoticeRow)
        .values(row)
        .on_conflict_do_update(
            index_elements=["key", "recipient"],
            set_={"state": QUEUED, "settled_at": None, "created_at": now},
            where=col(NoticeRow.state) == SKIPPED,
        )
    )
    return session.execute(ordered.returning(col(NoticeRow.id))).first() is not None


def order_link(session: Session, whose: str, back: str, *, now: datetime) -> None:
    """Write down that somebody wants a link to sign in, whether or not there is such an editor.

    Args:
        session: a writing session.
        whose: keyed hash of the address.
        back: the page of ours to which they want.
        now: aware.
    """
    row = _row(f"{LINK} {now.isoformat()}", whose, now, kind=LINK, subject="", text=back)
    session.execute(_insert_new(session, [row]))


def forget_links(session: Session, asked_before: datetime) -> None:
    """Delete old requests for links to sign in, answered or not."""
    old = (col(NoticeRow.kind) == LINK, col(NoticeRow.created_at) <= asked_before)
    session.execute(delete(NoticeRow).where(*old))


def was_told(session: Session, key: str) -> bool:
    """Say whether anybody was told a key, or will be."""
    told = select(NoticeRow.id).where(NoticeRow.key == key).limit(1)
    return session.exec(told).first() is not None


def told_or_waiting() -> ColumnElement[bool]:
    """Say in SQL that a notice was accepted or will leave, and was not refused or lost for good."""
    return col(NoticeRow.state).in_((QUEUED, SENDING, Outcome.ACCEPTED.value))


def waiting(session: Session, *, without: str = "") -> int:
    """Count the letters that have not left yet, all or without those of one kind."""
    open_ = col(NoticeRow.state).in_((QUEUED, SENDING)), col(NoticeRow.kind) != without
    return session.exec(select(func.count()).select_from(NoticeRow).where(*open_)).one()


def _row(key: str, recipient: str, now: datetime, **words: str | int | None) -> dict[str, object]:
    return {
        "key": key,
        "recipient": recipient,
        "public_id": secrets.token_hex(8),
        "state": QUEUED,
        "attempts": 0,
        "created_at": now,
        **words,
    }


def _insert_new(session: Session, rows: list[dict[str, object]]) -> Executable:
    """Insert what is not there; on PostgreSQL two processes may tell the same at the same time."""
    new = insert_into(session, NoticeRow).values(rows)
    new_only = new.on_conflict_do_nothing(index_elements=["key", "recipient"])
    told: Executable = new_only.returning(col(NoticeRow.id))
    return told
