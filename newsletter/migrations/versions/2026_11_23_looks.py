"""Looks: a letter is found by its name, and the index of odd copies says by OR which they are.

By IN, of more than two, SQLite made a small table for each copy that was written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BY_OR = sa.text("(reason = 'sent-twice' OR reason = 'was-skipped' OR reason = 'was-rejected')")
_BY_IN = sa.text("reason IN ('sent-twice', 'was-skipped', 'was-rejected')")


def upgrade() -> None:
    _index_odd_copies(_BY_OR)
    op.create_index("ix_notices_public_id", "notices", ["public_id"])


def downgrade() -> None:
    op.drop_index("ix_notices_public_id", "notices")
    _index_odd_copies(_BY_IN)


def _index_odd_copies(which: sa.TextClause) -> None:
    op.drop_index("ix_deliveries_odd", "deliveries")
    op.create_index(
        "ix_deliveries_odd",
        "deliveries",
        ["issue_number", "reason"],
        sqlite_where=which,
        postgresql_where=which,
    )
