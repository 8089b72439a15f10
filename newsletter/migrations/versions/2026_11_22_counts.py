"""Counts: indexes by which the books of an issue, wishes and the time of issues are read without all rows."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_APART = sa.text(
    "NOT (reason IS NULL AND feedback_reason IS NULL AND (state = 'queued' AND feedback IS NULL OR "
    "state = 'accepted' AND (feedback IS NULL OR feedback = 'delivered')))"
)
_TAILORED = sa.text("tailored")


def upgrade() -> None:
    op.create_index(
        "ix_deliveries_apart",
        "deliveries",
        ["issue_number", "state", "reason", "feedback", "feedback_reason"],
        sqlite_where=_APART,
        postgresql_where=_APART,
    )
    op.create_index("ix_issues_sending_at", "issues", ["sending_at", "number"])
    op.drop_index("ix_subscribers_tailored", "subscribers")
    _keep_topics_as("JSONB")
    _index_tailored(["state", "cadence", "topics"], sa.text("tailored = 1"))


def downgrade() -> None:
    op.drop_index("ix_subscribers_tailored", "subscribers")
    _keep_topics_as("JSON")
    _index_tailored(["state", "cadence"], _TAILORED)
    op.drop_index("ix_issues_sending_at", "issues")
    op.drop_index("ix_deliveries_apart", "deliveries")


def _keep_topics_as(kind: str) -> None:
    """PostgreSQL's JSON has no order, so that no index can hold it; SQLite has one kind only."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE subscribers ALTER topics DROP DEFAULT, "
            f"ALTER topics TYPE {kind} USING topics::{kind}, ALTER topics SET DEFAULT '[]'"
        )


def _index_tailored(columns: list[str], on_sqlite: sa.TextClause) -> None:
    """SQLite uses an index of some rows only where a statement says it in the same words."""
    op.create_index(
        "ix_subscribers_tailored",
        "subscribers",
        columns,
        sqlite_where=on_sqlite,
        postgresql_where=_TAILORED,
    )
