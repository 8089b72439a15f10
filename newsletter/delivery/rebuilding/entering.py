"""Copies that a provider remembers are entered into the books of their issue, or only compared with them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Row, and_, literal, select
from sqlmodel import Session, col

from newsletter.database import insert_into
from newsletter.delivery import audience, staying
from newsletter.delivery.dividing import NO_BATCH
from newsletter.delivery.letterhead import reader_of
from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.delivery.proving import prove
from newsletter.delivery.rebuilding.rebuilt import Tally
from newsletter.delivery.transport import Shown
from newsletter.editions.models import Edition
from newsletter.issues import store
from subscribers.models import Subscriber


@dataclass(frozen=True, slots=True)
class Part:
    """What of an issue leaves under one name: an edition of it, or the whole (None)."""

    issue_number: int
    edition: int | None


def enter(
    session: Session, part: Part, shown: Sequence[Shown], *, now: datetime, timer: datetime
) -> Tally:
    """Make copies accepted that a provider remembers; doing so again changes nothing.

    Who is not in the audience, because they joined after these books were copied, is taken in.

    Args:
        session: for writing.
        part: what they are copies of.
        shown: the copies, a few hundred at most.
        now: written down as the time of the outcome.
        timer: the real instant.
    """
    staying.keep_readers(session)
    names, rows = _books(session, part, shown)
    tally = _tally(names, rows)
    if joined := [row.id for row in rows if row.state is None]:
        _take_in(session, part, joined)
    copies = [(part.issue_number, row.id, name) for row in rows for name in names[row.public_id]]
    proved = prove(session, copies, now=now, timer=timer)
    if joined:
        audience.recount(session, store.locked(session, part.issue_number))
    return replace(tally, doubled=proved.doubled)


def compare(session: Session, part: Part, shown: Sequence[Shown]) -> Tally:
    """Say what would come of entering copies, and change nothing."""
    return _tally(*_books(session, part, shown))


def _books(
    session: Session, part: Part, shown: Sequence[Shown]
) -> tuple[Mapping[str, set[str]], Sequence[Row[tuple[str, int, str | None]]]]:
    """Give the messages by public id, and what the books have of these readers."""
    names: dict[str, set[str]] = defaultdict(set)
    for ours, message_id in shown:
        names[reader_of(part.issue_number, ours) or ""].add(message_id)
    copy = and_(
        col(Delivery.subscriber_id) == col(Subscriber.id),
        col(Delivery.issue_number) == part.issue_number,
    )
    found = (
        select(col(Subscriber.public_id), col(Subscriber.id), col(Delivery.state))
        .outerjoin(Delivery, copy)
        .where(col(Subscriber.public_id).in_(names))
    )
    return names, session.execute(found).all()


def _tally(
    names: Mapping[str, set[str]], rows: Sequence[Row[tuple[str, int, str | None]]]
) -> Tally:
    known = sum(map(len, names.values()))
    return Tally(
        known,
        new=sum(row.state != DeliveryState.ACCEPTED.value for row in rows),
        joined=sum(row.state is None for row in rows),
        unknown=known - sum(len(names[row.public_id]) for row in rows),
    )


def _take_in(session: Session, part: Part, joined: Collection[int]) -> None:
    """Give readers a row, unless they have one by now; ``prove`` makes it accepted.

    An edition that these books do not have was written after they were copied: nobody could show it.
    """
    edition = select(col(Edition.number)).where(
        col(Edition.issue_number) == part.issue_number, col(Edition.number) == part.edition
    )
    rows = select(
        literal(part.issue_number),
        col(Subscriber.id),
        literal(NO_BATCH),
        edition.scalar_subquery(),
        literal(DeliveryState.UNKNOWN.value),
    ).where(col(Subscriber.id).in_(joined))
    columns = ["issue_number", "subscriber_id", "batch", "edition", "state"]
    insert = insert_into(session, Delivery).from_select(columns, rows)
    session.execute(insert.on_conflict_do_nothing())
