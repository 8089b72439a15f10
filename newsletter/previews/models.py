"""The row of what preflight found when an editor asked; one an issue, the latest."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime


class PreflightReport(SQLModel, table=True):
    """What was found in an issue, when, and in which letter.

    ``findings`` have the fields of ``rendering.checks.Finding``; ``content_hash`` is the letter's.
    """

    __tablename__ = "preflight_reports"

    issue_number: int = Field(foreign_key="issues.number", primary_key=True)
    content_hash: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    findings: list[dict[str, str]] = Field(sa_type=JSON)
