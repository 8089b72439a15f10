"""When an issue may leave, as its row says: set by an editor, or by the rule when it begins."""

from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.delivery.lateness import Span, UnusableTimes, checked
from newsletter.errors import NewsletterError
from newsletter.issues import life
from newsletter.issues.models import Issue
from newsletter.issues.states import ForbiddenIssueChange, IssueRemark, IssueState

_OVER = (IssueState.SETTLED, IssueState.MISSED, IssueState.CANCELLED)


class TooEarly(NewsletterError):
    """The issue may not leave yet."""

    code = "too-early"


def span_of(issue: Issue) -> Span:
    """Give when an issue may leave."""
    return Span(issue.not_before, issue.not_after)


def set_span(
    session: Session, issue: Issue, span: Span, *, now: datetime, latest: datetime, actor: str
) -> None:
    """Let an editor say when an issue may leave; its history tells who did.

    Args:
        session: for writing.
        issue: that is locked.
        span: when it may.
        now: the present instant.
        latest: until when an issue that has not begun to leave must have, or its slot is missed.
        actor: whose word it is.

    Raises:
        UnusableTimes: when it could not leave then.
        ForbiddenIssueChange: when nothing of it can leave any more.
    """
    if issue.state in _OVER:
        raise ForbiddenIssueChange(f"issue {issue.number} is {issue.state}; nothing leaves of it")
    checked(span, now)
    if not issue.has_begun and span.not_before and span.not_before > latest > now:
        raise UnusableTimes(
            f"its slot is missed from {latest:%Y-%m-%d %H:%M} UTC on; give an earlier "
            "--not-before, or hold it and send it by hand"
        )
    _keep(session, issue, span)
    life.remark(session, issue, IssueRemark.TIMED, now=now, actor=actor, reason=str(span))


def require_time(issue: Issue, now: datetime) -> None:
    """Refuse to begin with an issue before its time.

    Raises:
        TooEarly: says from when on, and how to change that.
    """
    if span_of(issue).is_early(now):
        raise TooEarly(
            f"issue {issue.number} may not leave before {issue.not_before:%Y-%m-%d %H:%M} UTC; "
            f"to send it now: newsletter issue window {issue.number} --not-before none"
        )


def begin_span(
    session: Session, issue: Issue, lateness: timedelta, *, now: datetime, gone_by: datetime | None
) -> None:
    """Set by when an issue must have left that begins to, or goes on; see ``Span.begun``.

    Args:
        session: for writing.
        issue: that is locked.
        lateness: how late it may be.
        now: the present instant.
        gone_by: when what waits of it can have left; None when nothing does.
    """
    last = max(filter(None, (issue.joins_until, gone_by)), default=None)
    _keep(session, issue, span_of(issue).begun(now, last, lateness))


def _keep(session: Session, issue: Issue, span: Span) -> None:
    issue.not_before, issue.not_after = span.not_before, span.not_after
    session.add(issue)
    session.flush()
