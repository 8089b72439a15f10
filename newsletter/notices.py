"""Single letters, to editors and to readers: written down once as rows, sent by the same transports.

A notice has a key, and a key is told once to each recipient, however many processes notice the
same thing at the same time. Sending is the other way round than for issues: a process that dies
in the middle leaves a lease that ends, and the notice is sent again. To get one twice does nobody
harm; to get none does.

A notice to editors has its words in its row. A letter to a reader has not: its row names the reader
by their public id, and it is written when it leaves, so that neither an address nor a token waits
in a row, and a "no" that came meanwhile wins. A link in a notice is signed when it leaves, too, and so
is the one by which an editor signs in: its row holds a keyed hash of what was typed, anybody's.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import structlog
from sqlalchemy import ColumnElement, Executable, UniqueConstraint, and_, delete, func, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.database import Database, insert_into
from newsletter.delivery.inactive import Hear, Inactive, unheard
from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.recording import back_off
from newsletter.delivery.transport import Transport
from newsletter.rendering.notice import Notice, with_link
from newsletter.rendering.personal import Marked
from schedules.clock import Clock, UtcDateTime

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
"""How long a process may be silent about a notice before another one sends it."""

MOST_ATTEMPTS = 100
"""After so many, about a day, a notice is given up: by then it is no news."""

Written = tuple[Mailing, Message]
"""A letter to one reader, ready to be handed over."""

Beside = Callable[[Session], None]
"""Written down in the same transaction."""

_QUEUED, _SENDING, _SKIPPED = "queued", "sending", "skipped"
_GIVEN_UP = Outcome.REJECTED.value
_NOTICE = "notice"
_LINK = "sign-in"
_TO_EDITORS = (_NOTICE, _LINK)


class LetterKind(StrEnum):
    """What a reader is written to for."""

    CONFIRM = "confirm"
    SUBSCRIBED = "subscribed"
    MANAGE = "manage"
    GOODBYE = "goodbye"
    FEWER = "fewer"
    EXPORT = "export"
    ERASE = "erase"
    CHANGE_FROM = "change_from"
    CHANGE_TO = "change_to"


@dataclass(frozen=True, slots=True)
class Left:
    """A letter to one reader that was accepted.

    Attributes:
        kind: what it was about.
        mailing: as it was handed over.
        message: likewise; its values are the reader's links.
        provider_id: the transport's name for it.
        at: when it was accepted.
    """

    kind: LetterKind
    mailing: Mailing
    message: Message
    provider_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """Somebody wants a link by which an editor signs in; see ``newsletter.editors.asking``.

    Attributes:
        whose: keyed hash of the address that was typed; hardly ever an editor's, if strangers type.
        name: names the letter for ever.
        back: the page of ours to which they want.
        asked_at: when; aware.
    """

    whose: str
    name: str
    back: str
    asked_at: datetime


class Letters(Protocol):
    """Writes the letters to readers, and makes the links of those to editors."""

    def write(
        self, session: Session, kind: LetterKind, public_id: str, name: str, now: datetime
    ) -> Written | None:
        """Write a letter to a reader; None when it is no longer right to send it.

        Args:
            session: for reading.
            kind: what it is about.
            public_id: the reader's.
            name: names this letter for ever.
            now: aware.
        """
        ...

    def testify(self, session: Session, public_id: str, left: "Left") -> None:
        """Keep the evidence of a letter that left, where its kind needs any.

        Args:
            session: the writing session in which its outcome is recorded.
            public_id: the reader's.
            left: the letter.
        """
        ...

    def decide_at(self, session: Session, issue_number: int, now: datetime) -> str:
        """Give the address of the page on which an editor decides about an issue.

        Args:
            session: for reading.
            issue_number: of the issue.
            now: aware.
        """
        ...

    def sign_in(self, session: Session, order: LinkOrder, now: datetime) -> Written | None:
        """Write the letter by which an editor signs in; None when nobody gets one.

        Args:
            session: a writing session; the link is kept in it.
            order: who asked.
            now: aware.
        """
        ...


class NoticeRow(SQLModel, table=True):
    """One letter to one recipient; the unique key is what keeps it from being told twice.

    ``kind`` is "notice" for an editor, whose address is the recipient, or one of LetterKind for a
    reader, whose public id is; subject and text are empty then. With "sign-in" the recipient is a
    keyed hash, and the text the page to which the link leads. ``decides`` is the issue about whose
    copies in doubt its reader may decide.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("key", "recipient", name="uq_notices_key_recipient"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str
    recipient: str
    public_id: str
    kind: str = Field(default=_NOTICE, sa_column_kwargs={"server_default": _NOTICE})
    subject: str
    text: str
    decides: int | None = None
    state: str = Field(default=_QUEUED, index=True)
    attempts: int = 0
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def tell(
    session: Session,
    key: str,
    recipients: Iterable[str],
    notice: Notice,
    *,
    now: datetime,
    decides: int | None = None,
) -> int:
    """Write a notice down for each recipient that was not told this key before.

    Args:
        session: a writing session.
        key: what it is told once for.
        recipients: addresses of editors.
        notice: its words, with a mark for the link if it has one.
        now: aware.
        decides: number of the issue about which the link lets its reader decide.

    Returns:
        How many will be told.
    """
    words = {
        "kind": _NOTICE, "subject": notice.subject, "text": notice.text, "decides": decides,
    }  # fmt: skip
    rows = [_row(key, recipient, now, **words) for recipient in dict.fromkeys(recipients)]
    return len(session.execute(_insert_new(session, rows)).all()) if rows else 0


def write_to(
    session: Session, public_id: str, kind: LetterKind, *, key: str, now: datetime
) -> bool:
    """Write down that a reader gets a letter; one that was skipped was not told, and waits again.

    Args:
        session: a writing session.
        public_id: the reader's.
        kind: what it is about.
        key: what it is told once for.
        now: aware.

    Returns:
        False when the reader was told this key before.
    """
    row = _row(key, public_id, now, kind=kind.value, subject="", text="")
    ordered = (
        insert_into(session, NoticeRow)
        .values(row)
        .on_conflict_do_update(
            index_elements=["key", "recipient"],
            set_={"state": _QUEUED, "settled_at": None, "created_at": now},
            where=col(NoticeRow.state) == _SKIPPED,
        )
    )
    return session.execute(ordered.returning(col(NoticeRow.id))).first() is not None


def order_link(session: Session, whose: str, back: str, *, now: datetime) -> None:
    """Write down that somebody wants a link to sign in, whether or not there is such an editor.

    Args:
        session: a writing session.
        whose: keyed hash of the address.
        back: the page of ours to which they want.
        now: aware.
    """
    row = _row(f"{_LINK} {now.isoformat()}", whose, now, kind=_LINK, subject="", text=back)
    session.execute(_insert_new(session, [row]))


def forget_links(session: Session, asked_before: datetime) -> None:
    """Delete old requests for links to sign in, answered or not."""
    old = (col(NoticeRow.kind) == _LINK, col(NoticeRow.created_at) <= asked_before)
    session.execute(delete(NoticeRow).where(*old))


def waiting(session: Session) -> int:
    """Count the letters that have not left yet."""
    open_ = col(NoticeRow.state).in_((_QUEUED, _SENDING))
    return session.exec(select(func.count()).select_from(NoticeRow).where(open_)).one()


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
            _settle(database, row, _SKIPPED, clock())
    return accepted


def _row(key: str, recipient: str, now: datetime, **words: str | int | None) -> dict[str, object]:
    return {
        "key": key,
        "recipient": recipient,
        "public_id": secrets.token_hex(8),
        "state": _QUEUED,
        "attempts": 0,
        "created_at": now,
        **words,
    }


def _insert_new(session: Session, rows: list[dict[str, object]]) -> Executable:
    """Insert what is not there; on PostgreSQL two processes may tell the same at the same time."""
    new = insert_into(session, NoticeRow).values(rows)
    new_only = new.on_conflict_do_nothing(index_elements=["key", "recipient"])
    told: Executable = new_only.returning(col(NoticeRow.id))
    return told


def _claim(database: Database, now: datetime) -> NoticeRow | None:
    with database.writing() as session:
        free = select(NoticeRow).where(_is_free(now)).order_by(col(NoticeRow.id)).limit(1)
        row = session.exec(free.with_for_update(skip_locked=True)).one_or_none()
        if row is not None:
            row.state, row.leased_until, row.attempts = _SENDING, now + LEASE, row.attempts + 1
            session.add(row)
        return row


def _is_free(now: datetime) -> ColumnElement[bool]:
    state, not_before = col(NoticeRow.state), col(NoticeRow.not_before)
    return or_(
        and_(state == _QUEUED, or_(not_before.is_(None), not_before <= now)),
        and_(state == _SENDING, col(NoticeRow.leased_until) < now),
    )


def _written(
    database: Database, row: NoticeRow, sender: str, letters: Letters, now: datetime
) -> Written | None:
    attempt = f"{row.public_id}-{row.attempts}"
    if row.kind == _NOTICE:
        text = _text(database, row, letters, now)
        return _notice(sender, row, text), Message(
            f"notice.{row.public_id}", row.recipient, attempt_id=attempt
        )
    if row.kind == _LINK:
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
        _change(database, row, state=_QUEUED, not_before=now + back_off(row.attempts))
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
