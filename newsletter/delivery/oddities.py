"""Copies that are not what the books had them for: a second letter, or one that was written off."""

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from newsletter.delivery.models import ODD, Delivery
from newsletter.delivery.proving import SENT_TWICE
from newsletter.issues.models import Issue

RECENT = 20
"""Issues that are looked through, from the latest back: evidence of an older one comes no more."""


def oddities(session: Session) -> tuple[dict[int, int], dict[int, int]]:
    """Count letters too many, and letters of copies that were written off, by issue.

    However it came out: by a search, by a webhook, by a late answer.
    """
    latest = select(func.coalesce(func.max(col(Issue.number)), 0) - RECENT).scalar_subquery()
    rows = session.execute(
        select(col(Delivery.issue_number), col(Delivery.reason), func.count())
        .where(text(ODD), col(Delivery.issue_number) > latest)
        .group_by(col(Delivery.issue_number), col(Delivery.reason))
        .order_by(col(Delivery.issue_number))
    )
    twice: dict[int, int] = {}
    written_off: dict[int, int] = {}
    for number, reason, copies in rows:
        found = twice if reason == SENT_TWICE else written_off
        found[number] = found.get(number, 0) + copies
    return twice, written_off
