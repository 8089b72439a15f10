"""What an import did to whom, so that the last one can be taken back as long as nothing came of it.

For each person an import added or changed there is a mark: with nothing in it for a newcomer, else
with their row as it was before and after. Marks are kept of the last import only.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    delete,
    func,
    insert,
    text,
)
from sqlmodel import Field, Session, SQLModel, col, select

from schedules.clock import UtcDateTime
from subscribers.errors import ImportUnderWay
from subscribers.import_report import Outcome
from subscribers.models import ConsentEntry, StateChange, Subscriber, SuppressionReason

MARKS_FOR = timedelta(days=30)
"""So long an import can be undone; its marks hold what people were before, and end then."""

_ONE_AT_A_TIME = 0x696D706F7274
"""Of the lock that PostgreSQL keeps for us; SQLite has one writer anyway."""

_FACTS = {
    "name", "state", "timezone", "cadence", "topics", "follows", "tailored", "locale", "tags",
    "attributes", "source", "asked_at", "paused_until", "confirmed_at", "unsubscribed_at",
    "state_changed_at",
}  # fmt: skip

Image = Mapping[str, Any]
"""What an import can change of a row, as plain values."""

Known = Mapping[str, tuple[SuppressionReason, str]]
"""What the suppression list said: reason and note, by the hash of the address."""


def new_ref() -> str:
    """Choose a name for an import."""
    return secrets.token_hex(8)


class Import(SQLModel, table=True):
    """One file that came in. ``ref`` is its name from before it began; no name comes in twice.

    The four numbers are those of the last state change and the last evidence before it and at its
    end; what it wrote itself lies between them.
    """

    __tablename__ = "imports"
    __table_args__ = (UniqueConstraint("ref", name="uq_imports_ref"),)

    id: int | None = Field(default=None, primary_key=True)
    ref: str
    at: datetime = Field(sa_type=UtcDateTime)
    consent: str = ""
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    change_before: int = 0
    change_last: int = 0
    consent_before: int = 0
    consent_last: int = 0
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def number(self) -> int:
        """Give the number of a row that is stored."""
        if self.id is None:
            raise ValueError("flush the import first")
        return self.id


class ImportMark(SQLModel, table=True):
    """That an import added or changed somebody.

    ``before`` and ``after`` are empty for a newcomer. ``blocked`` says that it put their address on
    the suppression list: empty when nothing about it was there, else what was.
    """

    __tablename__ = "import_marks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name="fk_import_marks_import_id_imports"
        ),
        ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name="fk_import_marks_subscriber_id_subscribers",
        ),
        Index("ix_import_marks_subscriber_id", "subscriber_id"),
    )

    import_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    subscriber_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    blocked: dict[str, str] | None = Field(default=None, sa_type=JSON(none_as_null=True))


def image(subscriber: Subscriber) -> Image:
    """Write down of a row what an import can change."""
    return subscriber.model_dump(mode="json", include=_FACTS)


def begin(session: Session, ref: str, *, consent: str, now: datetime) -> Import:
    """Begin an import; it is the last one from now on, and the marks of those before it go.

    Raises:
        ImportUnderWay: when another one has not ended.
    """
    if session.get_bind().dialect.name == "postgresql":
        ours = text("SELECT pg_try_advisory_xact_lock(:lock)")
        if not session.execute(ours, {"lock": _ONE_AT_A_TIME}).scalar_one():
            raise ImportUnderWay
    session.execute(delete(ImportMark))
    row = Import(ref=ref or new_ref(), at=now, consent=consent)
    row.change_before, row.consent_before = _last(session)
    session.add(row)
    session.flush()
    return row


def end(session: Session, row: Import, counts: Mapping[Outcome, int]) -> None:
    """Write down what an import came to."""
    row.change_last, row.consent_last = _last(session)
    row.counts = {outcome.value: counts.get(outcome, 0) for outcome in Outcome}
    session.add(row)
    session.flush()


def mark_new(session: Session, import_id: int, ids: Sequence[int]) -> None:
    """Mark newcomers."""
    if ids:
        empty: dict[str, Any] = {"before": {}, "after": {}, "blocked": None}
        rows = [{"import_id": import_id, "subscriber_id": id_, **empty} for id_ in ids]
        session.execute(insert(ImportMark), rows)


def mark_changed(
    session: Session, import_id: int, changed: Mapping[int, tuple[Image, Image]]
) -> None:
    """Mark people who were here, by their id, with what they were before and are now.

    Whom the same file names twice has been marked; what they were before it stays.
    """
    known = marks_of(session, import_id, changed)
    for id_, (before, after) in changed.items():
        mark = known.get(id_)
        if mark is None:
            mark = ImportMark(import_id=import_id, subscriber_id=id_, before=dict(before))
        if mark.before:
            mark.after = dict(after)
        session.add(mark)
    session.flush()


def mark_blocked(session: Session, import_id: int, before: Known, hashes: Collection[str]) -> None:
    """Mark that addresses were put on the suppression list, with what was there before.

    Args:
        session: a writing session.
        import_id: which one did it.
        before: what there was, by the hash of the address.
        hashes: of the addresses.
    """
    theirs = select(Subscriber.id, Subscriber.address_hash).where(
        col(Subscriber.address_hash).in_(hashes)
    )
    hash_of = {id_: hash_ for id_, hash_ in session.exec(theirs) if id_ is not None}
    for id_, mark in marks_of(session, import_id, hash_of).items():
        known = before.get(hash_of[id_] or "")
        if mark.blocked is None:
            mark.blocked = {"reason": known[0].value, "note": known[1]} if known else {}
            session.add(mark)
    session.flush()


def marks_of(session: Session, import_id: int, ids: Collection[int]) -> dict[int, ImportMark]:
    """Read the marks of some people, by their id."""
    if not ids:
        return {}
    found = select(ImportMark).where(
        ImportMark.import_id == import_id, col(ImportMark.subscriber_id).in_(ids)
    )
    return {mark.subscriber_id: mark for mark in session.exec(found)}


def last(session: Session) -> Import | None:
    """Read the last import that there was."""
    return session.exec(select(Import).order_by(col(Import.id).desc()).limit(1)).first()


def by_ref(session: Session, ref: str) -> Import | None:
    """Read an import by its name; None when it never came to its end."""
    return session.exec(select(Import).where(Import.ref == ref)).first()


def of_person(session: Session, subscriber: Subscriber) -> list[ImportMark]:
    """Read the marks of one person."""
    return list(session.exec(select(ImportMark).where(ImportMark.subscriber_id == subscriber.id)))


def forget(session: Session, subscriber: Subscriber) -> None:
    """Forget what somebody was before an import; who was erased is not brought back by undoing it."""
    session.execute(delete(ImportMark).where(col(ImportMark.subscriber_id) == subscriber.id))


def forget_old(session: Session, now: datetime) -> None:
    """Delete the marks of an import that cannot be undone any more."""
    old = select(Import.id).where(col(Import.at) <= now - MARKS_FOR)
    session.execute(delete(ImportMark).where(col(ImportMark.import_id).in_(old)))


def _last(session: Session) -> tuple[int, int]:
    change = session.exec(select(func.max(StateChange.id))).one()
    consent = session.exec(select(func.max(ConsentEntry.id))).one()
    return change or 0, consent or 0
