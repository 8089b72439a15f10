"""Letters leave one by one, each under a lease, and what became of them is written down."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import col, select

from newsletter.database import Database
from newsletter.delivery.inactive import Hear, Inactive, unheard
from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.recording import back_off
from newsletter.delivery.transport import Transport
from newsletter.notices.letters import Beside, Left, LetterKind, Letters, LinkOrder, Written
from newsletter.notices.rows import LINK, NOTICE, QUEUED, SENDING, SKIPPED, NoticeRow
from newsletter.rendering.notice import with_link
from newsletter.rendering.personal import Marked
from schedules.clock import Clock

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
"""How long a process may be silent about a notice before another one sends it."""

MOST_ATTEMPTS = 100
"""After so many, about a day, a notice is given up: by then it is no news."""

_GIVEN_UP = Outcome.REJECTED.value
_TO_EDITORS = (NOTICE, LINK)
_ONE_BY_ONE = (*_TO_EDITORS, *(kind.value for kind in LetterKind))
"""What leaves here; letters to many are left to their own room, and hold up none of these."""


def send_notices(
    database: Database,
    transport: Transport,
    sender: str,
    clock: Clock,
    letters: Letters,
    hears: Hear = unheard,
) -> int:
    """Send every letter whose time has come, one by one; one that fails holds up no other.

    What was certainly not taken waits longer after each attempt. A lost answer is left alone,
    like that of any message.

    Args:
        database: where the rows are.
        transport: how they leave.
        sender: the From header of notices.
        clock: the present instant.
        letters: writes those to readers.
        hears: takes in which readers the provider writes to no more.

    Returns:
        How many were accepted.
    """
    accepted = 0
    while row := _claim(database, clock()):
        if row.attempts > MOST_ATTEMPTS:
            log.error("notice_given_up", notice=row.public_id, attempts=MOST_ATTEMPTS)
            _settle(database, row, _GIVEN_UP, clock())
        elif written := _written(database, row, sender, letters, clock()):
            [receipt] = transport.send(written[0], [written[1]])
            evidence = _evidence(letters, row, written, receipt, clock())
            evidence = evidence or _hearing(hears, row, written, receipt, clock())
            _record(database, row, receipt, clock(), evidence)
            accepted += receipt.outcome is Outcome.ACCEPTED
        else:
            _settle(database, row, SKIPPED, clock())
    return accepted


def _claim(database: Database, now: datetime) -> NoticeRow | None:
    with database.writing() as session:
        free = select(NoticeRow).where(_is_free(now)).order_by(col(NoticeRow.id)).limit(1)
        row = session.exec(free.with_for_update(skip_locked=True)).one_or_none()
        if row is not None:
            row.state, row.leased_until, row.attempts = SENDING, now + LEASE, row.attempts + 1
            session.add(row)
        return row


def _is_free(now: datetime) -> ColumnElement[bool]:
    state, not_before = col(NoticeRow.state), col(NoticeRow.not_before)
    is_free = or_(
        and_(state == QUEUED, or_(not_before.is_(None), not_before <= now)),
        and_(state == SENDING, col(NoticeRow.leased_until) < now),
    )
    return and_(col(NoticeRow.kind).in_(_ONE_BY_ONE), is_free)


def _written(
    database: Database, row: NoticeRow, sender: str, letters: Letters, now: datetime
) -> Written | None:
    attempt = f"{row.public_id}-{row.attempts}"
    if row.kind == NOTICE:
        text = _text(database, row, letters, now)
        return _notice(sender, row, text), Message(
            f"notice.{row.public_id}", row.recipient, attempt_id=attempt
        )
    if row.kind == LINK:
        order = LinkOrder(row.recipient, row.public_id, row.text, row.created_at)
        with database.writing() as session:
            written = letters.sign_in(session, order, now)
    else:
        with database.reading() as session:
            kind = LetterKind(row.kind)
            written = letters.write(session, kind, row.recipient, row.public_id, now)
    return written and (written[0], written[1]._replace(attempt_id=attempt))


def _text(database: Database, row: NoticeRow, letters: Letters, now: datetime) -> str:
    if row.decides is None:
        return row.text
    with database.reading() as session:
        return with_link(row.text, letters.decide_at(session, row.decides, now))


def _notice(sender: str, row: NoticeRow, text: str) -> Mailing:
    return Mailing(
        key=f"notice-{row.public_id}",
        sender=sender,
        subject=row.subject,
        text=Marked.plain(text),
        headers=(("Auto-Submitted", Marked.plain("auto-generated")),),
        stream="transactional",
    )


def _evidence(
    letters: Letters, row: NoticeRow, written: Written, receipt: Receipt, now: datetime
) -> Beside | None:
    if row.kind in _TO_EDITORS or receipt.outcome is not Outcome.ACCEPTED:
        return None
    left = Left(LetterKind(row.kind), *written, receipt.provider_id or "", now)
    return lambda session: letters.testify(session, row.recipient, left)


def _hearing(
    hears: Hear, row: NoticeRow, written: Written, receipt: Receipt, now: datetime
) -> Beside | None:
    if row.kind in _TO_EDITORS or receipt.closed is None or receipt.outcome is not Outcome.REJECTED:
        return None
    mailing, message = written
    found = Inactive(
        public_id=row.recipient,
        closed=receipt.closed,
        stream=mailing.stream,
        call=message.attempt_id,
        address=message.to,
    )
    return lambda session: hears(session, [found], now)


def _record(
    database: Database, row: NoticeRow, receipt: Receipt, now: datetime, evidence: Beside | None
) -> None:
    if receipt.outcome is Outcome.NOT_TAKEN:
        _change(database, row, state=QUEUED, not_before=now + back_off(row.attempts))
    else:
        _settle(database, row, receipt.outcome.value, now, evidence)


def _settle(
    database: Database, row: NoticeRow, state: str, now: datetime, evidence: Beside | None = None
) -> None:
    _change(database, row, evidence, state=state, settled_at=now)


def _change(
    database: Database, row: NoticeRow, evidence: Beside | None = None, **values: object
) -> None:
    """Write the answer down, unless the lease has ended and the letter is in other hands.

    The evidence comes first: it locks the reader and then this row, as whoever erases a reader does.
    """
    ours = (col(NoticeRow.id) == row.id, col(NoticeRow.attempts) == row.attempts)
    answer = update(NoticeRow).where(*ours).values(leased_until=None, **values)
    with database.writing() as session:
        if evidence is not None:
            evidence(session)
        if session.execute(answer.returning(col(NoticeRow.id))).first() is None:
            session.rollback()  # the other hands keep evidence of their own
