"""Answers of links in the database: believed while fresh, so that a week's links are asked once."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from newsletter.database import insert_into
from newsletter.links.answer import FRESH, Answer
from newsletter.links.models import LinkCheck


def recall(session: Session, urls: Collection[str], now: datetime) -> dict[str, Answer]:
    """Give the answers that are still believed, by address."""
    rows = session.exec(select(LinkCheck).where(col(LinkCheck.url).in_(urls)))
    known = ((Answer(row.url, row.status, row.detail), now - row.checked_at) for row in rows)
    # A negative age comes from a rehearsal as of a later day; it says nothing about today.
    return {
        answer.url: answer for answer, age in known if timedelta() <= age < FRESH[answer.standing]
    }


def remember(session: Session, answers: Iterable[Answer], now: datetime) -> None:
    """Write answers down in place of older ones; two processes may do so at the same time."""
    rows = [
        {
            "url": answer.url,
            "status": answer.status,
            "detail": answer.detail,
            "checked_at": now,
        }
        for answer in sorted(answers, key=lambda answer: answer.url)  # one order: no deadlock
    ]
    if not rows:
        return
    insert = insert_into(session, LinkCheck).values(rows)
    newer = {name: insert.excluded[name] for name in ("status", "detail", "checked_at")}
    session.execute(insert.on_conflict_do_update(index_elements=["url"], set_=newer))
