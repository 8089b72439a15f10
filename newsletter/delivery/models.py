"""The rows of delivery: a batch is what is claimed, a delivery is one subscriber's copy."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index, Integer, text
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime

_NONE_YET = {"server_default": "0"}

GRAVE = "feedback IN ('bounced', 'complained')"
"""Says in SQL which few copies the circuit breakers count, again and again; an index of nothing else."""

ODD = "(reason = 'sent-twice' OR reason = 'was-skipped' OR reason = 'was-rejected')"
"""Says in SQL which copies are not what the books had them for; hardly any, and looked for often. Not by
``IN``: of more than two SQLite makes a table each time it asks whether a copy belongs into the index, which
took a quarter of the time in which a batch is written down."""

PLAIN = (
    "(reason IS NULL AND feedback_reason IS NULL AND (state = 'queued' AND feedback IS NULL OR "
    "state = 'accepted' AND (feedback IS NULL OR feedback = 'delivered')))"
)
"""Says in SQL which copies nearly all of them are: queued, or accepted and, as far as told, delivered."""

APART = f"NOT {PLAIN}"
"""Says which are the others; an index of nothing else counts them without reading the plain ones."""

IN_DOUBT = "attempt_id IS NOT NULL"
"""Says in SQL of which copies nobody knows, or has decided, what becomes; a page asks it of all issues."""


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


PUT_OFF = "deferred-"
"""Begins the reason of a copy that was refused again and again while the rest of its batch left."""


class Batch(SQLModel, table=True):
    """A slice of an issue's audience, claimed, sent and recorded as one.

    ``note`` says why it was last not taken, in the transport's words. ``edition`` is the one that
    all its copies are of, None for the whole issue. ``wave_at`` is when it may leave by the
    calendar of its readers, ``not_before`` when it may be tried again by the real clock. ``stage``
    is its place in a canary ramp, 0 without one. ``accepted`` and ``rejected`` count what its calls
    came to so far.
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
    stage: int = Field(default=0, sa_column_kwargs=_NONE_YET)
    accepted: int = Field(default=0, sa_column_kwargs=_NONE_YET)
    rejected: int = Field(default=0, sa_column_kwargs=_NONE_YET)
    wave_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str | None = None
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Delivery(SQLModel, table=True):
    """One subscriber's copy of one issue. The primary key is promise 1: never two of them.

    It has no foreign keys: on PostgreSQL their checks took 5.9 of the 8.5 seconds in which a million
    copies were made, and wrote a lock into the row of each reader. Instead rows of issues are never
    deleted, and those of readers as ``staying`` says.

    ``attempt_id`` names the call whose answer was lost, while the state is unknown, or held for want
    of evidence. ``edition`` is as in the batch; a copy that is skipped from the start has batch 0.
    ``feedback`` is the gravest thing that the provider told about the copy afterwards, such as
    "delivered" or "bounced".
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_batch", "issue_number", "batch"),
        Index("ix_deliveries_subscriber", "subscriber_id"),
        Index(
            "ix_deliveries_grave",
            "issue_number",
            "feedback",
            sqlite_where=text(GRAVE),
            postgresql_where=text(GRAVE),
        ),
        Index(
            "ix_deliveries_odd",
            "issue_number",
            "reason",
            sqlite_where=text(ODD),
            postgresql_where=text(ODD),
        ),
        Index(
            "ix_deliveries_apart",
            "issue_number",
            "state",
            "reason",
            "feedback",
            "feedback_reason",
            sqlite_where=text(APART),
            postgresql_where=text(APART),
        ),
        Index(
            "ix_deliveries_in_doubt",
            "issue_number",
            "state",
            sqlite_where=text(IN_DOUBT),
            postgresql_where=text(IN_DOUBT),
        ),
    )

    issue_number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    subscriber_id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    batch: int
    edition: int | None = None
    state: str = DeliveryState.QUEUED.value
    reason: str | None = None
    provider_id: str | None = None
    attempt_id: str | None = None
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    feedback: str | None = None
    feedback_reason: str | None = None
    feedback_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DoubtState(StrEnum):
    """Where the search for evidence about a call stands."""

    OPEN = "open"
    """It is looked for at the provider, at growing intervals."""
    SETTLED = "settled"
    """Evidence or a person's word has settled every copy of the call."""
    HELD = "held"
    """No evidence came in time; only a person's word settles the rest."""


class Doubt(SQLModel, table=True):
    """One call whose answer was lost, and what was found out about it so far.

    ``ended_at`` is when its answer was given up, by the real clock, as are all its instants.
    ``absent_at`` is the first look that saw none of what is still missing. ``job_id`` names what the
    provider took as a whole and works off by itself: the names of several with blanks between them.
    """

    __tablename__ = "doubts"
    __table_args__ = (
        Index("ix_doubts_issue", "issue_number", "batch"),
        Index("ix_doubts_look", "state", "look_at"),
    )

    attempt_id: str = Field(primary_key=True)
    issue_number: int = Field(foreign_key="issues.number")
    batch: int
    stream: str
    size: int
    state: str = DoubtState.OPEN.value
    ended_at: datetime = Field(sa_type=UtcDateTime)
    looks: int = 0
    found: int = 0
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    look_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    absent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    job_id: str | None = None
    note: str | None = None


class Probe(SQLModel, table=True):
    """One recorded call that was looked for at the provider, to learn how far its search is behind.

    ``seen_at`` is the first look that saw all of it: the lag is at most the time since
    ``accepted_at``, both by the real clock. That one is when the call began: however late its answer
    was read, nothing that came after it can be taken for accepted earlier.
    """

    __tablename__ = "probes"
    __table_args__ = (Index("ix_probes_accepted_at", "accepted_at"),)

    attempt_id: str = Field(primary_key=True)
    stream: str
    size: int
    accepted_at: datetime = Field(sa_type=UtcDateTime)
    looks: int = 0
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Pace(SQLModel, table=True):
    """From which real instant on one provider may be handed something again, by any worker.

    Each batch moves it on by the time that its messages take at the permitted rate, and so does a
    provider that asks for patience.
    """

    __tablename__ = "paces"

    provider: str = Field(primary_key=True)
    not_before: datetime = Field(sa_type=UtcDateTime)
