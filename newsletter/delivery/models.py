"""The rows of delivery: a batch is what is claimed, a delivery is one subscriber's copy."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, Integer
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime


class BatchState(StrEnum):
    """Where a batch stands; the truth about who may act on it."""

    QUEUED = "queued"
    """Free to be claimed, once ``not_before`` has come."""
    SENDING = "sending"
    """Claimed and durably announced; a call may be under way until the lease ends."""
    DONE = "done"
    """Every delivery of it has an outcome."""
    UNKNOWN = "unknown"
    """Its worker fell silent or its answer was lost; only evidence moves it on."""


class DeliveryState(StrEnum):
    """What became of one copy."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    HELD = "held"
    UNKNOWN = "unknown"


class Batch(SQLModel, table=True):
    """A slice of an issue's audience, claimed, sent and recorded as one.

    ``note`` says why it was last not taken, in the transport's words. ``edition`` is the one that
    all its copies are of, None for the whole issue. ``wave_at`` is when it may leave by the
    calendar of its readers, ``not_before`` when it may be tried again by the real clock.
    """

    __tablename__ = "batches"
    __table_args__ = (Index("ix_batches_state", "state", "issue_number", "number"),)

    issue_number: int = Field(foreign_key="issues.number", primary_key=True)
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    state: str = BatchState.QUEUED.value
    size: int
    attempts: int = 0
    attempt_id: str | None = None
    worker: str | None = None
    edition: int | None = None
    wave_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str | None = None
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Delivery(SQLModel, table=True):
    """One subscriber's copy of one issue. The primary key is promise 1: never two of them.

    ``attempt_id`` names the call whose answer was lost, while the state is unknown. ``edition`` is
    as in the batch; a copy that is skipped from the start has batch 0.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_batch", "issue_number", "batch"),
        Index("ix_deliveries_subscriber", "subscriber_id"),
    )

    issue_number: int = Field(foreign_key="issues.number", primary_key=True)
    subscriber_id: int = Field(
        sa_column=Column(
            Integer, ForeignKey("subscribers.id"), primary_key=True, autoincrement=False
        )
    )
    batch: int
    edition: int | None = None
    state: str = DeliveryState.QUEUED.value
    reason: str | None = None
    provider_id: str | None = None
    attempt_id: str | None = None
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
