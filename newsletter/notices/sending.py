"""Letters leave one by one, each under a lease, and what became of them is written down."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, select

from newsletter.database import Database
from newsletter.delivery.inactive import Inactive
from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.pacing import closing
from newsletter.delivery.recording import FIRST_DELAY, back_off
from newsletter.delivery.sending import Sender
from newsletter.notices.letters import Beside, Left, LetterKind, Letters, LinkOrder, Written
from newsletter.notices.rows import LINK, NOTICE, QUEUED, SENDING, SKIPPED, NoticeRow
from newsletter.rendering.notice import with_link
from newsletter.rendering.personal import Marked

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
"""How long a process may be silent about a notice, by the real clock, before another one sends it."""

_LONGEST_WAIT = timedelta(hours=1)
"""Longer than any letter waits for its next try, and than any lease."""

MOST_ATTEMPTS = 100
"""After so many, about a day, a notice is given up: by then it is no news."""

MOST_IN_DOUBT = 30
"""Tries of a notice, after which a lost answer is the last: most of a day, each of them perhaps taken."""

_FIRST_IN_DOUBT, _LONGEST_IN_DOUBT = timedelta(minutes=1), timedelta(minutes=45)

_GIVEN_UP = Outcome.REJECTED.value
_TO_EDITORS = (NOTICE, LINK)
_ONE_BY_ONE = (*_TO_EDITORS, *(kind.value for kind in LetterKind))
"""What leaves here; letters to many are left to their own room, and hold up none of these."""


def send_notices(sender: Sender, letters: Letters) -> int:
    """Send every letter whose time has come, one by one; one that fails holds up no other.

    What was certainly not taken waits longer after each attempt. A lost answer is left alone, like
    that of any message, unless it is about a notice: see ``_wait``. While the provider asks for
    patience all of them wait, and whoever is asked for it by one of them closes the line to the
    issues too. A rate makes none of them wait: each is booked, and the next batch leaves so much
    later.

    Args:
        sender: where the rows are, and how they leave.
        letters: writes those to readers.

    Returns:
        How many were accepted.
    """
    accepted = 0
    while not sender.stopped() and (row := _claim(sender)):
        if row.attempts > MOST_ATTEMPTS:
            log.error("notice_given_up", notice=row.public_id, attempts=MOST_ATTEMPTS)
            _settle(sender, row, _GIVEN_UP)
        elif written := _written(sender, row, letters):
            _book(sender)
            [receipt] = sender.transport.send(written[0], [written[1]])
            _heed(sender, row, receipt)
            evidence = _evidence(letters, row, written, receipt, sender.clock())
            _record(sender, row, receipt, evidence or _hearing(sender, row, written, receipt))
            accepted += receipt.outcome is Outcome.ACCEPTED
        else:
            _settle(sender, row, SKIPPED)
    return accepted


def _claim(sender: Sender) -> NoticeRow | None:
    """Take the next letter into hand; its lease and its delay are counted by the real clock."""
    timer, line = sender.timer(), sender.line
    free = (
        select(NoticeRow)
        .where(_is_free(timer), line.is_open(booked=False))
        .order_by(col(NoticeRow.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with sender.database.writing() as session:
        row = session.exec(free, params=line.asked(timer)).one_or_none()
        if row is not None:
            row.state, row.leased_until, row.attempts = SENDING, timer + LEASE, row.attempts + 1
            session.add(row)
        return row


def _book(sender: Sender) -> None:
    """Book the line for one letter, by itself: whoever claims a batch locks the line before readers."""
    if sender.guards.per_second is not None:
        with sender.database.writing() as session:
            sender.line.book_behind(session, 1, sender.timer())


def _is_free(timer: datetime) -> ColumnElement[bool]:
    return and_(col(NoticeRow.kind).in_(_ONE_BY_ONE), or_(may_leave(timer), is_silent(timer)))


def may_leave(timer: datetime) -> ColumnElement[bool]:
    """Say in SQL that a letter need not wait, or waits for longer than any does: by a wrong clock."""
    not_before = col(NoticeRow.not_before)
    waits = and_(not_before > timer, not_before <= timer + _LONGEST_WAIT)
    return and_(col(NoticeRow.state) == QUEUED, or_(not_before.is_(None), ~waits))


def is_silent(timer: datetime) -> ColumnElement[bool]:
    """Say in SQL that the lease of a letter is over, or ends later than any that is given."""
    until = col(NoticeRow.leased_until)
    return and_(col(NoticeRow.state) == SENDING, or_(until < timer, until > timer + _LONGEST_WAIT))


def _written(sender: Sender, row: NoticeRow, letters: Letters) -> Written | None:
    attempt, database, now = _attempt(row), sender.database, sender.clock()
    if row.kind == NOTICE:
        text = _text(database, row, letters, now)
        return _notice(sender.letterhead.address, row, text), Message(
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


def _attempt(row: NoticeRow) -> str:
    return f"{row.public_id}-{row.attempts}"


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


def _hearing(sender: Sender, row: NoticeRow, written: Written, receipt: Receipt) -> Beside | None:
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
    return lambda session: sender.hears(session, [found], sender.clock())


def _heed(sender: Sender, row: NoticeRow, receipt: Receipt) -> None:
    """Close the line where the provider asks for patience; one mailbox that refuses closes nothing.

    For the shortest delay, unless the provider says for how long: one letter that a server puts off
    for a day must not keep an issue waiting longer and longer.
    """
    pause = closing([receipt], FIRST_DELAY, _attempt(row))
    if pause is not None:
        timer = sender.timer()
        sender.database.write_surely(
            lambda session: sender.line.close(session, timer, pause), lasting=LEASE
        )


def _record(sender: Sender, row: NoticeRow, receipt: Receipt, beside: Beside | None) -> None:
    wait = _wait(row, receipt.outcome)
    if wait is None:
        _settle(sender, row, receipt.outcome.value, beside)
    else:
        _change(sender.database, row, beside, state=QUEUED, not_before=sender.timer() + wait)


def _wait(row: NoticeRow, outcome: Outcome) -> timedelta | None:
    """Say for how long a letter waits for its next try; None when it gets none.

    An editor who gets a notice twice comes to no harm. One who gets none does not know that the
    issue stands still, of which the outage that lost the answer may well be the cause. Whoever wants
    another letter can ask for it again.
    """
    if outcome is Outcome.NOT_TAKEN:
        return back_off(row.attempts)
    if outcome is Outcome.UNKNOWN and row.kind == NOTICE and row.attempts < MOST_IN_DOUBT:
        return min(_LONGEST_IN_DOUBT, _FIRST_IN_DOUBT * (1 << (row.attempts - 1)))
    return None


def _settle(sender: Sender, row: NoticeRow, state: str, beside: Beside | None = None) -> None:
    _change(sender.database, row, beside, state=state, settled_at=sender.clock())


def _change(
    database: Database, row: NoticeRow, beside: Beside | None = None, **values: object
) -> None:
    """Write the answer down, unless the lease has ended and the letter is in other hands.

    What is beside it comes first: evidence locks the reader and then this row, as whoever erases a
    reader does.
    """
    ours = (
        col(NoticeRow.id) == row.id,
        col(NoticeRow.attempts) == row.attempts,
        col(NoticeRow.state) == SENDING,  # not any more when only the word of a commit was lost
    )
    answer = update(NoticeRow).where(*ours).values(leased_until=None, **values)

    def work(session: Session) -> None:
        if beside is not None:
            beside(session)
        if session.execute(answer.returning(col(NoticeRow.id))).first() is None:
            session.rollback()  # the other hands keep evidence of their own

    database.write_surely(work, lasting=LEASE)
