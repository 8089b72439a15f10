"""The last import taken back: who came by it goes, who was changed is as before; who did something since stays."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from subscribers import import_log
from subscribers.errors import NoImportToUndo
from subscribers.import_log import MARKS_FOR, Import, ImportMark
from subscribers.models import ConsentEntry, StateChange, Subscriber, SuppressionReason
from subscribers.queries import locked, suppression_of
from subscribers.states import State

CHUNK = 1000

_INSTANTS = ("asked_at", "paused_until", "confirmed_at", "unsubscribed_at", "state_changed_at")


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back came to, in people.

    Attributes:
        removed: who came by it and are not on the list any more.
        restored: who are what they were before.
        kept: to whom something has happened since; they stay as they are.
    """

    removed: int = 0
    restored: int = 0
    kept: int = 0

    def __add__(self, other: "Undone") -> "Undone":
        return Undone(
            self.removed + other.removed, self.restored + other.restored, self.kept + other.kept
        )


Since = Callable[[Session, Sequence[Subscriber], Sequence[Subscriber]], Collection[int]]
"""Gives the ids of those of whom other rooms know something: of newcomers, anything; of people who had
only been asked for a yes, that they have got an issue since."""


def undoable(session: Session, *, now: datetime) -> Import | None:
    """Give the import that can be taken back: the last one, for thirty days; None when none can."""
    found = import_log.last(session)
    if found is None or found.undone_at is not None or now - found.at >= MARKS_FOR:
        return None
    return found if _some_marks(session, found.number, 1) else None


def count(session: Session, row: Import) -> int:
    """Count the people whom an import added or changed, and whom taking it back is about."""
    marks = select(func.count()).where(col(ImportMark.import_id) == row.id)
    return session.exec(marks).one()


def undo(
    session: Session,
    since: Since,
    *,
    now: datetime,
    ref: str | None = None,
    progress: Callable[[int], object] = lambda _count: None,
) -> Undone:
    """Take the last import back.

    What it wrote about somebody is deleted, evidence included: nobody agreed to what was stated by
    mistake. Whoever has had a letter, or did or was told anything since, stays as they are.

    Args:
        session: a writing session.
        since: what other rooms know about people who were not on the list before.
        now: aware.
        ref: which import is meant; None for the last one, whichever it is.
        progress: told of people as they are done with.

    Raises:
        NoImportToUndo: when none can be taken back, or another one was the last meanwhile.
    """
    row = undoable(session, now=now)
    if row is None or ref not in (None, row.ref):
        raise NoImportToUndo
    done = Undone()
    while marks := _some_marks(session, row.number):
        done += _undo_some(session, row, {mark.subscriber_id: mark for mark in marks}, since)
        progress(len(marks))
    row.undone_at = now
    session.add(row)
    session.flush()
    return done


def _undo_some(session: Session, row: Import, marks: dict[int, ImportMark], since: Since) -> Undone:
    people = {one.number: one for one in locked(session, col(Subscriber.id).in_(marks))}
    newcomers = [one for id_, one in people.items() if not marks[id_].before]
    asked = [one for id_, one in people.items() if marks[id_].before.get("state") == State.PENDING]
    touched = {*since(session, newcomers, asked), *_lived_on(session, row, marks)}
    touched |= {id_ for id_, one in people.items() if _differs(one, marks[id_])}
    free = [id_ for id_ in people if id_ not in touched]
    new = [id_ for id_ in free if not marks[id_].before]
    for id_ in free:
        _unblock(session, people[id_], marks[id_])
    session.flush()
    for mark in marks.values():
        session.expunge(mark)
    session.execute(
        delete(ImportMark).where(
            col(ImportMark.import_id) == row.id, col(ImportMark.subscriber_id).in_(marks)
        )
    )
    _take_words_back(session, row, free)
    for id_ in set(free) - set(new):
        _restore(people[id_], marks[id_])
        session.add(people[id_])
    session.flush()
    for id_ in new:
        session.expunge(people[id_])
    if new:
        session.execute(delete(Subscriber).where(col(Subscriber.id).in_(new)))
    return Undone(len(new), len(free) - len(new), len(marks) - len(free))


def _some_marks(session: Session, import_id: int, most: int = CHUNK) -> Sequence[ImportMark]:
    some = select(ImportMark).where(ImportMark.import_id == import_id)
    return session.exec(some.order_by(col(ImportMark.subscriber_id)).limit(most)).all()


def _lived_on(session: Session, row: Import, ids: Collection[int]) -> set[int]:
    """Find those about whom something was written down after the import."""
    changed = select(StateChange.subscriber_id).where(
        col(StateChange.subscriber_id).in_(ids), col(StateChange.id) > row.change_last
    )
    said = select(ConsentEntry.subscriber_id).where(
        col(ConsentEntry.subscriber_id).in_(ids), col(ConsentEntry.id) > row.consent_last
    )
    return {*session.exec(changed), *session.exec(said)}


def _differs(person: Subscriber, mark: ImportMark) -> bool:
    """Say whether a person, who was here before, has chosen something since."""
    return bool(mark.before) and import_log.image(person) != mark.after


def _take_words_back(session: Session, row: Import, ids: Collection[int]) -> None:
    """Delete the state changes and the evidence that the import wrote about people."""
    change, entry = col(StateChange.id), col(ConsentEntry.id)
    session.execute(
        delete(StateChange).where(
            col(StateChange.subscriber_id).in_(ids),
            change.between(row.change_before + 1, row.change_last),
            col(StateChange.at) == row.at,
        )
    )
    session.execute(
        delete(ConsentEntry).where(
            col(ConsentEntry.subscriber_id).in_(ids),
            entry.between(row.consent_before + 1, row.consent_last),
            col(ConsentEntry.at) == row.at,
        )
    )


def _unblock(session: Session, person: Subscriber, mark: ImportMark) -> None:
    """Put what the suppression list said about an address back."""
    found = suppression_of(session, person.address_hash or "") if mark.blocked is not None else None
    if found is None or found.reason != SuppressionReason.IMPORT:
        return
    if mark.blocked:
        found.reason = SuppressionReason(mark.blocked["reason"])
        found.note = mark.blocked["note"]
        session.add(found)
    else:
        session.delete(found)


def _restore(person: Subscriber, mark: ImportMark) -> None:
    for name, value in mark.before.items():
        setattr(person, name, _value(name, value))


def _value(name: str, plain: Any) -> Any:
    if name in _INSTANTS:
        return plain and datetime.fromisoformat(plain)
    return State(plain) if name == "state" else plain
