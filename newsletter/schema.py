"""The schema: brought up by migrations, and never guessed at when it is not the present one."""

from sqlalchemy import Connection, inspect, text

from newsletter.database import Database
from newsletter.errors import NewsletterError

HEAD = "0018"
"""The revision this release needs. Said here, and held to the migrations by a test, so that a process
whose database is right reads none of them, and has no Alembic in its memory (10 MB)."""

_LOCK = 7_204_196_155  # any number that is ours: one migration at a time on PostgreSQL


class StaleSchema(NewsletterError):
    """The database has the schema of another release; run: newsletter db upgrade."""

    code = "stale-schema"


def require_current(database: Database) -> None:
    """Let a current database pass, bring an empty one up, refuse any other.

    Raises:
        StaleSchema: when it was made by an older or newer release.
    """
    if current(database) == HEAD:
        return
    with database.writer.begin() as connection:
        _take_turns(connection)  # another process may be bringing it up at this moment
        found = _revision(connection)
        if found is None and not inspect(connection).get_table_names():
            _bring_up(connection, HEAD)
        elif found != HEAD:
            raise _stale(found)


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Bring the schema up to a revision; two processes at once take turns.

    Raises:
        StaleSchema: when the revision, or that of the database, is none of this release.
    """
    with database.writer.begin() as connection:
        _take_turns(connection)
        _bring_up(connection, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema down to a revision, "base" for nothing."""
    from newsletter import migrating  # noqa: PLC0415  # see HEAD

    with database.writer.begin() as connection:
        _take_turns(connection)
        migrating.downgrade(connection, revision)


def current(database: Database) -> str | None:
    """Give the revision of the database, None before the first."""
    with database.engine.connect() as connection:
        return _revision(connection)


def _bring_up(connection: Connection, revision: str) -> None:
    from newsletter import migrating  # noqa: PLC0415  # see HEAD

    try:
        migrating.upgrade(connection, revision)
    except migrating.UnknownRevision:
        raise _stale(_revision(connection)) from None


def _stale(found: str | None) -> StaleSchema:
    from newsletter import migrating  # noqa: PLC0415  # see HEAD

    if found is None or migrating.is_known(found):
        cure = "back it up, then run: newsletter db upgrade"
    else:
        cure = "another release made it; install that one, or restore a backup of this one"
    return StaleSchema(
        f"the database is at revision {found or 'none'}, this release needs {HEAD}; {cure}"
    )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version"))
    return found.scalar_one_or_none()


def _take_turns(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
