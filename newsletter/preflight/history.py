"""What preflight asks the database: the audience, the issue before, and what was mailed already."""

from datetime import datetime

from sqlmodel import Session, col, select

from newsletter.delivery import audience, forecasting
from newsletter.issues import store
from newsletter.issues.models import Issue
from newsletter.preflight.samples import Person
from newsletter.preflight.surroundings import LastIssue, Mailed
from newsletter.rendering.views import IssueView
from subscribers.models import Subscriber
from subscribers.queries import receivable


def audience_of(session: Session, issue: Issue, now: datetime) -> int:
    """Count who would get it now; for one that has begun to leave, who was to get it."""
    if issue.has_begun and issue.audience is not None:
        return issue.audience
    return audience.forecast(session, now)


def is_wanted(session: Session, issue: Issue, now: datetime) -> bool:
    """Say whether anybody would get a letter now; of one that has begun to leave somebody does."""
    if issue.has_begun:
        return True
    return forecasting.reaches_anybody(session, issue, receivable(now))


def last_issue(session: Session, issue: Issue) -> LastIssue | None:
    """Give the latest other issue that began to leave."""
    started = select(Issue).where(
        col(Issue.sending_at).is_not(None),
        col(Issue.audience).is_not(None),
        Issue.number != issue.number,
    )
    latest = session.exec(started.order_by(col(Issue.sending_at).desc()).limit(1)).one_or_none()
    if latest is None or latest.audience is None:
        return None
    return LastIssue(latest.number, latest.audience)


def mailed_before(session: Session, issue: Issue, view: IssueView) -> tuple[Mailed, ...]:
    """Give what of an issue began to leave in another one.

    The rows of items are asked, not the frozen content: they follow a merge of two comparisons.
    """
    ledger = store.ledger(session)
    titles = {row.entry_id: row.title for row in view.match_ups}
    return tuple(
        Mailed(titles.get(item.comparison_id, f"item {item.position}"), number)
        for item in store.items(session, issue)
        if (number := ledger.get(item.comparison_id)) not in {None, issue.number}
    )


def somebody(session: Session, now: datetime) -> Person | None:
    """Give one of those who would get an issue now: only their links prove that links work."""
    found = session.exec(
        select(Subscriber.public_id, Subscriber.token_epoch)
        .where(receivable(now))
        .order_by(col(Subscriber.id))
        .limit(1)
    ).one_or_none()
    return Person(*found) if found else None
