"""Readers become deliveries, and deliveries batches: each of one edition, wave and stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
)
from sqlmodel import Session, col

from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.delivery.ramp import Stage, Stages
from newsletter.editions.assigning import Assignment, assignments
from newsletter.issues.models import Issue
from schedules.clock import UtcDateTime
from schedules.waves import Waves, Zone
from subscribers.models import Subscriber

CHUNK = 1000
"""Rows of tailored readers that are written at once."""

NO_BATCH = 0
"""Of a copy that is skipped from the start."""


_DELIVERIES: Table = Delivery.__table__  # type: ignore[attr-defined]
_BATCHES: Table = Batch.__table__  # type: ignore[attr-defined]


def has_row(issue_number: int) -> ColumnElement[bool]:
    """Give the condition that a row of ``subscribers`` has a delivery of an issue."""
    return exists().where(
        col(Delivery.issue_number) == issue_number,
        col(Delivery.subscriber_id) == col(Subscriber.id),
    )


def zones_of(session: Session, who: ColumnElement[bool]) -> set[Zone]:
    """Give the time zones, as they are stored, of some rows of ``subscribers``."""
    return set(session.execute(select(col(Subscriber.timezone)).where(who).distinct()).scalars())


def lives_in(zones: frozenset[Zone]) -> ColumnElement[bool]:
    """Give the condition that a row of ``subscribers`` has one of these zones."""
    zone = col(Subscriber.timezone)
    named = zone.in_(sorted(filter(None, zones)))
    return or_(named, zone.is_(None)) if None in zones else named


@dataclass(frozen=True, slots=True)
class Division:
    """How the readers of one issue are put into batches.

    Attributes:
        issue: whose copies they are.
        size: most copies in one batch.
        waves: when each reader has their hour; None to serve everybody at once.
        now: when it is done.
        stages: of a ramp; None to let it leave at once.
    """

    issue: Issue
    size: int
    waves: Waves | None
    now: datetime
    stages: Stages | None = None

    def add(self, session: Session, who: ColumnElement[bool], zones: set[Zone]) -> None:
        """Give everybody who has none yet a row, and the rows their batches.

        Whoever changes zone while this runs, and so is met in none of the waves, is taken in after
        them, with the newsletter's own; whoever drops their own wishes meanwhile, at the very end.

        Args:
            session: for writing.
            who: which rows of ``subscribers``.
            zones: where they live.
        """
        fresh = and_(who, ~has_row(self.issue.number))
        for wave in self.waves.of(zones) if self.waves else ():
            self._add_wave(session, and_(fresh, lives_in(wave.zones)), wave.at)
        own = self.waves.own if self.waves else None
        self._add_wave(session, fresh, own)
        self._add_tailored(session, fresh)
        self._add_wave(session, fresh, own)

    def stage_of(self, subscriber_id: int) -> Stage:
        """Give the stage of one reader."""
        return self.stages.of(subscriber_id) if self.stages else Stage.NO_RAMP

    def _add_wave(
        self, session: Session, fresh: ColumnElement[bool], wave_at: datetime | None
    ) -> None:
        """Take in one wave, stage after stage: who was taken in by one is not fresh for the next."""
        whole = ((Stage.NO_RAMP, true()),)
        for stage, of_stage in self.stages.conditions() if self.stages else whole:
            self._add_plain(session, and_(fresh, of_stage), wave_at, stage)

    def _add_plain(
        self, session: Session, who: ColumnElement[bool], wave_at: datetime | None, stage: Stage
    ) -> None:
        """Take in those who get the whole issue; the list never passes through Python."""
        last = _last_number(session, self.issue.number)
        place = func.row_number().over(order_by=col(Subscriber.id)) - 1
        readers = select(
            literal(self.issue.number),
            col(Subscriber.id),
            cast(func.floor(place / self.size), Integer) + last + 1,
            literal(DeliveryState.QUEUED.value),
        ).where(who, ~col(Subscriber.tailored))
        columns = ["issue_number", "subscriber_id", "batch", "state"]
        session.execute(insert(Delivery).from_select(columns, readers))
        batches = (
            select(
                col(Delivery.issue_number),
                col(Delivery.batch),
                literal(BatchState.QUEUED.value),
                func.count(),
                literal(0),
                literal(wave_at, UtcDateTime()),
                literal(stage.value),
            )
            .where(col(Delivery.issue_number) == self.issue.number, col(Delivery.batch) > last)
            .group_by(col(Delivery.issue_number), col(Delivery.batch))
        )
        columns = ["issue_number", "number", "state", "size", "attempts", "wave_at", "stage"]
        session.execute(insert(Batch).from_select(columns, batches))

    def _add_tailored(self, session: Session, who: ColumnElement[bool]) -> None:
        """Take in those whose letter is worked out apart, or who get none this time."""
        filling = _Filling(self, _last_number(session, self.issue.number))
        found = assignments(session, self.issue, who)
        while chunk := [filling.row(reader) for reader in islice(found, CHUNK)]:
            session.execute(insert(_DELIVERIES), chunk)
        if batches := list(filling.batches()):
            session.execute(insert(_BATCHES), batches)


Place = tuple[datetime | None, int | None, Stage]
"""What the copies of one batch have in common: wave, edition and stage."""


class _Filling:
    """The batches of tailored readers as they fill: of each wave, edition and stage one is open."""

    def __init__(self, division: Division, last: int) -> None:
        self._division = division
        self._last = last
        self._open: dict[Place, int] = {}
        self._places: dict[int, Place] = {}
        self._sizes: dict[int, int] = {}
        self._hours: dict[Zone, datetime] = {}

    def row(self, reader: Assignment) -> dict[str, Any]:
        """Give the delivery of one reader."""
        nothing = reader.reason is not None
        return {
            "issue_number": self._division.issue.number,
            "subscriber_id": reader.subscriber_id,
            "batch": NO_BATCH if nothing else self._batch(reader),
            "edition": reader.edition,
            "state": (DeliveryState.SKIPPED if nothing else DeliveryState.QUEUED).value,
            "reason": reader.reason,
            "settled_at": self._division.now if nothing else None,
        }

    def batches(self) -> Iterator[dict[str, Any]]:
        """Give the rows of the batches."""
        for number, (wave_at, edition, stage) in self._places.items():
            yield {
                "issue_number": self._division.issue.number,
                "number": number,
                "state": BatchState.QUEUED.value,
                "size": self._sizes[number],
                "attempts": 0,
                "edition": edition,
                "wave_at": wave_at,
                "stage": stage.value,
            }

    def _batch(self, reader: Assignment) -> int:
        stage = self._division.stage_of(reader.subscriber_id)
        place = self._wave_at(reader.timezone), reader.edition, stage
        number = self._open.get(place)
        if number is None or self._sizes[number] == self._division.size:
            self._last += 1
            number = self._open[place] = self._last
            self._places[number], self._sizes[number] = place, 0
        self._sizes[number] += 1
        return number

    def _wave_at(self, zone: Zone) -> datetime | None:
        if self._division.waves is None:
            return None
        if zone not in self._hours:
            self._hours[zone] = self._division.waves.at(zone)
        return self._hours[zone]


def _last_number(session: Session, issue_number: int) -> int:
    numbers = select(func.max(col(Batch.number))).where(col(Batch.issue_number) == issue_number)
    return session.execute(numbers).scalar_one() or NO_BATCH
