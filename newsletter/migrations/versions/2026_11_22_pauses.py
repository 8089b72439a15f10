"""Pauses: an index of the readers who take one, so that who is away is found without reading all."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_PAUSING = sa.text("paused_until IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_subscribers_paused_until",
        "subscribers",
        ["paused_until"],
        sqlite_where=_PAUSING,
        postgresql_where=_PAUSING,
    )


def downgrade() -> None:
    op.drop_index("ix_subscribers_paused_until", "subscribers")
