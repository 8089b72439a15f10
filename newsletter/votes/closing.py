"""When polls close: each with the first later issue that begins to leave, whatever its number."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from newsletter.issues.models import Issue
from newsletter.votes.rules import is_open


def closings(session: Session, numbers: Collection[int]) -> Mapping[int, datetime]:
    """Give when the polls of some issues close, or have closed; one that is not known is missing."""
    later = aliased(Issue)
    found = (
        select(Issue.number, func.min(later.sending_at))
        .join(later, col(later.number) > col(Issue.number))
        .where(col(Issue.number).in_(numbers), col(later.sending_at).is_not(None))
        .group_by(col(Issue.number))
    )
    return {number: at for number, at in session.exec(found) if at is not None}


def closed(session: Session, numbers: Collection[int], now: datetime) -> Mapping[int, datetime]:
    """Give when polls closed, of those that have."""
    return {number: at for number, at in closings(session, numbers).items() if not is_open(at, now)}
