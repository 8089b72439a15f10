"""The order to tell those who got a wrong line: counted, confirmed, and written down as rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, delete, func, literal, select
from sqlmodel import Session, col

from newsletter.correction_letters.audience import audience, key_of, waiting_for_it
from newsletter.corrections.models import Correction
from newsletter.corrections.store import standing_one
from newsletter.database import insert_into, refresh_statistics
from newsletter.errors import NewsletterError
from newsletter.issues import store
from newsletter.issues.seen import ChangedMeanwhile
from newsletter.issues.states import IssueState
from newsletter.notices.letters import CORRECTION
from newsletter.notices.rows import QUEUED, NoticeRow
from schedules.clock import UtcDateTime

_WAITING = and_(col(NoticeRow.kind) == CORRECTION, col(NoticeRow.state) == QUEUED)


class StillLeaving(NewsletterError):
    """The issue is still leaving: pause it, or wait until everybody has it, and tell them then."""

    code = "still-leaving"


class NobodyToTell(NewsletterError):
    """Nobody who got the wrong line is left to be told."""

    code = "nobody-to-tell"


def tell_those_who_got_it(
    session: Session, correction_id: int, *, expected: int, now: datetime
) -> int:
    """Write a letter down for each reader who got the wrong line and was not told yet.

    It costs one statement, however many they are; the unique key keeps anybody from being told twice.

    Args:
        session: a writing session.
        correction_id: row id.
        expected: how many the person was shown who gives the order.
        now: aware.

    Returns:
        How many will be told.

    Raises:
        NoSuchCorrection: when it was amended or withdrawn.
        StillLeaving: while copies of the issue still leave.
        NobodyToTell: when there is nobody.
        ChangedMeanwhile: when there are more or fewer than was shown.
    """
    correction = standing_one(session, correction_id).now
    issue = store.locked(session, correction.issue_number)
    if issue.state == IssueState.SENDING.value:
        raise StillLeaving
    found = audience(session, correction, now=now)
    if not found.goes:
        raise NobodyToTell
    if found.goes != expected:
        raise ChangedMeanwhile
    _write_down(session, correction, now)
    refresh_statistics(session, NoticeRow)
    return found.goes


def told(session: Session, corrections: Sequence[Correction]) -> dict[int, dict[str, int]]:
    """Count the letters about corrections by their state, by one statement for all of them."""
    about, state = col(NoticeRow.corrects), col(NoticeRow.state)
    found: dict[int, dict[str, int]] = {one.row_id: {} for one in corrections}
    counts = select(about, state, func.count()).where(about.in_(found)).group_by(about, state)
    for row_id, known, count in session.execute(counts.order_by(about, state)):
        found[row_id][known] = count
    return found


def ordered(session: Session) -> int:
    """Count the letters about corrections that wait, and are in nobody's hands."""
    return int(session.execute(select(func.count()).where(_WAITING)).scalar_one())


def take_back(session: Session) -> None:
    """Forget the orders that nobody has carried out: as if they had not been given."""
    session.execute(delete(NoticeRow).where(_WAITING))


def _write_down(session: Session, correction: Correction, now: datetime) -> None:
    readers = waiting_for_it(session, correction, now=now).subquery()
    values = {
        "key": literal(key_of(correction)),
        "recipient": readers.c.public_id,
        "subscriber_id": readers.c.id,
        "public_id": _random_name(session),
        "kind": literal(CORRECTION),
        "subject": literal(""),
        "text": literal(""),
        "corrects": literal(correction.id),
        "state": literal(QUEUED),
        "attempts": literal(0),
        "created_at": literal(now, UtcDateTime()),
    }
    rows = select(*values.values()).where(readers.c.public_id.is_not(None))
    session.execute(
        insert_into(session, NoticeRow)
        .from_select(list(values), rows)
        .on_conflict_do_nothing(index_elements=["key", "recipient"])
    )


def _random_name(session: Session) -> ColumnElement[str]:
    """Make up a name for each row, in the database; nobody can guess one from another."""
    if session.get_bind().dialect.name == "sqlite":
        return func.lower(func.hex(func.randomblob(8)))
    return func.left(func.replace(cast(func.gen_random_uuid(), String), "-", ""), 16)
