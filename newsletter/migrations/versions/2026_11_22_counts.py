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


def upgrade() -> None:
    op.create_index(
        "ix_deliveries_apart",
        "deliveries",
        ["issue_number", "state", "reason", "feedback", "feedback_reason"],
        sqlite_where=_APART,
        postgresql_where=_APART,
    )
    op.create_index("ix_issues_sending_at", "issues", ["sending_at", "number"])
    if _is_sqlite():
        _index_tailored("tailored = 1")
        op.create_index(
            "ix_subscribers_wishes",
            "subscribers",
            ["state", "cadence", "topics"],
            sqlite_where=sa.text("tailored = 1"),
        )


def downgrade() -> None:
    if _is_sqlite():
        op.drop_index("ix_subscribers_wishes", "subscribers")
        _index_tailored("tailored")
    op.drop_index("ix_issues_sending_at", "issues")
    op.drop_index("ix_deliveries_apart", "deliveries")


def _is_sqlite() -> bool:
    """PostgreSQL could not hold any number of topics in an index, nor compare what it keeps of them."""
    return op.get_context().dialect.name == "sqlite"


def _index_tailored(which: str) -> None:
    """SQLite uses an index of some rows only where a statement says it in the same words."""
    op.drop_index("ix_subscribers_tailored", "subscribers")
    op.create_index(
        "ix_subscribers_tailored",
        "subscribers",
        ["state", "cadence"],
        sqlite_where=sa.text(which),
    )
