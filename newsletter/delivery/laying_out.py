"""Readers of the whole issue are laid out, by one look at them: each has a wave, a stage and a place."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    func,
    insert,
    literal,
    select,
)
from sqlmodel import Session, col

from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.delivery.ramp import Stages, stage_in_sql
from schedules.waves import Wave
from subscribers.models import Subscriber

ONLY_WAVE = 0
"""Of everybody, where all are served at once."""


def _temporary(name: str, *columns: Column[Any]) -> Table:
    """Describe a table that only one transaction ever sees; its name is nobody else's in the database."""
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])


_HOURS = _temporary(
    "freezing_hours", Column("zone", String, primary_key=True), Column("wave", Integer)
)
"""In which wave it is a zone's hour. Joined: to compare each reader's with those of every wave took up to twice as long."""

_LAYOUT = _temporary(
    "freezing_layout",
    Column("subscriber_id", Integer),
    Column("wave", Integer),
    Column("stage", Integer),
    Column("place", Integer),
)
"""Who is where; places are counted from 0 in each part, in id order."""

_PARTS = _temporary(
    "freezing_parts",
    Column("wave", Integer, primary_key=True, autoincrement=False),
    Column("stage", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer),
)
"""The number of the first batch of each part."""


class Part(NamedTuple):
    """Whose copies may share a batch: the place of their wave among all, their stage, how many they are."""

    wave: int
    stage: int
    readers: int


def lay_out(
    session: Session, who: ColumnElement[bool], waves: Sequence[Wave], stages: Stages | None
) -> list[Part]:
    """Lay readers out, however many; the list never passes through Python.

    Args:
        session: for writing; ``hand_out`` takes away what this made.
        who: which rows of ``subscribers``.
        waves: among them that of the newsletter's own hour, which is also that of whoever has a zone that is
            in none; empty to serve everybody at once.
        stages: of a ramp; None without any.

    Returns:
        The parts that have readers, in the order of their waves and stages.
    """
    connection = session.connection()
    _HOURS.create(connection)
    _LAYOUT.create(connection)
    hours = [
        {"zone": zone, "wave": number}
        for number, wave in enumerate(waves)
        for zone in wave.zones
        if zone is not None
    ]
    if hours:
        session.execute(insert(_HOURS), hours)
    session.execute(insert(_LAYOUT).from_select(list(_LAYOUT.c), _layout(who, waves, stages)))
    _HOURS.drop(connection)
    part = _LAYOUT.c.wave, _LAYOUT.c.stage
    parts = select(*part, func.count()).group_by(*part).order_by(*part)
    return [Part(*row) for row in session.execute(parts)]


def hand_out(session: Session, issue_number: int, size: int, firsts: dict[Part, int]) -> None:
    """Give everybody who was laid out a copy, in the batch of their part that their place is in.

    Args:
        session: the one in which they were.
        issue_number: of the issue.
        size: of a full batch.
        firsts: the parts, each with the number of its first batch.
    """
    connection, layout, parts = session.connection(), _LAYOUT.c, _PARTS.c
    _PARTS.create(connection)
    rows = [
        {"wave": part.wave, "stage": part.stage, "first": first} for part, first in firsts.items()
    ]
    if rows:
        session.execute(insert(_PARTS), rows)
    copies = select(
        literal(issue_number),
        layout.subscriber_id,
        parts.first + layout.place // size,
        literal(DeliveryState.QUEUED.value),
    ).join_from(_LAYOUT, _PARTS, and_(layout.wave == parts.wave, layout.stage == parts.stage))
    names = ["issue_number", "subscriber_id", "batch", "state"]
    session.execute(insert(Delivery).from_select(names, copies))
    _PARTS.drop(connection)
    _LAYOUT.drop(connection)


def _layout(who: ColumnElement[bool], waves: Sequence[Wave], stages: Stages | None) -> Select[Any]:
    wave, stage = _wave(waves), stage_in_sql(stages)
    apart = [column for column, kind in ((wave, waves), (stage, stages)) if kind]
    id_ = col(Subscriber.id)
    place = func.row_number().over(partition_by=apart or None, order_by=id_) - 1
    readers = select(id_, wave, stage, place).where(who)
    if not waves:
        return readers
    return readers.outerjoin_from(Subscriber, _HOURS, _HOURS.c.zone == col(Subscriber.timezone))


def _wave(waves: Sequence[Wave]) -> ColumnElement[int]:
    """Give the place of a reader's wave; of whoever has no zone, that of the newsletter's own hour."""
    for number, wave in enumerate(waves):
        if None in wave.zones:
            return func.coalesce(_HOURS.c.wave, number)
    return literal(ONLY_WAVE)
