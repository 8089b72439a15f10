"""The inbox: an event is one row, however often it is told; whose it is, is found in the same insert.

Only storing stands between a provider's call and our answer. What follows from an event is worked
out from the rows, as often as one likes.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, null, select
from sqlmodel import Session, col

from newsletter.database import insert_into
from newsletter.delivery.models import Delivery
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.reading import ToldEvent
from newsletter.notices.letters import CORRECTION, LetterKind
from newsletter.notices.rows import NoticeRow
from subscribers.address import Address, address_hash
from subscribers.errors import InvalidAddress
from subscribers.models import Subscriber

Source = Literal["webhook", "list", "dsn", "answer"]
"""How it came: posted to us, fetched by us from the provider's lists, in a mail that came back, or as
the answer to a call of ours."""

_AHEAD_AT_MOST = timedelta(days=1)
"""A provider's clock is not further ahead than that; such an instant would outlast everything."""


@dataclass(frozen=True, slots=True)
class Named:
    """Whose message it was, by the name that we gave it.

    Attributes:
        issue: number of the issue it was a copy of.
        public_id: of the reader it was a copy for.
        letter: name of a single letter, where it was one.
    """

    issue: int | None = None
    public_id: str = ""
    letter: str = ""


def store(
    session: Session, event: ToldEvent, *, source: Source, pepper: bytes, now: datetime
) -> bool:
    """Write an event down, if it was not told before; one statement.

    What was posted about nobody's message and is then found on a list that we fetched is looked at
    again, with what the list says of whose it is: our own question is answered by nobody but the
    provider, which does not post every field each time.

    Args:
        session: a writing session; the caller answers only after it has committed.
        event: as it was read.
        source: how it came.
        pepper: hides the address.
        now: aware.

    Returns:
        Whether there is something new to work out.
    """
    insert = insert_into(session, ProviderEvent).values(_row(event, source, pepper, now))
    if source != "list":
        told = insert.on_conflict_do_nothing(index_elements=["dedupe_key"])
    else:
        nobodys = col(ProviderEvent.subscriber_id).is_(None)
        told = insert.on_conflict_do_update(
            index_elements=["dedupe_key"],
            set_={"source": source, "folded_at": None, **_listed(insert.excluded)},
            where=nobodys & (col(ProviderEvent.source) != source),
        )
    return session.execute(told.returning(col(ProviderEvent.id))).first() is not None


def key_of(event: ToldEvent, pepper: bytes) -> str:
    """Give what the same event has whichever way it comes; no address can be guessed from it."""
    return hmac.digest(pepper, json.dumps(event.key).encode(), "sha256").hex()


def named(delivery_id: str) -> Named:
    """Read our own name of a message; see ``letterhead.delivery_id``. Foreign ones name nothing."""
    issue, dash, person = delivery_id.partition("-")
    if dash and issue.isascii() and issue.isdecimal() and len(issue) < 9:  # noqa: PLR2004 - fits an INTEGER
        try:
            return Named(int(issue), urlsafe_b64encode(bytes.fromhex(person)).decode())
        except ValueError:
            return Named()
    kind, dot, letter = delivery_id.partition(".")
    return Named(letter=letter) if dot and kind in {*LetterKind, CORRECTION} else Named()


def hash_of(address: str, pepper: bytes) -> str | None:
    """Give the keyed hash of an address as a provider writes it; None when it is none."""
    try:
        return address_hash(Address.parse(address).key, pepper)
    except InvalidAddress:
        return None


def _listed(told: Any) -> dict[str, Any]:
    """Give whose an event is, as a list tells it; where it does not, as it was posted."""
    columns = ("subscriber_id", "issue_number", "provider_id", "address_hash")
    return {name: func.coalesce(told[name], getattr(ProviderEvent, name)) for name in columns}


def _row(event: ToldEvent, source: Source, pepper: bytes, now: datetime) -> dict[str, Any]:
    whose = named(event.delivery_id)
    at = event.at if event.at is not None and event.at <= now + _AHEAD_AT_MOST else now
    return {
        "dedupe_key": key_of(event, pepper),
        "kind": event.kind.value,
        "reason": event.reason and event.reason.value,
        "source": source,
        "stream": event.stream,
        "provider_id": event.provider_id,
        "issue_number": _issue(whose),
        "subscriber_id": _subscriber(whose),
        "address_hash": hash_of(event.address, pepper),
        "occurred_at": at,
        "received_at": now,
        "body": event.body,
        **(_proven(event, whose) if event.reader else {}),
    }


def _proven(event: ToldEvent, whose: Named) -> dict[str, Any]:
    """Give what is known of an event whose reader is proven, whatever else it says.

    A copy that we know by a name of the provider's keeps it: a strange one would be a second letter.
    """
    known = _copy(whose, Delivery.provider_id)
    return {
        "subscriber_id": _of_reader(event.reader, Subscriber.id),
        "address_hash": _of_reader(event.reader, Subscriber.address_hash),
        "provider_id": func.coalesce(known, event.provider_id),
    }


def _of_reader(public_id: str, column: Any) -> ColumnElement[Any]:
    return select(column).where(col(Subscriber.public_id) == public_id).scalar_subquery()


def _subscriber(whose: Named) -> ColumnElement[Any]:
    if whose.public_id:
        return _copy(whose, Delivery.subscriber_id)
    if whose.letter:
        return (
            select(col(Subscriber.id))
            .join(NoticeRow, col(NoticeRow.recipient) == col(Subscriber.public_id))
            .where(col(NoticeRow.public_id) == whose.letter)
            .scalar_subquery()
        )
    return null()


def _issue(whose: Named) -> ColumnElement[Any]:
    return _copy(whose, Delivery.issue_number) if whose.public_id else null()


def _copy(whose: Named, column: Any) -> ColumnElement[Any]:
    """Find the copy of that name, if there is one: a name that anybody made up finds none."""
    return (
        select(column)
        .join(Subscriber, col(Subscriber.id) == col(Delivery.subscriber_id))
        .where(
            col(Delivery.issue_number) == whose.issue, col(Subscriber.public_id) == whose.public_id
        )
        .scalar_subquery()
    )
