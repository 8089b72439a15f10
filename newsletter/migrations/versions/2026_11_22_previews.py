"""Previews: what was approved, what preflight found, and the mailboxes that get test copies."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approved_letters",
        sa.Column("issue_number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("preheader", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["issue_number"], ["issues.number"]),
        sa.PrimaryKeyConstraint("issue_number", "content_hash"),
    )
    op.create_table(
        "preflight_reports",
        sa.Column("issue_number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["issue_number"], ["issues.number"]),
        sa.PrimaryKeyConstraint("issue_number"),
    )
    op.create_table(
        "test_mailboxes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("address_key", name="uq_test_mailboxes_address_key"),
    )


def downgrade() -> None:
    op.drop_table("test_mailboxes")
    op.drop_table("preflight_reports")
    op.drop_table("approved_letters")
