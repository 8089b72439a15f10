"""Imports that can be undone, and what editors look up: who was written to, what was done to whom."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("change_before", sa.Integer(), nullable=False),
        sa.Column("change_last", sa.Integer(), nullable=False),
        sa.Column("consent_before", sa.Integer(), nullable=False),
        sa.Column("consent_last", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ref", name="uq_imports_ref"),
    )
    op.create_table(
        "import_marks",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("blocked", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name="fk_import_marks_import_id_imports"
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name="fk_import_marks_subscriber_id_subscribers",
        ),
        sa.PrimaryKeyConstraint("import_id", "subscriber_id"),
    )
    op.create_index("ix_import_marks_subscriber_id", "import_marks", ["subscriber_id"])
    op.create_index("ix_notices_recipient", "notices", ["recipient"])
    op.create_index("ix_editor_acts_subject", "editor_acts", ["subject", "id"])


def downgrade() -> None:
    op.drop_index("ix_editor_acts_subject", "editor_acts")
    op.drop_index("ix_notices_recipient", "notices")
    op.drop_table("import_marks")
    op.drop_table("imports")
