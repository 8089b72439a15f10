"""What became of an issue: clicks by link, by whose link somebody left; who came and went, by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_A_GOODBYE = "event = 'unsubscribed'"
_ON_THE_LIST = "IN ('active', 'paused')"
_CAME_OR_WENT = f"(coalesce(from_state, '') {_ON_THE_LIST}) <> (to_state {_ON_THE_LIST})"
_SIGNS = "kind IN ('opened', 'clicked')"


def upgrade() -> None:
    op.create_table(
        "link_clicks",
        sa.Column("issue_number", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issue_number"], ["issues.number"]),
        sa.PrimaryKeyConstraint("issue_number", "link", "verdict"),
    )
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("tracks_clicks", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("issue", sa.Integer(), nullable=True))
    _index("ix_consents_goodbye", "consents", ["issue", "at"], _A_GOODBYE)
    _index("ix_state_changes_list", "state_changes", ["at", "to_state"], _CAME_OR_WENT)
    _index("ix_provider_events_signs", "provider_events", ["received_at"], _SIGNS)


def _index(name: str, table: str, columns: list[str], only: str) -> None:
    where = sa.text(only)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_provider_events_signs", "provider_events")
    op.drop_index("ix_state_changes_list", "state_changes")
    op.drop_index("ix_consents_goodbye", "consents")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_column("issue")
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_column("tracks_clicks")
    op.drop_table("link_clicks")
