"""Readers become deliveries, and deliveries batches: each of one edition, wave and stage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, Table, and_, exists, func, insert, or_, select
from sqlmodel import Session, col

from newsletter.delivery.laying_out import Part, hand_out, lay_out
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.delivery.ramp import Stage, Stages, stage_of
from newsletter.editions.assigning import Assignment, assignments
from newsletter.issues.models import Issue
from schedules.waves import Wave, Waves, Zone
from subscribers.models import Subscriber

CHUNK = 1000
"""Rows that are written at once."""

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


Place = tuple[datetime | None, int | None, Stage]
"""What the copies of one batch have in common: wave, edition and stage."""


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

    def add(self, session: Session, who: ColumnElement[bool]) -> None:
        """Give everybody who has none yet a row, and the rows their batches.

        Readers with wishes come first and last, so that nobody is overlooked who chooses some in
        between.

        Args:
            session: for writing.
            who: which rows of ``subscribers``.
        """
        fresh = and_(who, ~has_row(self.issue.number))
        self._add_tailored(session, fresh)
        self._add_plain(session, fresh)
        self._add_tailored(session, fresh)

    def batch(self, number: int, size: int, place: Place) -> dict[str, Any]:
        """Give the row of one batch."""
        wave_at, edition, stage = place
        return {
            "issue_number": self.issue.number,
            "number": number,
            "state": BatchState.QUEUED.value,
            "size": size,
            "attempts": 0,
            "edition": edition,
            "wave_at": wave_at,
            "stage": stage.value,
        }

    def _add_plain(self, session: Session, who: ColumnElement[bool]) -> None:
        """Take in those who get the whole issue, all waves at once.

        Batches and copies are made of one look at the readers, who may change meanwhile. Where they
        live is not asked before: all hours there are take 0.07 seconds, and to ask a million 0.45.
        """
        waves = self.waves.of(available_timezones() | {None}) if self.waves else ()
        plain, firsts = and_(who, ~col(Subscriber.tailored)), dict[Part, int]()
        following = _last_number(session, self.issue.number) + 1
        for part in lay_out(session, plain, waves, self.stages):
            firsts[part] = following
            following += -(-part.readers // self.size)
        _write(session, _BATCHES, self._batches(firsts, waves))
        hand_out(session, self.issue.number, self.size, firsts)

    def _batches(
        self, firsts: Mapping[Part, int], waves: Sequence[Wave]
    ) -> Iterator[dict[str, Any]]:
        """Give the rows of the batches of each part, of which the last may be small."""
        for part, first in firsts.items():
            place = (waves[part.wave].at if waves else None), None, Stage(part.stage)
            for number, begin in enumerate(range(0, part.readers, self.size), first):
                yield self.batch(number, min(self.size, part.readers - begin), place)

    def _add_tailored(self, session: Session, who: ColumnElement[bool]) -> None:
        """Take in those whose letter is worked out apart, or who get none this time."""
        filling = _Filling(self, _last_number(session, self.issue.number))
        _write(session, _DELIVERIES, map(filling.row, assignments(session, self.issue, who)))
        _write(session, _BATCHES, filling.batches())


def _write(session: Session, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while chunk := list(islice(rows, CHUNK)):
        session.execute(insert(table), chunk)


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
        for number, place in self._places.items():
            yield self._division.batch(number, self._sizes[number], place)

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
