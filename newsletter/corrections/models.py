"""The rows of corrections: only ever added to, each amending or taking back at most one before it."""

from datetime import date, datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime

NOT_STORED = 2**31 - 1


class Correction(SQLModel, table=True):
    """What was said that is wrong, and what is right.

    ``comparison_id`` is None for what an issue says about the whole of it; ``part`` is one of
    ``lines.Part`` and ``tool`` the name of the tool that the line is about. ``local_date`` is the day
    on which it is dated. ``amends`` is the one in whose place it stands: its words are corrected, or,
    if it ``withdraws``, they are taken back, and ``right`` says why.
    """

    __tablename__ = "corrections"
    __table_args__ = (UniqueConstraint("amends", name="uq_corrections_amends"),)

    id: int | None = Field(default=None, primary_key=True)
    issue_number: int = Field(foreign_key="issues.number", index=True)
    comparison_id: int | None = Field(default=None, foreign_key="comparisons.id")
    part: str
    tool: str = ""
    said: str = Field(sa_column=Column(Text, nullable=False))
    right: str = Field(sa_column=Column(Text, nullable=False))
    local_date: date
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str
    amends: int | None = Field(default=None, foreign_key="corrections.id")
    withdraws: bool = False

    @property
    def row_id(self) -> int:
        """The row id; of one that is not stored yet, one behind all others."""
        return NOT_STORED if self.id is None else self.id
