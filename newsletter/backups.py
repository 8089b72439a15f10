"""Whole copies of a SQLite database, made while it runs, and put back so that nothing leaves."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect

from newsletter import schema
from newsletter.database import Database
from newsletter.errors import NewsletterError
from newsletter.instance import store


class NotHere(NewsletterError):
    """That works on SQLite only; use the server's own tools, such as pg_dump and pg_restore."""

    code = "not-here"


class UnusableBackup(NewsletterError):
    """The file is no backup of this service, or is damaged."""

    code = "unusable-backup"


Progress = Callable[[int], None]
"""Told how many more bytes were copied."""

_PAGES = 500
"""So many are copied between two words of progress: about two megabytes."""


def silent(_bytes: int) -> None:
    """Show no progress."""


def size_of(database: Database) -> int:
    """Give how many bytes a copy of a database on SQLite takes.

    Raises:
        NotHere: on PostgreSQL.
    """
    file = _file(database)
    with closing(sqlite3.connect(file)) as opened:
        return _page_size(opened) * int(opened.execute("PRAGMA page_count").fetchone()[0])


def back_up(database: Database, to: Path, *, now: datetime, progress: Progress = silent) -> str:
    """Copy a running database by its own backup function; the copy sends nothing when put back.

    Args:
        database: on SQLite.
        to: the new file.
        now: the present instant.
        progress: told while it copies.

    Returns:
        What SQLite's own check says of the copy: "ok", or the damage.

    Raises:
        NotHere: on PostgreSQL, or when the file exists.
    """
    source = _file(database)
    if to.exists():
        raise NotHere(f"{to} exists already; name a new file")
    to.touch(mode=0o600)  # it holds everybody's address, like the original
    try:
        _copy(source, to, progress)
        verdict = _check(to)
        if verdict == "ok":
            _mark(to, now)
    except BaseException:
        to.unlink()
        raise
    return verdict


def restore(
    backup: Path,
    database: Database,
    *,
    replacing: bool,
    now: datetime,
    progress: Progress = silent,
) -> str:
    """Put a backup back, brought to this release's schema; nothing leaves until it is adopted.

    It is written in one transaction: whoever has the database open sees all of it or nothing.

    Args:
        backup: a file that ``back_up``, or SQLite, made.
        database: on SQLite.
        replacing: whether a database that is there may be overwritten.
        now: the present instant.
        progress: told while it copies; the file is copied twice, to be checked in between.

    Returns:
        The revision of its schema.

    Raises:
        NotHere: on PostgreSQL, or when a database is there that must not be overwritten.
        UnusableBackup: when the file is none of ours, or damaged.
        StaleSchema: when a newer release made it.
    """
    target = _file(database)
    if target.exists() and target.stat().st_size and not replacing:
        raise NotHere(
            f"{target} is there already; to overwrite it, add --replace, after: newsletter db backup"
        )
    if not backup.is_file():
        raise UnusableBackup(f"there is no file {backup}")
    with _beside(target) as fresh:
        try:
            _copy(backup, fresh, progress)
            verdict = _check(fresh)
        except sqlite3.DatabaseError:
            verdict = "it is no SQLite database"
        if verdict != "ok":
            raise UnusableBackup(f"{backup} cannot be put back: {verdict}")
        revision = _bring_up(fresh, backup)
        _mark(fresh, now)
        _copy(fresh, target, progress)
    return revision


def _file(database: Database) -> Path:
    if not database.is_sqlite:
        raise NotHere
    return Path(str(database.engine.url.database))


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".restoring-") as folder:
        yield Path(folder) / target.name


def _copy(source: Path, target: Path, progress: Progress) -> None:
    """Copy a database as it is now, in steps.

    A reading transaction is held from the first step to the last: otherwise each commit of another
    process between two of them would have it begin again, on a busy day for ever.
    """
    os.close(os.open(target, os.O_CREAT, mode=0o600))
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        size, left = _page_size(read), 0

        def tell(_status: int, remaining: int, total: int) -> None:
            nonlocal left
            progress(size * ((left or total) - remaining))
            left = remaining

        read.execute("BEGIN")
        read.execute("SELECT 1 FROM sqlite_master").fetchone()
        read.backup(written, pages=_PAGES, progress=tell)


def _page_size(opened: sqlite3.Connection) -> int:
    return int(opened.execute("PRAGMA page_size").fetchone()[0])


def _check(file: Path) -> str:
    with closing(sqlite3.connect(file)) as opened:
        return str(opened.execute("PRAGMA integrity_check").fetchone()[0])


def _bring_up(file: Path, backup: Path) -> str:
    database = Database(f"sqlite:///{file}")
    try:
        if schema.current(database) is None:
            raise UnusableBackup(f"{backup} is no backup of this service")
        schema.upgrade(database)
        return schema.HEAD
    finally:
        database.close()


def _mark(file: Path, now: datetime) -> None:
    database = Database(f"sqlite:///{file}")
    try:
        if inspect(database.engine).has_table(store.Instance.__tablename__):
            with database.writing() as session:
                store.mark_as_copy(session, now)
    finally:
        database.close()
