"""Editors' pins, bans and order: kept apart from issues, so that every rebuild finds them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, cast

from sqlmodel import Session, select

from newsletter.errors import NewsletterError
from newsletter.issues.models import EditorMark
from newsletter.issues.store import ledger
from newsletter.selection.rules import Mark


class AlreadyMailed(NewsletterError):
    """That comparison was mailed before and is not mailed again."""

    code = "already-mailed"


def marks(session: Session) -> dict[int, Mark]:
    """Give all marks by comparison (row id)."""
    rows = session.exec(select(EditorMark))
    return {
        row.comparison_id: Mark(cast("Literal['pin', 'ban']", row.kind), row.position)
        for row in rows
    }


def put(session: Session, comparison_id: int, mark: Mark, *, now: datetime, actor: str) -> None:
    """Pin or ban a comparison, replacing an earlier mark.

    Raises:
        AlreadyMailed: when it is to be pinned but went out before.
    """
    if mark.kind == "pin" and (number := ledger(session).get(comparison_id)):
        raise AlreadyMailed(f"mailed in issue {number}; it is not mailed again")
    row = session.get(EditorMark, comparison_id) or EditorMark(
        comparison_id=comparison_id, kind=mark.kind, made_at=now, made_by=actor
    )
    row.kind, row.position, row.made_at, row.made_by = mark.kind, mark.position, now, actor
    session.add(row)
    session.flush()


def put_in_order(
    session: Session, comparison_ids: Sequence[int], *, now: datetime, actor: str
) -> None:
    """Pin comparisons to the first places of the issue, in this order."""
    for position, comparison_id in enumerate(comparison_ids, start=1):
        put(session, comparison_id, Mark("pin", position), now=now, actor=actor)


def take_off(session: Session, comparison_id: int) -> bool:
    """Remove a mark; say whether there was one."""
    row = session.get(EditorMark, comparison_id)
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None
