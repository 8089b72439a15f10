"""Readers become deliveries, and deliveries batches: each of one edition, wave and stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    Subquery,
    Table,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlmodel import Session, col

from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.delivery.ramp import Stage, Stages, stage_in_sql, stage_of
from newsletter.editions.assigning import Assignment, assignments
from newsletter.issues.models import Issue
from schedules.clock import UtcDateTime
from schedules.waves import Waves, Zone
from subscribers.models import Subscriber

CHUNK = 1000
"""Rows of tailored readers that are written at once."""

NO_BATCH = 0
"""Of a copy that is skipped from the start."""

_LAYOUT = Table(
    "layout",
    MetaData(),
    Column("subscriber_id", Integer),
    Column("batch", Integer),
    Column("wave_at", UtcDateTime()),
    Column("stage", Integer),
    prefixes=["TEMPORARY"],
)
"""Who is in which batch; a table that only one transaction ever sees."""

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

        Whoever chooses a zone meanwhile that is none of these has the newsletter's own hour. Readers
        with wishes come first and last, so that nobody is overlooked who chooses some in between.

        Args:
            session: for writing.
            who: which rows of ``subscribers``.
            zones: where they live.
        """
        fresh = and_(who, ~has_row(self.issue.number))
        self._add_tailored(session, fresh)
        self._add_plain(session, fresh, zones)
        self._add_tailored(session, fresh)

    def _add_plain(self, session: Session, who: ColumnElement[bool], zones: set[Zone]) -> None:
        """Take in those who get the whole issue, all waves at once; the list never passes through Python.

        It is laid out in a temporary table first: batches and copies are made of one look at the
        readers, who may change meanwhile.
        """
        connection = session.connection()
        _LAYOUT.create(connection)
        columns, last = _LAYOUT.c, _last_number(session, self.issue.number)
        session.execute(insert(_LAYOUT).from_select(list(columns), self._layout(who, zones, last)))
        batches = select(
            literal(self.issue.number),
            columns.batch,
            literal(BatchState.QUEUED.value),
            func.count(),
            literal(0),
            columns.wave_at,
            columns.stage,
        ).group_by(columns.batch, columns.wave_at, columns.stage)
        names = ["issue_number", "number", "state", "size", "attempts", "wave_at", "stage"]
        session.execute(insert(Batch).from_select(names, batches))
        queued = literal(DeliveryState.QUEUED.value)
        copies = select(literal(self.issue.number), columns.subscriber_id, columns.batch, queued)
        names = ["issue_number", "subscriber_id", "batch", "state"]
        session.execute(insert(Delivery).from_select(names, copies))
        _LAYOUT.drop(connection)

    def _layout(self, who: ColumnElement[bool], zones: set[Zone], last: int) -> Select[Any]:
        """Select readers with their batch: each is of one wave and stage, and holds them in order."""
        readers = self._readers(who, zones)
        kinds = (readers.c.wave_at, self.waves), (readers.c.stage, self.stages)
        apart = [column for column, kind in kinds if kind is not None]
        place = func.row_number().over(partition_by=apart or None, order_by=readers.c.id) - 1
        if not apart:
            number = place // self.size + (last + 1)
            return select(readers.c.id, number, readers.c.wave_at, readers.c.stage)
        placed = select(readers, place.label("place")).subquery()
        begins = case((placed.c.place % self.size == 0, 1), else_=0)
        order = placed.c.wave_at, placed.c.stage, placed.c.id
        number = func.sum(begins).over(order_by=order, rows=(None, 0)) + last
        return select(placed.c.id, number, placed.c.wave_at, placed.c.stage)

    def _readers(self, who: ColumnElement[bool], zones: set[Zone]) -> Subquery:
        """Select readers (id) with their hour (wave_at), NULL without waves, and their stage."""
        columns = (
            col(Subscriber.id),
            self._hour(zones).label("wave_at"),
            stage_in_sql(self.stages).label("stage"),
        )
        return select(*columns).where(who, ~col(Subscriber.tailored)).subquery()

    def _hour(self, zones: set[Zone]) -> ColumnElement[Any]:
        if self.waves is None:
            return literal(None, UtcDateTime())
        own = literal(self.waves.own, UtcDateTime())
        known = [
            (lives_in(wave.zones), literal(wave.at, UtcDateTime())) for wave in self.waves.of(zones)
        ]
        return case(*known, else_=own) if known else own

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
        stage = stage_of(reader.subscriber_id, self._division.stages)
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
