"""The schema: brought up by Alembic, and never guessed at when it is not the present one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from newsletter.database import Database
from newsletter.errors import NewsletterError

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_204_196_155  # any number that is ours: one migration at a time on PostgreSQL


class StaleSchema(NewsletterError):
    """The database has the schema of another release; run: newsletter db upgrade."""

    code = "stale-schema"


def require_current(database: Database) -> None:
    """Let a current database pass, bring an empty one up, refuse any other.

    Raises:
        StaleSchema: when it was made by an older or newer release.
    """
    with database.engine.connect() as connection:
        found = _revision(connection)
        empty = found is None and not inspect(connection).get_table_names()
    if empty:
        upgrade(database)
    elif found != head():
        raise StaleSchema(
            f"the database is at revision {found or 'none'}, this release needs {head()}; "
            "back it up, then run: newsletter db upgrade"
        )


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision; two processes at once take turns."""
    with database.writer.begin() as connection:
        _take_turns(connection)
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema down to a revision, "base" for nothing."""
    with database.writer.begin() as connection:
        _take_turns(connection)
        command.downgrade(_config(connection), revision)


def current(database: Database) -> str | None:
    """Give the revision of the database, None before the first."""
    with database.engine.connect() as connection:
        return _revision(connection)


def head() -> str:
    """Give the revision this release needs."""
    newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    assert newest is not None  # the package ships at least one migration
    return newest


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _take_turns(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
