"""Keys: a database knows its hosts' secret keys by their fingerprints; its owner writes them down."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("instances", sa.Column("fingerprints", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("instances", "fingerprints")
