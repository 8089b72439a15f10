"""Taking data out: the whole list as CSV, or one person's whole file as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TextIO

from sqlalchemy import Row, select
from sqlmodel import Session, SQLModel, col

from subscribers.csv_cells import write_names, write_table
from subscribers.models import Subscriber
from subscribers.queries import address_change_of, changes_of, consents_of, suppression_of
from subscribers.states import State

COLUMNS: Mapping[str, Any] = {
    "uuid": Subscriber.public_id,
    "email": Subscriber.email,
    "name": Subscriber.name,
    "status": Subscriber.state,
    "tags": Subscriber.tags,
    "created_at": Subscriber.created_at,
    "confirmed_at": Subscriber.confirmed_at,
    "unsubscribed_at": Subscriber.unsubscribed_at,
    "timezone": Subscriber.timezone,
    "locale": Subscriber.locale,
    "cadence": Subscriber.cadence,
    "topics": Subscriber.topics,
    "follows": Subscriber.follows,
    "source": Subscriber.source,
    "attributes": Subscriber.attributes,
}
"""The header, in order, and what stands under it."""

_AT_ONCE = 1000
_NEVER_OUT = {
    "id", "subscriber_id", "address_key", "address_hash", "new_key", "new_hash", "round",
    "token_epoch", "token_hash",
}  # fmt: skip


def write_csv(
    session: Session, file: TextIO, *, progress: Callable[[int], object] = lambda _count: None
) -> int:
    """Write everybody on the list who has not been erased, holding a thousand rows at a time.

    Importing the file again changes nothing; imported elsewhere it gives the same list, with the
    same links.

    Args:
        session: a reading session.
        file: opened with ``newline=""`` and UTF-8.
        progress: told of each person that was written.

    Returns:
        How many people it holds.
    """
    rows = ([_cell(value) for value in row] for row in _everybody(session))
    return write_table(file, COLUMNS, rows, progress=progress)


def person(session: Session, subscriber: Subscriber) -> dict[str, Any]:
    """Give all that is held on one person, ready for JSON: profile, evidence, states, wishes.

    Hashes of addresses and whatever signs links stay in.
    """
    moving = address_change_of(session, subscriber)
    suppression = suppression_of(session, subscriber.address_hash or "")
    return {
        "subscriber": _plain(subscriber),
        "consents": [_plain(entry) for entry in consents_of(session, subscriber)],
        "state_changes": [_plain(change) for change in changes_of(session, subscriber)],
        "address_change": _plain(moving) if moving and moving.new_email else None,
        "suppression": suppression and _plain(suppression),
    }


def _everybody(session: Session) -> Iterator[Row[Any]]:
    statement = (
        select(*COLUMNS.values())
        .where(col(Subscriber.state) != State.ERASED)
        .order_by(col(Subscriber.id))
        .execution_options(yield_per=_AT_ONCE)
    )
    yield from session.execute(statement)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat()
        case list():
            return write_names(value)
        case Mapping():
            return json.dumps(value, ensure_ascii=False) if value else ""
        case _:
            return str(value)


def _plain(row: SQLModel) -> dict[str, Any]:
    values = row.model_dump(mode="json", exclude=_NEVER_OUT)
    names = type(row).__table__.columns.keys()  # type: ignore[attr-defined]
    return {name: values[name] for name in names if name in values}
