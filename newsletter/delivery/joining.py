"""Who may join an issue that has begun to leave in waves: who came in time for their own hour."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session

from newsletter.delivery.dividing import has_row, lives_in, zones_of
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from schedules.waves import Waves
from schedules.windows import Window
from subscribers.queries import came_between, is_any, receivable

_SAME_MOMENT = timedelta(hours=1)
"""Who came while the audience was being frozen may have been overlooked by it."""


def may_join(session: Session, issue: Issue, window: Window, now: datetime) -> bool:
    """Say whether anybody has come since an issue began to leave, and in time; asked often."""
    late = latecomers(session, issue, Waves(window, issue.local_date), now)
    return late is not None and is_any(session, and_(late, ~has_row(issue.number)))


def latecomers(
    session: Session, issue: Issue, waves: Waves, now: datetime
) -> ColumnElement[bool] | None:
    """Give the condition for those who may join an issue; None when there is nobody.

    Who has a copy already may be among them. Nobody joins an issue that is not sending, or has no
    waves.
    """
    if issue.state != IssueState.SENDING.value or not (issue.joins_until and issue.sending_at):
        return None
    since, until = issue.sending_at - _SAME_MOMENT, issue.joins_until
    came = and_(receivable(now), came_between(since, until))
    found = waves.of(zones_of(session, and_(came, ~has_row(issue.number))))
    in_time = [
        and_(lives_in(wave.zones), came_between(since, min(wave.at, until))) for wave in found
    ]
    return and_(came, or_(*in_time)) if in_time else None
