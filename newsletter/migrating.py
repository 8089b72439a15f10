"""Alembic, which brings a schema up and down; imported only for that, as a sender has no room for it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

_MIGRATIONS = Path(__file__).parent / "migrations"


class UnknownRevision(Exception):
    """A revision is none of this release."""


def upgrade(connection: Connection, revision: str) -> None:
    """Bring the schema up to a revision.

    Raises:
        UnknownRevision: when it, or that of the database, is none of this release.
    """
    try:
        command.upgrade(_config(connection), revision)
    except CommandError:
        raise UnknownRevision from None


def downgrade(connection: Connection, revision: str) -> None:
    """Take the schema down to a revision, "base" for nothing."""
    command.downgrade(_config(connection), revision)


def is_known(revision: str) -> bool:
    """Say whether a revision is one of this release."""
    scripts = ScriptDirectory(str(_MIGRATIONS))
    return revision in {script.revision for script in scripts.walk_revisions()}


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
