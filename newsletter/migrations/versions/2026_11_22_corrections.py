"""Corrections, and the letters about them, found without a look at every other letter."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_number", sa.Integer(), nullable=False),
        sa.Column("comparison_id", sa.Integer(), nullable=True),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("amends", sa.Integer(), nullable=True),
        sa.Column("withdraws", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issue_number"], ["issues.number"]),
        sa.ForeignKeyConstraint(["comparison_id"], ["comparisons.id"]),
        sa.ForeignKeyConstraint(["amends"], ["corrections.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("amends", name="uq_corrections_amends"),
    )
    op.create_index("ix_corrections_issue_number", "corrections", ["issue_number"])
    op.add_column("notices", sa.Column("corrects", sa.Integer(), nullable=True))
    op.create_index("ix_notices_waiting", "notices", ["kind", "state", "id"])
    op.create_index("ix_notices_corrects", "notices", ["corrects", "state"])


def downgrade() -> None:
    op.drop_index("ix_notices_corrects", "notices")
    op.drop_index("ix_notices_waiting", "notices")
    op.drop_column("notices", "corrects")
    op.drop_index("ix_corrections_issue_number", "corrections")
    op.drop_table("corrections")
