"""The single letters of one reader: listed, kept from leaving, forgotten."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import QUEUED, SKIPPED, NoticeRow
from subscribers.models import Subscriber


def of_reader(session: Session, reader: Subscriber) -> list[NoticeRow]:
    """Read what one reader was written to for, oldest first."""
    found = select(NoticeRow).where(NoticeRow.recipient == reader.public_id)
    return list(session.exec(found.order_by(col(NoticeRow.id))))


def keep_back(
    session: Session, public_id: str, kinds: Collection[LetterKind], *, now: datetime
) -> None:
    """Keep letters that still wait from leaving; what is under way cannot be called back."""
    session.execute(
        update(NoticeRow)
        .where(
            col(NoticeRow.recipient) == public_id,
            col(NoticeRow.kind).in_([kind.value for kind in kinds]),
            col(NoticeRow.state) == QUEUED,
        )
        .values(state=SKIPPED, settled_at=now)
    )


def forget(session: Session, reader: Subscriber) -> None:
    """Delete what tells that a reader was ever written to."""
    session.execute(delete(NoticeRow).where(col(NoticeRow.recipient) == reader.public_id))
