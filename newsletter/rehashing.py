"""Addresses are hidden anew when the key that hid them is given up, wherever somebody here has one.

What is kept about an address that nobody here has, say because it was erased, stays behind: nothing
leads from a hash to its address, and so none to another hash.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlmodel import Session, SQLModel, col

from newsletter.database import looked_up
from newsletter.editors.accounts import hidden_key
from newsletter.editors.models import Editor
from newsletter.feedback.models import ProviderEvent
from newsletter.sign_up.models import SignUpRequest
from subscribers.address import Address, address_hash
from subscribers.models import AddressChange, Subscriber, Suppression
from subscribers.queries import suppressed_among
from subscribers.suppression import block

_AT_ONCE = 1_000
"""Rows in memory, however many there are."""

Moved = Mapping[str, str]
"""Hashes as they were, each with what it is now."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Columns in which an address stands beside its hash.

    Attributes:
        table: of the rows.
        id: names a row.
        address: has the address.
        hashed: has its hash, and nothing where there is no address any more.
        read: gives of an address, as it stands there, what is hashed.
    """

    table: type[SQLModel]
    id: str
    address: str
    hashed: str
    read: Callable[[str], str] = str

    def column(self, name: str) -> ColumnElement[Any]:
        """Give a column by its name."""
        return self.table.__table__.c[name]  # type: ignore[attr-defined, no-any-return]


_AT_THE_FORM = _Place(
    SignUpRequest, "id", "email", "address_hash", lambda email: Address.parse(email).key
)
_PLACES = (
    _Place(Subscriber, "id", "address_key", "address_hash"),
    _Place(AddressChange, "subscriber_id", "new_key", "new_hash"),
    _AT_THE_FORM,
)


def hide_anew(session: Session, pepper: bytes) -> None:
    """Hide the addresses of everybody here with another key, and move what hangs on their hashes.

    Whoever was kept off the list still is, and what the provider tells, or told, is about the same
    people as before. Editors find their way in by a hash, too.

    Args:
        session: for writing; whoever hides addresses otherwise has to wait for its end.
        pepper: hides addresses from now on.
    """
    for moved in _everybody(session, pepper):
        if moved:
            _move_events(session, moved)
            _move_suppressions(session, moved)
    _move_editors(session, pepper)


def _everybody(session: Session, pepper: bytes) -> Iterator[Moved]:
    """Move readers, those who want to move, and those who wait to be answered; a lot at a time."""
    for place in _PLACES:
        for rows in _lots(session, place):
            anew = [(id_, was, address_hash(place.read(text), pepper)) for id_, text, was in rows]
            hashes = {id_: now for id_, was, now in anew if was != now}
            if place is _AT_THE_FORM:
                hashes = _once(session, hashes)
            _put(session, place, hashes)
            yield {was: now for _, was, now in anew if was != now}


def _lots(session: Session, place: _Place) -> Iterator[Sequence[Any]]:
    """Read by the ids, a lot at a time, so that the rows can be changed meanwhile."""
    id_, hashed = place.column(place.id), place.column(place.hashed)
    following = select(id_, place.column(place.address), hashed).where(hashed != "").order_by(id_)
    rows = session.execute(following.limit(_AT_ONCE)).all()
    while rows:
        yield rows
        rows = session.execute(following.where(id_ > rows[-1][0]).limit(_AT_ONCE)).all()


def _put(session: Session, place: _Place, hashes: Mapping[int, str]) -> None:
    id_, dialect = place.column(place.id), session.connection().dialect.name
    changed = update(place.table).where(id_.in_(list(hashes)))
    session.connection().execute(
        changed.values({place.hashed: looked_up(dialect, "hashes", id_).value}), {"hashes": hashes}
    )


def _once(session: Session, hashes: Mapping[int, str]) -> dict[int, str]:
    """Take out requests that wait under their new hash already: a passive host has a form, too."""
    same = col(SignUpRequest.address_hash)
    taken = set(session.scalars(select(same).where(same.in_(hashes.values()))))
    first = {hashed: id_ for id_, hashed in hashes.items() if hashed not in taken}
    again = hashes.keys() - set(first.values())
    session.execute(delete(SignUpRequest).where(col(SignUpRequest.id).in_(again)))
    return {id_: hashed for hashed, id_ in first.items()}


def _move_events(session: Session, moved: Moved) -> None:
    """Move what the provider told; what a host heard that hid addresses so before is looked at again."""
    hashed = col(ProviderEvent.address_hash)
    session.execute(update(ProviderEvent).where(hashed.in_(moved.values())).values(folded_at=None))
    known = session.execute(select(hashed).where(hashed.in_(moved)).distinct()).scalars().all()
    if known:
        session.connection().execute(
            update(ProviderEvent)
            .where(hashed == bindparam("was"))
            .values(address_hash=bindparam("anew")),
            [{"was": was, "anew": moved[was]} for was in known if was],
        )


def _move_suppressions(session: Session, moved: Moved) -> None:
    """Move who is kept off the list; of two reasons for one address the stronger stays."""
    taken = suppressed_among(session, list(moved.values()))
    found = select(Suppression).where(col(Suppression.address_hash).in_(moved))
    for kept in session.scalars(found).all():
        anew = moved[kept.address_hash]
        if anew in taken:
            block(session, [anew], kept.reason, now=kept.created_at, note=kept.note)
            session.delete(kept)
        else:
            kept.address_hash = anew
    session.flush()


def _move_editors(session: Session, pepper: bytes) -> None:
    for editor in session.execute(select(Editor)).scalars():
        editor.hidden_key = hidden_key(Address(editor.email, editor.address_key), pepper)
