"""Procrastinate's own tables and functions: put into the database, and kept up with its releases.

They are none of ours, so no migration of ours knows them. Which release they are of stands in the
comment on its table of jobs, because Procrastinate itself does not write it down.
"""

import re
from importlib.metadata import version
from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from newsletter.database import Database
from newsletter.errors import NewsletterError

_LOCK = 7_204_196_157  # any number that is ours: one installation at a time
_MARK = re.compile(r"procrastinate (\d+)\.(\d+)\.(\d+)")
_FILE = re.compile(r"(\d+)\.(\d+)\.(\d+)_\d+_.*\.sql")

Release = tuple[int, ...]


class NoJobTables(NewsletterError):
    """The tables of the workers' jobs are missing, or of another release; run: newsletter db upgrade."""

    code = "no-job-tables"


def require(database: Database) -> None:
    """Refuse a database whose job tables are not those of the release that is installed.

    Raises:
        NoJobTables: says which command to run.
    """
    with database.engine.connect() as connection:
        if _found(connection) != _installed():
            raise NoJobTables


def install(database: Database) -> None:
    """Make Procrastinate's tables, or bring them up to the release that is installed."""
    with database.writer.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found, wanted = _found(connection), _installed()
        if found is None:
            _run(connection, SchemaManager.get_schema())
        else:
            for file in steps(Path(SchemaManager.get_migrations_path()), found):
                _run(connection, file.read_text(encoding="utf-8"))
        mark = "procrastinate " + ".".join(map(str, wanted))
        connection.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS '{mark}'")


def steps(folder: Path, found: Release) -> list[Path]:
    """Give the migrations of a folder that are younger than a release, in their order. Pure."""
    files = {file: _FILE.fullmatch(file.name) for file in folder.iterdir()}
    return sorted(file for file, named in files.items() if named and _release(named) > found)


def _found(connection: Connection) -> Release | None:
    """Give the release of the tables that are there; None without any.

    Raises:
        NoJobTables: when they are somebody else's.
    """
    there = connection.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar_one()
    if there is None:
        return None
    comment = text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')")
    marked = _MARK.fullmatch(connection.execute(comment).scalar_one() or "")
    if marked is None:
        raise NoJobTables(
            "another program's Procrastinate uses this database; give the newsletter one of its own"
        )
    return _release(marked)


def _installed() -> Release:
    return tuple(int(part) for part in version("procrastinate").split(".")[:3])


def _release(named: re.Match[str]) -> Release:
    return tuple(int(part) for part in named.groups())


def _run(connection: Connection, statements: str) -> None:
    """Run a script as it is: many statements, and percent signs that are no parameters."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(statements.encode())
