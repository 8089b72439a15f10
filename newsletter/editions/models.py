"""The row of an edition: the match-ups that some readers get in the place of the whole issue."""

from sqlalchemy import JSON, Column, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class Edition(SQLModel, table=True):
    """One choice of match-ups under one issue, rendered once and frozen like the issue itself.

    ``number`` counts from 1 within the issue. ``items`` are row ids of comparisons in the order of
    the letter, ``kind`` is one of ``rendering.views.Kind``. Subject to hash are empty until it is
    rendered, which happens after the audience is frozen.
    """

    __tablename__ = "editions"
    __table_args__ = (
        UniqueConstraint("issue_number", "kind", "items_key", name="uq_editions_items"),
    )

    issue_number: int = Field(foreign_key="issues.number", primary_key=True)
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    kind: str
    items: list[int] = Field(sa_type=JSON)
    items_key: str
    subject: str = ""
    preheader: str = ""
    html: str = Field(default="", sa_column=Column(Text, nullable=False))
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    content: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    content_hash: str = ""
