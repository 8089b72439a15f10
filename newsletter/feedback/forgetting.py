"""What was told about one person: given out, forgotten; and bodies that nobody needs any more."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from newsletter.feedback.models import ProviderEvent
from subscribers.models import Subscriber, Suppression
from subscribers.states import State

MOST_AT_ONCE = 5_000
"""Bodies that one transaction empties: so that nobody waits long for it."""


def of_reader(session: Session, reader: Subscriber) -> list[ProviderEvent]:
    """Read everything that was told about one reader, the oldest first.

    What is about a letter to somebody else is theirs, whose mailbox it may have been.
    """
    nobodys_else = or_(
        col(ProviderEvent.subscriber_id) == reader.id, col(ProviderEvent.subscriber_id).is_(None)
    )
    found = select(ProviderEvent).where(_about(reader), nobodys_else)
    return list(session.exec(found.order_by(col(ProviderEvent.occurred_at), col(ProviderEvent.id))))


def body_for(reader: Subscriber, event: ProviderEvent) -> str:
    """Give the body of an event to its reader; one that names another mailbox is kept back."""
    return event.body if event.address_hash in (None, reader.address_hash) else ""


def forget(session: Session, reader: Subscriber) -> None:
    """Empty what names a reader, or leads to where they are named; call it before they are erased.

    What happened to a copy that is nobody's now stays, as the copy itself does.
    """
    session.execute(
        update(ProviderEvent)
        .where(_about(reader))
        .values(body="", provider_id=None, address_hash=None)
    )


def forget_erased(session: Session) -> int:
    """Empty what was told about readers after they were erased, also by their address alone.

    Returns:
        How many events there were.
    """
    return _forget_late(session) + _forget_unclaimed(session)


def _forget_late(session: Session) -> int:
    erased = select(Subscriber.id).where(Subscriber.state == State.ERASED.value)
    told = session.execute(
        update(ProviderEvent)
        .where(
            col(ProviderEvent.subscriber_id).in_(erased),
            or_(
                col(ProviderEvent.body) != "",
                col(ProviderEvent.provider_id).is_not(None),
                col(ProviderEvent.address_hash).is_not(None),
            ),
            col(ProviderEvent.folded_at).is_not(None),
        )
        .values(body="", provider_id=None, address_hash=None)
        .execution_options(synchronize_session=False)
        .returning(col(ProviderEvent.id))
    )
    return len(told.all())


def _forget_unclaimed(session: Session) -> int:
    """Empty bodies about addresses that are to get no letter, and that nobody here has.

    Their hash stays, as it does on the suppression list: should they come back, it is known.
    """
    kept_off = select(Suppression.address_hash)
    here = select(Subscriber.id).where(Subscriber.address_hash == ProviderEvent.address_hash)
    told = session.execute(
        update(ProviderEvent)
        .where(
            col(ProviderEvent.subscriber_id).is_(None),
            col(ProviderEvent.address_hash).in_(kept_off),
            ~here.exists(),
            col(ProviderEvent.body) != "",
            col(ProviderEvent.folded_at).is_not(None),
        )
        .values(body="")
        .execution_options(synchronize_session=False)
        .returning(col(ProviderEvent.id))
    )
    return len(told.all())


def empty_bodies(session: Session, before: datetime) -> int:
    """Empty bodies that came before an instant; call it in a new transaction until it gives 0."""
    old = (col(ProviderEvent.received_at) < before, col(ProviderEvent.body) != "")
    some = select(ProviderEvent.id).where(*old).limit(MOST_AT_ONCE)
    emptied = session.execute(
        update(ProviderEvent)
        .where(col(ProviderEvent.id).in_(some))
        .values(body="")
        .returning(col(ProviderEvent.id))
    )
    return len(emptied.all())


def _about(reader: Subscriber) -> ColumnElement[bool]:
    """Also what no message of ours names: it may be about their mailbox all the same."""
    address = col(ProviderEvent.address_hash) == (reader.address_hash or "")
    return or_(col(ProviderEvent.subscriber_id) == reader.id, address)
