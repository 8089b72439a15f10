"""The ledger's row: one for each slot that was run or missed."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime


class RunState(StrEnum):
    """Where the run of a slot stands."""

    RUNNING = "running"
    """A worker has it; after the lease another may take it over."""
    DONE = "done"
    """The job came to its end."""
    MISSED = "missed"
    """Too late to run, and somebody was told."""
    REOPENED = "reopened"
    """Somebody's word came after it had ended: it is run again, until its limit."""
    FAILED = "failed"
    """The job raised; it may be tried again until the slot's limit."""


class ScheduleRun(SQLModel, table=True):
    """The run of one slot. The unique key decides who has it: a second row cannot be."""

    __tablename__ = "schedule_runs"
    __table_args__ = (UniqueConstraint("schedule", "local_date", name="uq_schedule_runs_slot"),)

    id: int | None = Field(default=None, primary_key=True)
    schedule: str
    local_date: date
    due_at: datetime = Field(sa_type=UtcDateTime)
    state: str = RunState.RUNNING.value
    claimed_by: str
    claimed_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str | None = None
