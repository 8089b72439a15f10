"""Copies: no foreign keys any more, whose checks were more than half of freezing an audience."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_NAMES = {"fk": "%(table_name)s_%(column_0_name)s_fkey"}
"""SQLite has them without names; these are PostgreSQL's own."""

_ISSUE, _SUBSCRIBER = "deliveries_issue_number_fkey", "deliveries_subscriber_id_fkey"


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        with op.batch_alter_table("deliveries", naming_convention=_NAMES) as batch_op:
            batch_op.drop_constraint(_ISSUE, type_="foreignkey")
            batch_op.drop_constraint(_SUBSCRIBER, type_="foreignkey")
        return
    # Where the table was partitioned, they have other names.
    keys = sa.inspect(op.get_bind()).get_foreign_keys("deliveries")
    for name in filter(None, (key["name"] for key in keys)):
        op.drop_constraint(name, "deliveries", type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("deliveries") as batch_op:
        batch_op.create_foreign_key(_ISSUE, "issues", ["issue_number"], ["number"])
        batch_op.create_foreign_key(_SUBSCRIBER, "subscribers", ["subscriber_id"], ["id"])
