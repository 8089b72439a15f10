"""A batch of letters about one correction is claimed, and what became of each is written down."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlmodel import Session, col

from newsletter.delivery.claiming import Recipient
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.pacing import Line
from newsletter.delivery.recording import back_off
from newsletter.notices.letters import CORRECTION
from newsletter.notices.rows import QUEUED, SENDING, SKIPPED, NoticeRow
from newsletter.notices.sending import LEASE, MOST_ATTEMPTS, is_silent, may_leave
from subscribers.models import Subscriber
from subscribers.queries import receivable


@dataclass(frozen=True, slots=True)
class Addressed:
    """One letter that is in hand: its row, its name, how often it was tried, and to whom it goes."""

    id: int
    name: str
    attempts: int
    recipient: Recipient


def give_up_silent(session: Session, *, now: datetime, timer: datetime) -> None:
    """Call unknown what a process had in hand that has fallen silent: nobody may get it twice."""
    session.execute(
        update(NoticeRow)
        .where(
            col(NoticeRow.kind) == CORRECTION,
            is_silent(timer),
        )
        .values(state=Outcome.UNKNOWN.value, settled_at=now, leased_until=None)
    )


def next_due(session: Session, line: Line, *, timer: datetime) -> int | None:
    """Give the correction (row id) that the next free letter is about; None when none is free.

    While the provider asks for patience none is.
    """
    may_leave = _is_free(timer), line.is_open(booked=False)
    free = select(col(NoticeRow.corrects)).where(*may_leave).order_by(col(NoticeRow.id)).limit(1)
    return session.execute(free, line.asked(timer)).scalar_one_or_none()


def others_left(session: Session, correction_id: int) -> bool:
    """Say whether a letter about a correction was taken: what is refused may be odd mailboxes then."""
    taken = exists().where(
        col(NoticeRow.corrects) == correction_id, col(NoticeRow.state) == Outcome.ACCEPTED.value
    )
    return bool(session.execute(select(taken)).scalar_one())


def skip_all(session: Session, correction_id: int, *, now: datetime) -> None:
    """Keep the rest of the letters about a correction from leaving that does not stand any more."""
    rest = and_(
        col(NoticeRow.kind) == CORRECTION,
        col(NoticeRow.state) == QUEUED,
        col(NoticeRow.corrects) == correction_id,
    )
    session.execute(update(NoticeRow).where(rest).values(state=SKIPPED, settled_at=now))


def claim(
    session: Session, correction_id: int, most: int, *, now: datetime, timer: datetime
) -> list[Addressed]:
    """Take the next letters about a correction into hand, and ask about each reader once more.

    Once that is committed nobody else sends them. Who left meanwhile is skipped. On PostgreSQL the
    readers' rows are locked for share, as in the claim of a batch of an issue.

    Returns:
        The letters that may leave; none when their readers are all gone.
    """
    free = (
        select(
            col(NoticeRow.id),
            col(NoticeRow.public_id),
            col(NoticeRow.attempts),
            col(NoticeRow.recipient),
        )
        .where(_is_free(timer), col(NoticeRow.corrects) == correction_id)
        .order_by(col(NoticeRow.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = {row.recipient: row for row in session.execute(free)}
    people = _people(session, list(rows), now)
    held = [
        Addressed(row.id, row.public_id, row.attempts + 1, people[reader])
        for reader, row in rows.items()
        if reader in people
    ]
    gone = [row.id for reader, row in rows.items() if reader not in people]
    _set(session, gone, state=SKIPPED, settled_at=now)
    attempts, leased_until = NoticeRow.attempts + 1, timer + LEASE
    announced = {"state": SENDING, "attempts": attempts, "leased_until": leased_until}
    _set(session, [one.id for one in held], **announced)
    return held


def record(
    session: Session,
    held: Sequence[Addressed],
    receipts: Sequence[Receipt],
    *,
    now: datetime,
    timer: datetime,
) -> None:
    """Write down one receipt for each letter, in order; what was not taken is free again later.

    Of a letter that somebody has claimed since nothing is written: when only the word of a commit was
    lost, this is done again some seconds later, and others may have it in hand by then.
    """
    outcomes: defaultdict[tuple[int, str, timedelta | None], list[int]] = defaultdict(list)
    for one, receipt in zip(held, receipts, strict=True):
        outcomes[one.attempts, *_became(one, receipt)].append(one.id)
    for (attempts, state, delay), ids in outcomes.items():
        ours = col(NoticeRow.attempts) == attempts
        if delay is None:
            _set(session, ids, ours, state=state, settled_at=now, leased_until=None)
        else:
            _set(session, ids, ours, state=state, not_before=timer + delay, leased_until=None)


def _became(one: Addressed, receipt: Receipt) -> tuple[str, timedelta | None]:
    """Say in which state a letter is after a call, and for how long it waits if it waits."""
    if receipt.outcome is not Outcome.NOT_TAKEN:
        return receipt.outcome.value, None
    if one.attempts >= MOST_ATTEMPTS:
        return Outcome.REJECTED.value, None
    return QUEUED, back_off(one.attempts)


def _is_free(timer: datetime) -> ColumnElement[bool]:
    return and_(col(NoticeRow.kind) == CORRECTION, may_leave(timer))


def _people(session: Session, readers: Sequence[str], now: datetime) -> dict[str, Recipient]:
    known = (
        select(
            col(Subscriber.id),
            col(Subscriber.public_id),
            col(Subscriber.email),
            col(Subscriber.token_epoch),
            col(Subscriber.locale),
        )
        .where(col(Subscriber.public_id).in_(readers), receivable(now))
        .order_by(col(Subscriber.id))
        .with_for_update(read=True, of=Subscriber.__table__)  # type: ignore[attr-defined]
    )
    return {row.public_id: Recipient(*row) for row in session.execute(known)}


def _set(
    session: Session, ids: Sequence[int], *further: ColumnElement[bool], **values: object
) -> None:
    if ids:
        which = update(NoticeRow).where(col(NoticeRow.id).in_(ids), *further)
        session.execute(which.values(**values))
