"""The canary ramp: an issue leaves to its seeds, to one reader in a hundred, then to all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, cast, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from newsletter.delivery.models import Batch, BatchState
from schedules.clock import UtcDateTime
from subscribers.address import Address
from subscribers.models import Subscriber

_SPREAD, _PER_ISSUE = 2_654_435_761, 40_503  # both odd: every id and every issue has its own place
_PLACES = 2**32
_FEW = _PLACES // 100


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
        """Give the same as conditions on rows of ``subscribers``, each for whoever is left by then."""
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


def has_come() -> ColumnElement[bool]:
    """Say in SQL that the stage of a batch has come.

    That is when no batch of an earlier one, whose wave has come, is still open or has ended only
    just now: in other words, when the earliest stage that has such a batch is not an earlier one.
    Its parameters are the issue, the present instant, and that since which there must be rest.
    """
    other = aliased(Batch)
    now, rested = (bindparam(name, type_=UtcDateTime) for name in ("now", "rested_since"))
    earliest = select(func.min(col(other.stage))).where(
        col(other.issue_number) == bindparam("issue"),
        or_(col(other.wave_at).is_(None), col(other.wave_at) <= now),
        or_(col(other.state) != BatchState.DONE.value, col(other.finished_at) > rested),
    )
    return col(Batch.stage) <= func.coalesce(earliest.scalar_subquery(), Stage.ALL.value)


def _place(subscriber_id: int, issue_number: int) -> int:
    return (subscriber_id * _SPREAD + issue_number * _PER_ISSUE * _SPREAD) % _PLACES


def _place_in_sql(who: Any, issue_number: int) -> ColumnElement[int]:
    shifted = cast(who, BigInteger) * _SPREAD + _place(0, issue_number)
    return shifted % _PLACES
