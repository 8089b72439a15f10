"""Deliveries proved: doubts and evidence, feedback of the provider, pace, lateness, whose database it is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ODD = "reason IN ('sent-twice', 'was-skipped', 'was-rejected')"
_A_YES = "event = 'confirmed'"


def upgrade() -> None:
    op.create_table(
        "instances",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "paces",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider"),
    )
    op.create_table(
        "probes",
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("attempt_id"),
    )
    with op.batch_alter_table("probes", schema=None) as batch_op:
        batch_op.create_index("ix_probes_accepted_at", ["accepted_at"], unique=False)

    op.create_table(
        "provider_syncs",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "doubts",
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("issue_number", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("absent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("job_id", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_number"],
            ["issues.number"],
        ),
        sa.PrimaryKeyConstraint("attempt_id"),
    )
    with op.batch_alter_table("doubts", schema=None) as batch_op:
        batch_op.create_index("ix_doubts_issue", ["issue_number", "batch"], unique=False)
        batch_op.create_index("ix_doubts_look", ["state", "look_at"], unique=False)

    op.create_table(
        "provider_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("issue_number", sa.Integer(), nullable=True),
        sa.Column("subscriber_id", sa.Integer(), nullable=True),
        sa.Column("address_hash", sa.String(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("folded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_number"],
            ["issues.number"],
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dedupe_key", name="uq_provider_events_dedupe_key"),
    )
    with op.batch_alter_table("provider_events", schema=None) as batch_op:
        batch_op.create_index("ix_provider_events_address", ["address_hash"], unique=False)
        batch_op.create_index("ix_provider_events_folded_at", ["folded_at"], unique=False)
        batch_op.create_index("ix_provider_events_issue", ["issue_number", "kind"], unique=False)
        batch_op.create_index("ix_provider_events_subscriber", ["subscriber_id"], unique=False)

    with op.batch_alter_table("state_changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_state_changes_yes",
            ["at"],
            unique=False,
            sqlite_where=sa.text(_A_YES),
            postgresql_where=sa.text(_A_YES),
        )

    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("accepted", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("rejected", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("feedback", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("feedback_reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("feedback_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_deliveries_grave",
            ["issue_number", "feedback"],
            unique=False,
            sqlite_where=sa.text("feedback IN ('bounced', 'complained')"),
            postgresql_where=sa.text("feedback IN ('bounced', 'complained')"),
        )
        batch_op.create_index(
            "ix_deliveries_odd",
            ["issue_number", "reason"],
            unique=False,
            sqlite_where=sa.text(_ODD),
            postgresql_where=sa.text(_ODD),
        )

    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("not_after", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decides", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_column("decides")

    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_column("not_after")
        batch_op.drop_column("not_before")

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_odd")
        batch_op.drop_index("ix_deliveries_grave")
        batch_op.drop_column("feedback_at")
        batch_op.drop_column("feedback_reason")
        batch_op.drop_column("feedback")

    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.drop_column("rejected")
        batch_op.drop_column("accepted")
        batch_op.drop_column("stage")

    with op.batch_alter_table("state_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_state_changes_yes")

    with op.batch_alter_table("provider_events", schema=None) as batch_op:
        batch_op.drop_index("ix_provider_events_subscriber")
        batch_op.drop_index("ix_provider_events_issue")
        batch_op.drop_index("ix_provider_events_folded_at")
        batch_op.drop_index("ix_provider_events_address")

    op.drop_table("provider_events")
    with op.batch_alter_table("doubts", schema=None) as batch_op:
        batch_op.drop_index("ix_doubts_look")
        batch_op.drop_index("ix_doubts_issue")

    op.drop_table("doubts")
    op.drop_table("provider_syncs")
    with op.batch_alter_table("probes", schema=None) as batch_op:
        batch_op.drop_index("ix_probes_accepted_at")

    op.drop_table("probes")
    op.drop_table("paces")
    op.drop_table("instances")
