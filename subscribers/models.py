"""The rows: a subscriber, the evidence of consent, the log of states, the suppression list."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy import Enum as EnumType
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime
from subscribers.consent import Actor, ConsentEvent
from subscribers.states import ON_THE_LIST, Event, State
from subscribers.tokens import PUBLIC_ID_BYTES

_NONE_YET = {"server_default": "[]"}

_A_YES = f"event = '{Event.CONFIRMED.value}'"
_A_GOODBYE = f"event = '{ConsentEvent.UNSUBSCRIBED.value}'"
_ON_THE_LIST = f"IN {tuple(state.value for state in ON_THE_LIST)}"

CAME_OR_WENT = f"(coalesce(from_state, '') {_ON_THE_LIST}) <> (to_state {_ON_THE_LIST})"
"""Says in SQL which steps bring somebody onto the list, or take them off it."""


class SuppressionReason(StrEnum):
    """Why an address must not get letters."""

    OPERATOR = "operator"
    IMPORT = "import"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    READER = "reader"
    ERASED = "erased"


def _words(words: type[StrEnum]) -> EnumType:
    """Store an enum by its value, as text, so that a new value needs no migration."""
    return EnumType(
        words,
        native_enum=False,
        length=32,
        values_callable=lambda kind: [word.value for word in kind],
    )


def new_public_id() -> str:
    """Choose a subscriber's name in links: 12 random characters, the first no hyphen.

    A command would take a name with a hyphen before it for an option.
    """
    while (chosen := secrets.token_urlsafe(PUBLIC_ID_BYTES)).startswith("-"):
        pass
    return chosen


class Subscriber(SQLModel, table=True):
    """One person, one row. After erasure everything personal is empty and the row remains.

    ``address_hash`` is the keyed hash under which the suppression list knows the address; it stands
    here so that one query can ask both tables. ``asked_at`` is set while a request waits for its
    yes. ``paused_until`` is None for a pause without an end. ``topics`` are groups of categories,
    none for all; ``follows`` are slugs of tools. ``tailored`` says that the letter of this person is
    worked out apart, because they have, or once had, wishes of their own; see ``wishes``.
    """

    __tablename__ = "subscribers"
    __table_args__ = (
        UniqueConstraint("public_id", name="uq_subscribers_public_id"),
        UniqueConstraint("address_key", name="uq_subscribers_address_key"),
        UniqueConstraint("address_hash", name="uq_subscribers_address_hash"),
        Index("ix_subscribers_state_id", "state", "id"),
        Index(
            "ix_subscribers_tailored",
            "state",
            "cadence",
            sqlite_where=text("tailored = 1"),  # as a statement has it, or it is not used
            postgresql_where=text("tailored"),
        ),
        Index(
            "ix_subscribers_paused_until",
            "paused_until",
            sqlite_where=text("paused_until IS NOT NULL"),
            postgresql_where=text("paused_until IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id)
    email: str | None = None
    address_key: str | None = None
    address_hash: str | None = None
    name: str = ""
    state: State = Field(sa_type=_words(State))
    timezone: str | None = None
    cadence: str = "weekly"
    topics: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs=_NONE_YET)
    follows: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs=_NONE_YET)
    tailored: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    locale: str = Field(default="", sa_column_kwargs={"server_default": ""})
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    attributes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    source: str = ""
    token_epoch: int = 0
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unsubscribed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state_changed_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def number(self) -> int:
        """Give the number of a row that is stored."""
        if self.id is None:
            raise ValueError("flush the subscriber first")
        return self.id

    def __repr__(self) -> str:
        """Name the row without the address: rows end up in logs and error pages."""
        return f"Subscriber({self.public_id}, {self.state})"

    __str__ = __repr__


class ConsentEntry(SQLModel, table=True):
    """One piece of evidence; rows are added and never changed. Fields as in ``consent.Consent``."""

    __tablename__ = "consents"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_consents_subscriber_id_subscribers"
        ),
        Index("ix_consents_subscriber_id", "subscriber_id"),
        Index(
            "ix_consents_goodbye",
            "issue",
            "at",
            sqlite_where=text(_A_GOODBYE),
            postgresql_where=text(_A_GOODBYE),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    subscriber_id: int
    event: ConsentEvent = Field(sa_type=_words(ConsentEvent))
    source: str
    at: datetime = Field(sa_type=UtcDateTime)
    actor: Actor = Field(sa_type=_words(Actor))
    wording: str = ""
    wording_version: str = ""
    privacy_version: str = ""
    locale: str = ""
    origin: str = ""
    user_agent: str = ""
    message_id: str = ""
    message_hash: str = ""
    token_hash: str = ""
    issue: int | None = None


class StateChange(SQLModel, table=True):
    """One step in a subscriber's life; rows are added and never changed."""

    __tablename__ = "state_changes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_state_changes_subscriber_id_subscribers"
        ),
        Index("ix_state_changes_subscriber_id", "subscriber_id"),
        Index(
            "ix_state_changes_yes",
            "at",
            sqlite_where=text(_A_YES),
            postgresql_where=text(_A_YES),
        ),
        Index(
            "ix_state_changes_list",
            "at",
            "to_state",
            sqlite_where=text(CAME_OR_WENT),
            postgresql_where=text(CAME_OR_WENT),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    subscriber_id: int
    from_state: State | None = Field(default=None, sa_type=_words(State))
    to_state: State = Field(sa_type=_words(State))
    event: Event = Field(sa_type=_words(Event))
    at: datetime = Field(sa_type=UtcDateTime)
    actor: Actor = Field(sa_type=_words(Actor))
    reason: str | None = None


class AddressChange(SQLModel, table=True):
    """A wish to be written to elsewhere, until both mailboxes have said yes; one for each person.

    ``round`` counts the wishes of one person and stands in the links of both letters, so that those
    of an earlier wish say nothing about a later one. The new address is empty once the wish came
    true or was withdrawn; the row goes when its links have ended.
    """

    __tablename__ = "address_changes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name="fk_address_changes_subscriber_id_subscribers",
        ),
    )

    subscriber_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    round: int
    new_email: str = ""
    new_key: str = ""
    new_hash: str = ""
    asked_at: datetime = Field(sa_type=UtcDateTime)
    from_said_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    to_said_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def __repr__(self) -> str:
        """Name the row without the address: rows end up in logs and error pages."""
        return f"AddressChange({self.subscriber_id}, round {self.round})"

    __str__ = __repr__


class Suppression(SQLModel, table=True):
    """An address that must not get letters, known by its keyed hash only."""

    __tablename__ = "suppressions"
    __table_args__ = (UniqueConstraint("address_hash", name="uq_suppressions_address_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    address_hash: str
    reason: SuppressionReason = Field(sa_type=_words(SuppressionReason))
    created_at: datetime = Field(sa_type=UtcDateTime)
    note: str = ""
