"""The audience of an issue: frozen when it begins to leave, and joined while it leaves in waves."""

from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from newsletter.database import refresh_statistics
from newsletter.delivery import staying
from newsletter.delivery.dividing import Division, zones_of
from newsletter.delivery.joining import latecomers
from newsletter.delivery.models import Batch, BatchState, Delivery
from newsletter.delivery.ramp import Ramp, stages
from newsletter.delivery.rate import Left
from newsletter.errors import NewsletterError
from newsletter.issues import store
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from schedules.waves import Waves, Zone
from schedules.windows import Window
from subscribers.queries import receivable


class EmptyAudience(NewsletterError):
    """Nobody would get a letter: there is no active subscriber, or none whose wishes it meets."""

    code = "empty-audience"


def freeze(
    session: Session,
    issue_number: int,
    *,
    batch_size: int,
    now: datetime,
    waves: Waves | None = None,
    ramp: Ramp | None = None,
) -> int:
    """Write down who gets this issue, in which edition, when, and in which batch.

    The list never passes through Python, except for readers with wishes of their own, who are
    streamed: it costs the same memory for ten subscribers and for ten million. A second call gives
    rows to nobody who has one.

    Args:
        session: for writing, in which readers stay; see ``staying``.
        issue_number: of the issue, which keeps the count and the instant of its last wave.
        batch_size: most copies in a batch.
        now: who may receive it is asked as of this instant.
        waves: when each reader has their hour; None to serve everybody at once.
        ramp: how it leaves in stages; None without any.

    Returns:
        The number of eligible subscribers, those included whose wishes leave them without a letter.

    Raises:
        EmptyAudience: when nobody would get a letter.
    """
    issue, who = store.get(session, issue_number), receivable(now)
    division = Division(issue, batch_size, waves, now, stages(session, ramp, issue_number))
    division.add(session, who)
    if not _somebody_gets_it(session, issue_number):
        raise EmptyAudience
    refresh_statistics(session, Delivery)
    return recount(session, issue)


def join(
    session: Session,
    issue_number: int,
    *,
    batch_size: int,
    now: datetime,
    window: Window,
    ramp: Ramp | None = None,
) -> int:
    """Take in who came since an issue began to leave, in time for the hour where they are.

    In time is said of when they came, and not of when this is called: who confirmed at five to nine
    gets the letter, whenever the next look at the schedule is. All others wait for the next issue,
    and so does whoever came after the last wave.

    Args:
        session: for writing.
        issue_number: of the issue; nobody joins one that is not sending, or has no waves.
        batch_size: most copies in a batch.
        now: who may receive it is asked as of this instant.
        window: with the issue's date it says when each reader has their hour.
        ramp: as in ``freeze``.

    Returns:
        How many were taken in.
    """
    staying.keep_readers(session)
    issue = store.locked(session, issue_number)
    waves = Waves(window, issue.local_date)
    late = latecomers(session, issue, waves, now)
    if late is None:
        return 0
    before = _copies(session, issue_number)
    in_stages = stages(session, ramp, issue_number)
    Division(issue, batch_size, waves, now, in_stages).add(session, late)
    joined = _copies(session, issue_number) - before
    _keep(session, issue, (issue.audience or 0) + joined)  # a row lost before stays missed
    return joined


def joined_still(session: Session, now: datetime) -> set[date]:
    """Give the days of the issues that leave in waves and whose last one is yet to come."""
    sending = select(col(Issue.local_date)).where(
        col(Issue.state) == IssueState.SENDING.value, col(Issue.joins_until) >= now
    )
    return set(session.execute(sending).scalars())


def waiting_batches(session: Session, issue_number: int) -> int:
    """Count the batches of an issue that nobody has claimed."""
    waiting = select(func.count()).where(
        col(Batch.issue_number) == issue_number, col(Batch.state) == BatchState.QUEUED.value
    )
    return int(session.execute(waiting).scalar_one())


def left(session: Session, issue_number: int) -> list[Left]:
    """Give the waves and stages of an issue, each with how many of its copies are still to leave."""
    is_open = col(Batch.state) != BatchState.DONE.value
    copies = func.sum(case((is_open, col(Batch.size)), else_=0))
    place = col(Batch.wave_at), col(Batch.stage)
    parts = select(*place, copies).where(col(Batch.issue_number) == issue_number).group_by(*place)
    return [Left(*row) for row in session.execute(parts)]


def forecast(session: Session, now: datetime) -> int:
    """Count who would be eligible for an issue that was frozen now."""
    return int(session.execute(select(func.count()).where(receivable(now))).scalar_one())


def zones(session: Session, now: datetime) -> set[Zone]:
    """Give the time zones of all who may receive an issue now."""
    return zones_of(session, receivable(now))


def recount(session: Session, issue: Issue) -> int:
    """Keep how many are in the audience of an issue, by its copies, and when its last wave leaves."""
    size = _copies(session, issue.number)
    _keep(session, issue, size)
    return size


def _copies(session: Session, issue_number: int) -> int:
    counted = select(func.count()).where(col(Delivery.issue_number) == issue_number)
    return int(session.execute(counted).scalar_one())


def _keep(session: Session, issue: Issue, size: int) -> None:
    last = select(func.max(col(Batch.wave_at))).where(col(Batch.issue_number) == issue.number)
    issue.audience = size
    issue.joins_until = session.execute(last).scalar_one()
    session.add(issue)
    session.flush()


def _somebody_gets_it(session: Session, issue_number: int) -> bool:
    batches = select(col(Batch.number)).where(col(Batch.issue_number) == issue_number)
    return session.execute(batches.limit(1)).first() is not None
