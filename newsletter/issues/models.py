"""The rows of issues: the numbered edition, its items (the ledger), its history, editors' marks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Text, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from newsletter.issues.states import IssueState
from schedules.clock import UtcDateTime


class Issue(SQLModel, table=True):
    """One numbered issue. Its frozen parts change only while it is a draft.

    ``joins_until`` is when its last wave leaves: whoever may receive it and is not in its audience
    by then is taken in. None when it goes to everybody at once. Nothing of it leaves before
    ``not_before``, nor after ``not_after``. ``tracks_clicks`` says that clicks on its match-ups are
    counted, as it was set when it began to leave.
    """

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("schedule", "local_date", name="uq_issues_slot"),
        Index("ix_issues_sending_at", "sending_at", "number"),
    )

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    schedule: str
    local_date: date
    state: str = Field(default=IssueState.DRAFT.value, index=True)
    note: str | None = None
    nonce: str
    subject: str = ""
    preheader: str = ""
    html: str = Field(default="", sa_column=Column(Text, nullable=False))
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    content: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    passed_over: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    content_hash: str = ""
    approved_hash: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sending_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    audience: int | None = None
    joins_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tracks_clicks: bool = Field(default=False, sa_column_kwargs={"server_default": false()})

    @property
    def has_begun(self) -> bool:
        """Say whether it has begun to leave; what has is not built again, and is in the archive."""
        return self.sending_at is not None


class IssueItem(SQLModel, table=True):
    """One comparison in one issue: with ``Issue.sending_at`` set, the ledger of what was mailed."""

    __tablename__ = "issue_items"
    __table_args__ = (
        UniqueConstraint("issue_number", "comparison_id", name="uq_issue_items_comparison"),
        Index("ix_issue_items_comparison_id", "comparison_id"),
    )

    issue_number: int = Field(foreign_key="issues.number", primary_key=True)
    position: int = Field(primary_key=True)
    comparison_id: int = Field(foreign_key="comparisons.id")
    reason: str
    because: str


class IssueChange(SQLModel, table=True):
    """One arrow of an issue's life, or a remark that moved nothing, as it happened; only added to."""

    __tablename__ = "issue_changes"

    id: int | None = Field(default=None, primary_key=True)
    issue_number: int = Field(foreign_key="issues.number", index=True)
    event: str
    from_state: str
    to_state: str
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    reason: str | None = None


class IssueInspection(SQLModel, table=True):
    """What preflight found when it last looked at an issue, and at which bytes; pages show it.

    ``findings`` is a JSON list of [code, level, message, where].
    """

    __tablename__ = "issue_inspections"

    issue_number: int = Field(
        sa_column=Column(
            Integer, ForeignKey("issues.number"), primary_key=True, autoincrement=False
        )
    )
    content_hash: str
    at: datetime = Field(sa_type=UtcDateTime)
    findings: str = Field(sa_column=Column(Text, nullable=False))


class ApprovedLetter(SQLModel, table=True):
    """What of an issue was approved once, so that a later version can be compared with it.

    ``text`` is the text part without the marks of this issue; see ``rendering.rendered.without_marks``.
    """

    __tablename__ = "approved_letters"

    issue_number: int = Field(foreign_key="issues.number", primary_key=True)
    content_hash: str = Field(primary_key=True)
    approved_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str
    subject: str
    preheader: str
    text: str = Field(sa_column=Column(Text, nullable=False))


class EditorMark(SQLModel, table=True):
    """A pin or a ban; it outlives every rebuild until the comparison is mailed or unmarked."""

    __tablename__ = "editor_marks"

    comparison_id: int = Field(
        sa_column=Column(
            Integer, ForeignKey("comparisons.id"), primary_key=True, autoincrement=False
        )
    )
    kind: str
    position: int | None = None
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str


class IssueWording(SQLModel, table=True):
    """An editor's own words for a part of one issue, such as its subject."""

    __tablename__ = "issue_wordings"

    issue_number: int = Field(foreign_key="issues.number", primary_key=True)
    part: str = Field(primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str


class ComparisonWording(SQLModel, table=True):
    """An editor's own words for a part of one comparison's card; like a mark it outlives rebuilds."""

    __tablename__ = "comparison_wordings"

    comparison_id: int = Field(foreign_key="comparisons.id", primary_key=True)
    part: str = Field(primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    own_words: bool = False
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str


class ComposingStep(SQLModel, table=True):
    """One change that an editor made to what is in an issue, and how to take it back.

    ``before`` and ``after`` hold what editors had said, and said with it, as ``issues.said`` gives
    it; only what the step changed is in them, and None stands for nothing said.
    """

    __tablename__ = "composing_steps"

    id: int | None = Field(default=None, primary_key=True)
    issue_number: int = Field(foreign_key="issues.number", index=True)
    what: str = Field(sa_column=Column(Text, nullable=False))
    effect: str = Field(sa_column=Column(Text, nullable=False))
    before: dict[str, Any] = Field(sa_type=JSON)
    after: dict[str, Any] = Field(sa_type=JSON)
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by: str | None = None
