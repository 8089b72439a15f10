"""What happened with one reader, from every room that knows something, newest first, a page at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import Session, col

from newsletter.delivery.models import Delivery
from newsletter.editors import acts
from newsletter.editors.models import ActRow
from newsletter.feedback.models import ProviderEvent
from newsletter.notices.rows import NoticeRow
from newsletter.votes.models import Vote
from subscribers.models import ConsentEntry, StateChange, Subscriber

_CURSOR = re.compile(r"(\d{8}T\d{6}\.\d{6})-([a-z]+)-(\d{1,18})", re.ASCII)
_INSTANT = "%Y%m%dT%H%M%S.%f"


class Kind(StrEnum):
    """Where a line comes from; of one instant they stand in the reverse order of their names."""

    ACT = "act"
    CONSENT = "consent"
    COPY = "copy"
    EVENT = "event"
    LETTER = "letter"
    STATE = "state"
    VOTE = "vote"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """The place of a line; no two lines of one reader share it."""

    at: datetime
    kind: Kind
    id: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):{_INSTANT}}-{self.kind}-{self.id}"

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """Read a key as it stands in an address; None when it is none."""
        found = _CURSOR.fullmatch(text)
        if found is None or found[2] not in set(Kind):
            return None
        try:
            at = datetime.strptime(found[1], _INSTANT).replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(at, Kind(found[2]), int(found[3]))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened.

    Attributes:
        key: when, and its place.
        facts: the columns of its row that a page tells.
    """

    key: Key
    facts: dict[str, Any]


def newest(
    session: Session, reader: Subscriber, most: int, *, before: Key | None = None
) -> list[Line]:
    """Read what happened with a reader; costs one statement for each kind, however much it is.

    Args:
        session: for reading.
        reader: whose.
        most: lines.
        before: the oldest line that was read already.
    """
    lines = [
        line
        for kind, (at, number, columns, theirs) in _sources(reader).items()
        for line in _some(session, kind, (at, number), _query(columns, theirs), (most, before))
    ]
    return sorted(lines, key=lambda line: line.key, reverse=True)[:most]


def _some(
    session: Session,
    kind: Kind,
    place: tuple[Any, Any],
    query: Select[Any],
    page: tuple[int, Key | None],
) -> Iterator[Line]:
    (at, number), (most, before) = place, page
    older = query.add_columns(at.label("_at"), number.label("_number"))
    if before is not None:
        older = older.where(_before(kind, at, number, before))
    for row in session.execute(older.order_by(at.desc(), number.desc()).limit(most)).mappings():
        facts = {name: value for name, value in row.items() if not name.startswith("_")}
        yield Line(Key(row["_at"], kind, row["_number"]), facts)


def _before(kind: Kind, at: Any, number: Any, key: Key) -> ColumnElement[bool]:
    if kind == key.kind:
        return or_(at < key.at, and_(at == key.at, number < key.id))
    found: ColumnElement[bool] = at <= key.at if kind < key.kind else at < key.at
    return found


def _query(columns: tuple[Any, ...], theirs: ColumnElement[bool]) -> Select[Any]:
    return select(*columns).where(theirs)


_Source = tuple[Any, Any, tuple[Any, ...], ColumnElement[bool]]


def _sources(reader: Subscriber) -> dict[Kind, _Source]:
    """Give for each kind its instant, its number, what is told of it, and which rows are the reader's."""
    consent, state, vote, act = ConsentEntry, StateChange, Vote, ActRow
    copy, letter, event = Delivery, NoticeRow, ProviderEvent
    events = or_(
        col(event.subscriber_id) == reader.id,
        and_(
            col(event.subscriber_id).is_(None),
            col(event.address_hash).is_not(None),
            col(event.address_hash) == reader.address_hash,
        ),
    )
    return {
        Kind.ACT: (
            col(act.at),
            col(act.id),
            (col(act.actor), col(act.act), col(act.detail)),
            col(act.subject) == acts.reader(reader.public_id),
        ),
        Kind.CONSENT: (
            col(consent.at),
            col(consent.id),
            (col(consent.event), col(consent.source), col(consent.actor), col(consent.wording)),
            col(consent.subscriber_id) == reader.id,
        ),
        Kind.COPY: (
            col(copy.settled_at),
            col(copy.issue_number),
            (col(copy.issue_number), col(copy.state), col(copy.reason), col(copy.feedback)),
            and_(col(copy.subscriber_id) == reader.id, col(copy.settled_at).is_not(None)),
        ),
        Kind.EVENT: (
            col(event.occurred_at),
            col(event.id),
            (col(event.kind), col(event.reason), col(event.issue_number)),
            events,
        ),
        Kind.LETTER: (
            col(letter.created_at),
            col(letter.id),
            (col(letter.kind), col(letter.state)),
            col(letter.recipient) == reader.public_id,
        ),
        Kind.STATE: (
            col(state.at),
            col(state.id),
            (col(state.from_state), col(state.to_state), col(state.actor), col(state.reason)),
            col(state.subscriber_id) == reader.id,
        ),
        Kind.VOTE: (
            col(vote.changed_at),
            col(vote.id),
            (col(vote.issue_number), col(vote.choice)),
            col(vote.subscriber_id) == reader.id,
        ),
    }
