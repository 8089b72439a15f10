"""Which batches are free to be claimed: whose turn it is, by the calendar and by the real clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlmodel import Session, col

from newsletter.delivery import ramp
from newsletter.delivery.models import Batch, BatchState
from newsletter.delivery.pacing import LONGEST_DELAY, Line
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from schedules.clock import UtcDateTime

LONGEST_LEASE = timedelta(days=1)
"""As much as the settings allow. An instant that is farther off was written by a wrong clock."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who claims, under which name of attempt, and for how long it may be silent.

    ``start`` is the real instant; a schedule that is run as of another one has no say in it.
    """

    worker: str
    attempt_id: str
    start: datetime
    duration: timedelta

    @property
    def end(self) -> datetime:
        """When the batch counts as abandoned."""
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class Terms:
    """What a batch must wait for besides its own wave and delay.

    Attributes:
        line: the way to the provider, which all workers share.
        rest: the time between two stages of a ramp; None without one.
    """

    line: Line
    rest: timedelta | None = None


def is_free(terms: Terms) -> ColumnElement[bool]:
    """Say in SQL that a batch waits, and that all that it waited for has come.

    Its issue's time, its wave and its stage by the calendar; its delay and the line by the real
    clock. All of it as parameters, see ``asked``: to make such a statement takes ten times as long
    as to run it, so that is done once.
    """
    now = bindparam("now", type_=UtcDateTime)
    return and_(
        col(Batch.issue_number) == bindparam("issue"),
        col(Batch.state) == BatchState.QUEUED.value,
        or_(col(Batch.wave_at).is_(None), col(Batch.wave_at) <= now),
        _delay_is_over(),
        col(Issue.state) == IssueState.SENDING.value,
        or_(col(Issue.not_before).is_(None), col(Issue.not_before) <= now),
        *_terms(terms),
    )


def asked(lease: Lease, terms: Terms, now: datetime, issue_number: int) -> dict[str, object]:
    """Give the parameters of ``is_free``: about which issue it is asked, and as of when."""
    return {
        "issue": issue_number,
        "now": now,
        **terms.line.asked(lease.start),
        "longest_delay": lease.start + LONGEST_DELAY,
        "rested_since": now - terms.rest if terms.rest else now,
    }


def _delay_is_over() -> ColumnElement[bool]:
    """Say in SQL that a batch need not wait for its next try any longer.

    A delay longer than any that is given was counted by a clock that has been set back since.
    """
    until = col(Batch.not_before)
    timer, longest = (bindparam(name, type_=UtcDateTime) for name in ("timer", "longest_delay"))
    return or_(until.is_(None), until <= timer, until > longest)


def _terms(terms: Terms) -> Iterator[ColumnElement[bool]]:
    if terms.line.per_second is None:  # otherwise whoever books it learns how long to wait
        yield terms.line.is_open()
    if terms.rest is not None:
        yield ramp.has_come()


def free_editions(
    session: Session, lease: Lease, terms: Terms, *, now: datetime, issue_number: int
) -> list[int | None]:
    """Give the editions of an issue that have a free batch, the whole issue first.

    An issue whose time is over has some, too: the caller has to pause it.
    """
    found = (
        select(col(Batch.edition))
        .join(Issue, col(Issue.number) == col(Batch.issue_number))
        .where(is_free(terms))
        .distinct()
    )
    editions = session.execute(found, asked(lease, terms, now, issue_number)).scalars()
    return sorted(editions, key=lambda edition: edition or 0)


def in_turn(session: Session, issues: Sequence[Issue]) -> Sequence[Issue]:
    """Put issues first that had no turn for the longest time: a slow pass sends a single batch."""
    tried = func.coalesce(col(Batch.finished_at), col(Batch.not_before))
    last = (
        select(col(Batch.issue_number), func.max(tried))
        .where(col(Batch.issue_number).in_([issue.number for issue in issues]), tried.is_not(None))
        .group_by(col(Batch.issue_number))
    )
    lately = {row[0]: row[1] for row in session.execute(last)}
    return sorted(issues, key=lambda issue: lately.get(issue.number, _NEVER))


def free_readers(
    session: Session, lease: Lease, terms: Terms, *, now: datetime, issue_number: int
) -> int:
    """Count the readers of an issue who are in free batches."""
    counted = (
        select(func.coalesce(func.sum(col(Batch.size)), 0))
        .join(Issue, col(Issue.number) == col(Batch.issue_number))
        .where(is_free(terms))
    )
    return int(session.execute(counted, asked(lease, terms, now, issue_number)).scalar_one())


def copies_of(session: Session, issue_number: int, edition: int) -> int:
    """Give how many copies of one edition of an issue there are, in all its batches."""
    sizes = select(func.coalesce(func.sum(col(Batch.size)), 0)).where(
        col(Batch.issue_number) == issue_number, col(Batch.edition) == edition
    )
    return int(session.execute(sizes).scalar_one())
