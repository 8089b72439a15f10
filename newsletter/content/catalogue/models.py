"""The tables of the catalogue: one row for each tool, each pair of tools, each quote."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime


class ToolRow(SQLModel, table=True):
    """What is known of a tool; every comparison it takes part in shares it."""

    __tablename__ = "tools"
    __table_args__ = (
        UniqueConstraint("slug", name="uq_tools_slug"),
        CheckConstraint("panel_percent BETWEEN 0 AND 100", name="ck_tools_panel_percent"),
        CheckConstraint("community_percent BETWEEN 0 AND 100", name="ck_tools_community_percent"),
    )

    id: int | None = Field(default=None, primary_key=True)
    slug: str
    provisional: bool = False
    name: str = Field(index=True)
    category: str | None = None
    tagline: str | None = None
    panel_percent: int | None = None
    community_percent: int | None = None
    entry: str | None = None
    description: str | None = None
    reviewed_on: date | None = None
    price: str | None = None
    ships: int | None = None
    skips: int | None = None
    first_seen: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class ComparisonRow(SQLModel, table=True):
    """A pair of tools in the order of its page; the key does not depend on that order."""

    __tablename__ = "comparisons"
    __table_args__ = (
        UniqueConstraint("key", name="uq_comparisons_key"),
        CheckConstraint("tool_a_id <> tool_b_id", name="ck_comparisons_two_tools"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str
    tool_a_id: int = Field(foreign_key="tools.id", index=True)
    tool_b_id: int = Field(foreign_key="tools.id", index=True)
    published_on: date | None = None
    first_seen: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class QuoteRow(SQLModel, table=True):
    """What one reviewer said of one side."""

    __tablename__ = "quotes"
    __table_args__ = (
        UniqueConstraint("comparison_id", "side", "position", name="uq_quotes_place"),
        CheckConstraint("side IN ('a', 'b')", name="ck_quotes_side"),
    )

    id: int | None = Field(default=None, primary_key=True)
    comparison_id: int = Field(foreign_key="comparisons.id")
    side: str = Field(max_length=1)
    position: int
    text: str
    complete: bool = True


class ExtractsRow(SQLModel, table=True):
    """What can be quoted from a comparison's reviews, extracted when it came in.

    ``fingerprint`` says from which reviews and by which cues; another one makes the row stale.
    """

    __tablename__ = "extracts"

    comparison_id: int = Field(
        sa_column=Column(
            Integer, ForeignKey("comparisons.id"), primary_key=True, autoincrement=False
        )
    )
    fingerprint: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_type=UtcDateTime)
