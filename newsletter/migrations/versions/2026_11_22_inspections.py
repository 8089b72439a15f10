"""What preflight found when it last looked, kept for pages; indexes for what the week's page counts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issue_inspections",
        sa.Column("issue_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["issue_number"], ["issues.number"]),
        sa.PrimaryKeyConstraint("issue_number"),
    )
    in_doubt = sa.text("attempt_id IS NOT NULL")
    op.create_index(
        "ix_deliveries_in_doubt",
        "deliveries",
        ["issue_number", "state"],
        sqlite_where=in_doubt,
        postgresql_where=in_doubt,
    )
    tailored = sa.text("tailored")
    op.create_index(
        "ix_subscribers_tailored",
        "subscribers",
        ["state", "cadence"],
        sqlite_where=tailored,
        postgresql_where=tailored,
    )


def downgrade() -> None:
    op.drop_index("ix_subscribers_tailored", "subscribers")
    op.drop_index("ix_deliveries_in_doubt", "deliveries")
    op.drop_table("issue_inspections")
