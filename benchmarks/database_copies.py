"""Databases to measure on: an original that is filled once, and a fresh copy of it for each run."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psutil
from sqlalchemy import Engine, create_engine, make_url

from tests.postgres import running_postgres


class Copies(Protocol):
    """A database that can be copied.

    Attributes:
        kind: of database, as printed.
        original: its URL.
    """

    kind: str
    original: str

    def copy(self) -> str:
        """Make a fresh copy, which ends the one before, and give its URL."""
        ...

    def cpu(self) -> float:
        """Give the CPU seconds that other processes spent for the database until now."""
        ...

    def log_bytes(self) -> int:
        """Give the bytes of the original's write-ahead log: written so far, or the file's most."""
        ...


class FileCopies:
    """A SQLite file, whose work is this process's own."""

    kind = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._original, self._copied = folder / "original.sqlite3", folder / "copied.sqlite3"
        self.original = f"sqlite:///{self._original}"

    def copy(self) -> str:
        """Copy the file."""
        for ending in ("", "-wal", "-shm"):
            self._copied.with_name(self._copied.name + ending).unlink(missing_ok=True)
        shutil.copy(self._original, self._copied)
        return f"sqlite:///{self._copied}"

    def cpu(self) -> float:
        """Nobody else works for a file."""
        return 0.0

    def log_bytes(self) -> int:
        """Give the size of the file of the log, which begins anew and never shrinks while in use."""
        log = self._original.with_name(f"{self._original.name}-wal")
        return log.stat().st_size if log.exists() else 0


class ServerCopies:
    """A database of a PostgreSQL server that serves nobody else."""

    kind = "PostgreSQL"

    def __init__(self, url: str, admin: Engine, server: psutil.Process) -> None:
        self._url, self._admin, self._server = make_url(url), admin, server
        self._run('CREATE DATABASE "original"')
        self.original = self._named("original")

    def copy(self) -> str:
        """Copy the original as a template."""
        self._run('DROP DATABASE IF EXISTS "copied"')
        self._run('CREATE DATABASE "copied" TEMPLATE "original"')
        return self._named("copied")

    def cpu(self) -> float:
        """Count the server, those of its processes that live, and those that have ended.

        One that ends meanwhile could be missed among both: a connection was just closed, as a rule,
        and a whole run's work is in it. So it is counted anew until nobody ended during the count.
        """
        while True:
            ended = self._server.cpu_times()
            seconds = ended.children_user + ended.children_system
            for process in (self._server, *self._server.children()):
                with suppress(psutil.NoSuchProcess):  # the next count has it among the ended
                    times = process.cpu_times()
                    seconds += times.user + times.system
            later = self._server.cpu_times()
            if (later.children_user, later.children_system) == ended[2:4]:
                return float(seconds)

    def log_bytes(self) -> int:
        """Give how far the log of the whole server is."""
        with self._admin.connect() as connection:
            so_far = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
            return int(connection.exec_driver_sql(so_far).scalar_one())

    def _run(self, sql: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(sql)

    def _named(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def server_copies() -> Iterator[ServerCopies]:
    """Run a PostgreSQL of its own."""
    with running_postgres() as url:
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        try:
            yield ServerCopies(url, admin, _server_of(admin))
        finally:
            admin.dispose()


def _server_of(engine: Engine) -> psutil.Process:
    """Give the process that is the server: whoever serves this connection is its child."""
    with engine.connect() as connection:
        serving = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    server = psutil.Process(serving).parent()
    assert server is not None
    return server
