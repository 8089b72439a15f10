"""The rows: a request that waits for its answer, what was used of a budget, a proof that was spent."""

from datetime import datetime

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from schedules.clock import UtcDateTime


class SignUpRequest(SQLModel, table=True):
    """An address that somebody typed, until it is answered: seconds as a rule, a day at most.

    There is one row for an address, however often it is typed. ``network`` and ``domain`` are keyed
    hashes, by which budgets are kept; ``proven`` says that the form brought a proof of work.
    """

    __tablename__ = "sign_up_requests"
    __table_args__ = (
        UniqueConstraint("address_hash", name="uq_sign_up_requests_address_hash"),
        Index("ix_sign_up_requests_due_at", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    address_hash: str
    email: str
    name: str = ""
    timezone: str | None = None
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    source: str
    wording: str
    wording_version: str
    privacy_version: str = Field(default="", sa_column_kwargs={"server_default": ""})
    network: str
    domain: str
    proven: bool = False
    asked_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)

    def __repr__(self) -> str:
        """Name the row without the address: rows end up in logs and error pages."""
        return f"SignUpRequest({self.id})"

    __str__ = __repr__


class BudgetUse(SQLModel, table=True):
    """What was used of one budget since it last opened; processes share it through this row."""

    __tablename__ = "sign_up_budgets"
    __table_args__ = (Index("ix_sign_up_budgets_opened_at", "opened_at"),)

    scope: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    used: int


class SpentProof(SQLModel, table=True):
    """A challenge whose solution was brought; kept until it would have expired anyway."""

    __tablename__ = "sign_up_proofs"

    signature: str = Field(primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)
