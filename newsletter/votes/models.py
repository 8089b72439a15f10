"""The rows of votes: one for each reader, issue and match-up, changed and never added twice."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime


class Vote(SQLModel, table=True):
    """What one reader would ship of one match-up; erasing the reader leaves a vote of nobody's."""

    __tablename__ = "votes"
    __table_args__ = (
        UniqueConstraint(
            "issue_number", "comparison_id", "subscriber_id", name="uq_votes_one_each"
        ),
        CheckConstraint("choice IN ('a', 'b', 'neither')", name="ck_votes_choice"),
        Index("ix_votes_comparison_id", "comparison_id"),
        Index("ix_votes_subscriber_id", "subscriber_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    issue_number: int = Field(foreign_key="issues.number")
    comparison_id: int = Field(foreign_key="comparisons.id")
    subscriber_id: int | None = Field(default=None, foreign_key="subscribers.id")
    choice: str
    cast_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
