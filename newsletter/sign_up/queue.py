"""The requests that wait for their answer; who is on the list is not asked here, so nobody can tell."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select

from newsletter.database import insert_into
from newsletter.sign_up.models import SignUpRequest


def put(session: Session, request: SignUpRequest) -> None:
    """Keep a request; an address that waits already waits on, unless this one brings a proof."""
    new = insert_into(session, SignUpRequest).values(request.model_dump(exclude={"id"}))
    changed: Mapping[str, Any] = {
        name: new.excluded[name] for name in SignUpRequest.model_fields if name != "id"
    }
    session.execute(
        new.on_conflict_do_update(
            index_elements=["address_hash"],
            set_=changed,
            where=new.excluded.proven & ~col(SignUpRequest.proven),
        )
    )


def next_due(session: Session, now: datetime) -> SignUpRequest | None:
    """Take the next request in hand; on PostgreSQL no other process gets it meanwhile.

    The newest come first, behind those with a proof: when an attack has filled the queue, whoever
    asks after it is served at once, and what it left behind is what grows too old.
    """
    return session.exec(
        select(SignUpRequest)
        .where(SignUpRequest.due_at <= now)
        .order_by(col(SignUpRequest.proven).desc(), col(SignUpRequest.id).desc())
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def postpone(session: Session, which: ColumnElement[bool], until: datetime) -> None:
    """Let all requests of a kind wait, in one statement however many they are."""
    waiting = select(SignUpRequest.id).where(which, col(SignUpRequest.due_at) < until)
    free = waiting.with_for_update(skip_locked=True)  # two processes may postpone at once
    session.execute(
        update(SignUpRequest).where(col(SignUpRequest.id).in_(free)).values(due_at=until)
    )


def remove(session: Session, request: SignUpRequest) -> None:
    """Take an answered request out."""
    session.delete(request)


def count(session: Session) -> int:
    """Count those who wait."""
    return session.exec(select(func.count()).select_from(SignUpRequest)).one()


def forget_old(session: Session, asked_before: datetime) -> None:
    """Delete the requests that found no room for too long."""
    session.execute(delete(SignUpRequest).where(col(SignUpRequest.asked_at) < asked_before))


def of_address(session: Session, address_hash: str) -> SignUpRequest | None:
    """Find the request that waits for an address."""
    return session.exec(
        select(SignUpRequest).where(SignUpRequest.address_hash == address_hash)
    ).first()


def forget(session: Session, address_hash: str) -> None:
    """Delete what waits for an address."""
    session.execute(delete(SignUpRequest).where(col(SignUpRequest.address_hash) == address_hash))
