"""Composing: what editors changed in an issue, step by step, so that it can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "composing_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_number", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["issue_number"], ["issues.number"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_composing_steps_issue_number", "composing_steps", ["issue_number"])


def downgrade() -> None:
    op.drop_index("ix_composing_steps_issue_number", "composing_steps")
    op.drop_table("composing_steps")
