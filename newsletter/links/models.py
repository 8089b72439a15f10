"""The rows of tried links: what each address answered, and when."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime


class LinkCheck(SQLModel, table=True):
    """The last answer of one address; ``status`` is None when there was none in time."""

    __tablename__ = "link_checks"

    url: str = Field(sa_column=Column(Text, primary_key=True))
    status: int | None = None
    detail: str = ""
    checked_at: datetime = Field(sa_type=UtcDateTime)
