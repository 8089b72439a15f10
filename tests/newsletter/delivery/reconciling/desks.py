"""A desk whose clock a test moves on, in front of a provider whose search is behind."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from newsletter.database import Database
from newsletter.delivery.models import Delivery, Doubt
from newsletter.delivery.transport import Transport
from newsletter.desk import Desk
from tests.factories import add_subscribers, make_desk, refitted, store_comparisons
from tests.newsletter.delivery.reconciling.provider import Watch


def desk_at(
    database: Database, transport: Transport, watch: Watch, *, batch_size: int = 3, **chosen: object
) -> Desk:
    desk = make_desk(database, transport, now=watch.now, batch_size=batch_size, **chosen)
    return refitted(
        desk,
        clock=watch,
        sender=replace(desk.dispatch.sender, clock=watch, timer=watch),
        reconciler=replace(desk.dispatch.reconciler, clock=watch, timer=watch),
    )


def written_issue(desk: Desk, readers: int) -> int:
    """Build an issue for so many readers."""
    with desk.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, readers)
    return desk.build(desk.slots.next(), actor="test").number


def states(database: Database) -> Counter[tuple[str, str | None]]:
    with database.reading() as session:
        rows = session.execute(select(col(Delivery.state), col(Delivery.reason)))
        return Counter((state, reason) for state, reason in rows)


def doubts(database: Database) -> list[Doubt]:
    with database.reading() as session:
        return list(session.execute(select(Doubt).order_by(col(Doubt.ended_at))).scalars())


def let_pass(desk: Desk, watch: Watch, minutes: float, step: float = 2) -> None:
    """Let time pass, with a pass every so many minutes and one at the end."""
    until = watch() + timedelta(minutes=minutes)
    while watch() < until:
        desk.dispatch.deliver()
        watch.advance(minutes=step)
    desk.dispatch.deliver()
