"""What freezing an audience would come to, worked out without writing a row."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from newsletter.delivery.ramp import Stage, Stages, stage_in_sql, stage_of
from newsletter.delivery.rate import Left
from newsletter.editions.choosing import Choice, Reason
from newsletter.editions.planning import plans
from newsletter.editions.shelf import Shelf
from newsletter.issues.models import Issue
from schedules.waves import Waves
from subscribers.models import Subscriber
from subscribers.queries import is_any


@dataclass(frozen=True, slots=True)
class Forecast:
    """To whom an issue would go that left to everybody at once.

    Attributes:
        audience: readers who are eligible, those included whose wishes leave them without a letter.
        letters: how many would get one.
        editions: how many kinds of letter there are besides the whole issue.
        batches: how many claims it takes.
    """

    audience: int
    letters: int
    editions: int
    batches: int


def forecast(
    session: Session,
    issue: Issue,
    who: ColumnElement[bool],
    *,
    batch_size: int,
    stages: Stages | None = None,
) -> Forecast:
    """Count what ``audience.freeze`` would write down; it costs the memory of a few editions.

    Args:
        session: of either kind.
        issue: that might leave.
        who: which rows of ``subscribers`` are eligible.
        batch_size: most copies in a batch.
        stages: of a ramp; None without one.
    """
    plain, without = _plain(session, who, stages), 0
    tailored: Counter[tuple[Choice | None, Stage]] = Counter()
    for plan in plans(session, issue, who, Shelf(session)):
        if isinstance(plan.outcome, Reason):
            without += 1
            continue
        edition = None if plan.outcome.kind == "issue" else plan.outcome
        tailored[edition, stage_of(plan.subscriber_id, stages)] += 1
    letters = sum(plain) + tailored.total()
    return Forecast(
        audience=letters + without,
        letters=letters,
        editions=len({edition for edition, _ in tailored} - {None}),
        batches=_batches(plain, batch_size) + _batches(tailored.values(), batch_size),
    )


def reaches_anybody(session: Session, issue: Issue, who: ColumnElement[bool]) -> bool:
    """Say whether ``forecast`` would count a letter; it ends at the first."""
    return is_any(session, and_(who, ~col(Subscriber.tailored))) or any(
        not isinstance(plan.outcome, Reason) for plan in plans(session, issue, who, Shelf(session))
    )


def parts(
    session: Session, who: ColumnElement[bool], waves: Waves | None, stages: Stages | None
) -> list[Left]:
    """Count who is eligible by wave and stage, those included whose wishes leave them without a letter.

    Args:
        session: of either kind.
        who: which rows of ``subscribers`` are eligible.
        waves: when each reader has their hour; None to serve everybody at once.
        stages: of a ramp; None without one.
    """
    zone, stage = col(Subscriber.timezone), stage_in_sql(stages).label("stage")
    counts = select(zone, stage, func.count()).where(who).group_by(zone, stage)
    return [
        Left(waves.at(zone) if waves else None, stage, copies)
        for zone, stage, copies in session.execute(counts)
    ]


def _plain(session: Session, who: ColumnElement[bool], stages: Stages | None) -> list[int]:
    """Count those who get the whole issue because they have no wishes, stage by stage."""
    stage = stage_in_sql(stages).label("stage")
    counts = select(func.count(), stage).where(who, ~col(Subscriber.tailored)).group_by(stage)
    return [int(count) for count, _ in session.execute(counts)]


def _batches(parts: Collection[int], size: int) -> int:
    return sum(-(-copies // size) for copies in parts)
