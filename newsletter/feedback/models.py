"""The rows of feedback: every event as it came, and when each list was last compared."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime

SIGNS = "kind IN ('opened', 'clicked')"
"""Says in SQL which events tell what somebody did with a letter; they stay minutes, see ``counting``."""


class ProviderEvent(SQLModel, table=True):
    """One thing that the provider told, once, whichever way and however often it told it.

    ``dedupe_key`` is made of what the event itself says. ``kind`` is one of ``meanings.Kind``.
    ``body`` is the JSON as it came, see ``bodies``; it is emptied when the reader is erased, and after
    a while, and is never part of a log.
    ``address_hash`` is the keyed hash under which the suppression list would know the address.
    """

    __tablename__ = "provider_events"
    __table_args__ = (
        UniqueConstraint("dedupe_key", name="uq_provider_events_dedupe_key"),
        Index("ix_provider_events_subscriber", "subscriber_id"),
        Index("ix_provider_events_address", "address_hash"),
        Index("ix_provider_events_issue", "issue_number", "kind"),
        Index("ix_provider_events_folded_at", "folded_at"),
        Index(
            "ix_provider_events_signs",
            "received_at",
            sqlite_where=text(SIGNS),
            postgresql_where=text(SIGNS),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    dedupe_key: str
    kind: str
    reason: str | None = None
    source: str
    stream: str | None = None
    provider_id: str | None = None
    issue_number: int | None = Field(default=None, foreign_key="issues.number")
    subscriber_id: int | None = Field(
        default=None, foreign_key="subscribers.id", ondelete="SET NULL"
    )
    address_hash: str | None = None
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    folded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    body: str = Field(default="", repr=False, sa_column=Column(Text, nullable=False))


class ProviderSync(SQLModel, table=True):
    """When a list of the provider, such as the suppressions of a stream, was last compared whole."""

    __tablename__ = "provider_syncs"

    name: str = Field(primary_key=True)
    synced_at: datetime = Field(sa_type=UtcDateTime)
    note: str | None = None
