"""Whose turn it is: a duty that one of several processes does, and not too often."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col

from newsletter.database import insert_into
from newsletter.feedback.models import ProviderSync


def take(session: Session, name: str, *, every: timedelta, now: datetime) -> bool:
    """Take a turn, when the last one was long enough ago; of several who ask, one gets it.

    A last turn farther ahead than the next one may be was taken by a clock that was wrong.

    Args:
        session: a writing session, to be committed before the duty is done.
        name: of the duty.
        every: time between two turns.
        now: aware.
    """
    row, synced_at = col(ProviderSync.name), col(ProviderSync.synced_at)
    due = or_(synced_at <= now - every, synced_at > now + every)
    again = update(ProviderSync).where(row == name, due).values(synced_at=now)
    if session.execute(again.returning(row)).first() is not None:
        return True
    first = insert_into(session, ProviderSync).values(name=name, synced_at=now)
    new = first.on_conflict_do_nothing(index_elements=["name"]).returning(row)
    return session.execute(new).first() is not None


def last(session: Session, name: str) -> ProviderSync | None:
    """Give the last turn of a duty; None when nobody took one yet."""
    return session.get(ProviderSync, name)


def note(session: Session, name: str, words: str, *, now: datetime) -> None:
    """Write down what a duty came to."""
    changed = {"synced_at": now, "note": words}
    row = insert_into(session, ProviderSync).values(name=name, **changed)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_=changed))
