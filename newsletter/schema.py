"""The schema: brought up by Alembic, and never guessed at when it is not the present one."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
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
    if current(database) == head():
        return
    with database.writer.begin() as connection:
        _take_turns(connection)  # another process may be bringing it up at this moment
        found = _revision(connection)
        if found is None and not inspect(connection).get_table_names():
            command.upgrade(_config(connection), "head")
        elif found != head():
            raise _stale(found)


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision; two processes at once take turns.

    Raises:
        StaleSchema: when the revision, or that of the database, is none of this release.
    """
    with database.writer.begin() as connection:
        _take_turns(connection)
        try:
            command.upgrade(_config(connection), revision)
        except CommandError:
            raise _stale(_revision(connection)) from None


def downgrade(database: Database, revision: str) -> None:
    """Take the schema down to a revision, "base" for nothing."""
    with database.writer.begin() as connection:
        _take_turns(connection)
        command.downgrade(_config(connection), revision)


def current(database: Database) -> str | None:
    """Give the revision of the database, None before the first."""
    with database.engine.connect() as connection:
        return _revision(connection)


@cache
def head() -> str:
    """Give the revision this release needs; its files are read once."""
    newest = _scripts().get_current_head()
    assert newest is not None  # the package ships at least one migration
    return newest


def _stale(found: str | None) -> StaleSchema:
    known = {script.revision for script in _scripts().walk_revisions()}
    if found is None or found in known:
        cure = "back it up, then run: newsletter db upgrade"
    else:
        cure = "another release made it; install that one, or restore a backup of this one"
    return StaleSchema(
        f"the database is at revision {found or 'none'}, this release needs {head()}; {cure}"
    )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_MIGRATIONS))


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
