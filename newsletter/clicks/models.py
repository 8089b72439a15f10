"""The rows of clicks: how many readers' copies, for each link of an issue and each verdict."""

from sqlmodel import Field, SQLModel


class LinkClicks(SQLModel, table=True):
    """How many copies of an issue a link was followed in, by one verdict; it names nobody."""

    __tablename__ = "link_clicks"

    issue_number: int = Field(foreign_key="issues.number", primary_key=True)
    link: str = Field(primary_key=True)
    verdict: str = Field(primary_key=True)
    copies: int
