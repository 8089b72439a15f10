"""Odd copies: their index says by OR which they are; by IN each written copy cost SQLite a small table."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BY_OR = sa.text("(reason = 'sent-twice' OR reason = 'was-skipped' OR reason = 'was-rejected')")
_BY_IN = sa.text("reason IN ('sent-twice', 'was-skipped', 'was-rejected')")


def upgrade() -> None:
    _index_anew(_BY_OR)


def downgrade() -> None:
    _index_anew(_BY_IN)


def _index_anew(which: sa.TextClause) -> None:
    op.drop_index("ix_deliveries_odd", "deliveries")
    op.create_index(
        "ix_deliveries_odd",
        "deliveries",
        ["issue_number", "reason"],
        sqlite_where=which,
        postgresql_where=which,
    )
