"""Told: letters about corrections know the row of their reader, and are counted against copies by it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ABOUT_A_CORRECTION = sa.text("corrects IS NOT NULL")


def upgrade() -> None:
    op.add_column("notices", sa.Column("subscriber_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE notices SET subscriber_id ="
        " (SELECT id FROM subscribers WHERE subscribers.public_id = notices.recipient)"
        " WHERE corrects IS NOT NULL"
    )
    op.create_index(
        "ix_notices_told",
        "notices",
        ["corrects", "subscriber_id"],
        sqlite_where=_ABOUT_A_CORRECTION,
        postgresql_where=_ABOUT_A_CORRECTION,
    )


def downgrade() -> None:
    op.drop_index("ix_notices_told", "notices")
    op.drop_column("notices", "subscriber_id")
