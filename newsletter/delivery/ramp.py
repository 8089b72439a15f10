"""The canary ramp: an issue leaves to its seeds, to one reader in a hundred, then to all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from newsletter.delivery.models import PUT_OFF, Batch, BatchState, Delivery
from schedules.clock import UtcDateTime
from subscribers.address import Address
from subscribers.models import Subscriber

_SPREAD, _PER_ISSUE = 2_654_435_761, 40_503  # both odd: every id and every issue has its own place
_PLACES = 2**32
_FEW = _PLACES // 100

_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


class Stage(IntEnum):
    """When a batch leaves in a ramp, as it stands in its row."""

    NO_RAMP = 0
    SEEDS = 1
    FEW = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Ramp:
    """How an issue leaves in stages.

    Attributes:
        seeds: addresses of subscribers who get it first.
        rest: the time between the end of a stage and the next one.
    """

    seeds: tuple[str, ...] = ()
    rest: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Stages:
    """Who gets one issue in which stage.

    Attributes:
        issue_number: the few are others in each issue, so that nobody always is a canary.
        seeds: row ids of those who get it first.
    """

    issue_number: int
    seeds: frozenset[int]

    def of(self, subscriber_id: int) -> Stage:
        """Give the stage of one reader."""
        if subscriber_id in self.seeds:
            return Stage.SEEDS
        return Stage.FEW if _place(subscriber_id, self.issue_number) < _FEW else Stage.ALL

    def conditions(self) -> Iterator[tuple[Stage, ColumnElement[bool]]]:
        """Give the same as conditions on rows of ``subscribers``, each but for those before it."""
        who = col(Subscriber.id)
        if self.seeds:
            yield Stage.SEEDS, who.in_(sorted(self.seeds))
        yield Stage.FEW, _place_in_sql(who, self.issue_number) < _FEW
        yield Stage.ALL, true()


def stages(session: Session, ramp: Ramp | None, issue_number: int) -> Stages | None:
    """Find the seeds of a ramp among the subscribers; None without a ramp."""
    if ramp is None:
        return None
    keys = [Address.parse(seed).key for seed in ramp.seeds]
    found = select(col(Subscriber.id)).where(col(Subscriber.address_key).in_(keys))
    return Stages(issue_number, frozenset(session.execute(found).scalars()))


def stage_of(subscriber_id: int, stages: Stages | None) -> Stage:
    """Give the stage of one reader; without a ramp it is the same for all."""
    return stages.of(subscriber_id) if stages else Stage.NO_RAMP


def stage_in_sql(stages: Stages | None) -> ColumnElement[int]:
    """Give the same as a column of ``subscribers``."""
    if stages is None:
        return literal(Stage.NO_RAMP.value)
    return case(*((which, stage.value) for stage, which in stages.conditions()))


def has_come() -> ColumnElement[bool]:
    """Say in SQL that the stage of a waiting batch has come.

    That is when no batch of an earlier stage of the same wave is still open, has ended only just now,
    or has left copies in doubt to a person; in other words, when its own stage is the earliest that
    has such a batch. Each wave has stages of its own: the first few of one in the west must not keep
    readers in the east waiting, whose nine o'clock is long over.

    Its parameters are the issue, and the instant since which there must be rest.
    """
    other = aliased(Batch)
    earliest = (
        select(_wave(other).label("wave"), func.min(col(other.stage)).label("stage"))
        .where(
            col(other.issue_number) == bindparam("issue"),
            or_(
                col(other.state) != BatchState.DONE.value,
                col(other.finished_at) > bindparam("rested_since", type_=UtcDateTime),
                _has_copies_in_doubt(other),
            ),
        )
        .group_by(col(other.wave_at))
        .cte("earliest_stages")
        # Otherwise it is counted again for each batch: 150 ms instead of 8 for 2,000 of them.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return tuple_(_wave(Batch), col(Batch.stage)).in_(select(earliest.c.wave, earliest.c.stage))


def _wave(batch: Any) -> ColumnElement[datetime]:
    """Give the wave of a batch, which without one is before all: NULL is in no list."""
    return func.coalesce(batch.wave_at, literal(_BEFORE_ALL, UtcDateTime()))


def _has_copies_in_doubt(batch: Any) -> ColumnElement[bool]:
    """Say in SQL whether a copy of it may have left; one that was put off certainly did not."""
    return exists().where(
        col(Delivery.issue_number) == batch.issue_number,
        col(Delivery.batch) == batch.number,
        col(Delivery.attempt_id).is_not(None),
        func.coalesce(col(Delivery.reason), "").not_like(f"{PUT_OFF}%"),
    )


def _place(subscriber_id: int, issue_number: int) -> int:
    return (subscriber_id * _SPREAD + issue_number * _PER_ISSUE * _SPREAD) % _PLACES


def _place_in_sql(who: Any, issue_number: int) -> ColumnElement[int]:
    shifted = cast(who, BigInteger) * _SPREAD + _place(0, issue_number)
    return shifted % _PLACES
