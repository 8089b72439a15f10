"""Copies to look into: a second letter, one that was written off, one that nobody knows of."""

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from newsletter.delivery.models import IN_DOUBT, ODD, Delivery, DeliveryState
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


def in_doubt(session: Session) -> dict[int, dict[DeliveryState, int]]:
    """Count the copies of every issue that are unknown, or held until somebody decides."""
    rows = session.execute(
        select(col(Delivery.issue_number), col(Delivery.state), func.count())
        .where(text(IN_DOUBT))
        .group_by(col(Delivery.issue_number), col(Delivery.state))
        .order_by(col(Delivery.issue_number))
    )
    found: dict[int, dict[DeliveryState, int]] = {}
    for number, state, copies in rows:
        found.setdefault(number, {})[DeliveryState(state)] = copies
    return found
