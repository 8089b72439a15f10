"""The SQL of a run, recorded at the driver and played again with nothing of ours in between."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Engine, event


@dataclass(frozen=True, slots=True)
class Tape:
    """Statements in the order in which they reached the driver.

    Attributes:
        steps: SQL with its parameters, and whether it was for many rows; None for a commit.
    """

    steps: list[tuple[str, Any, bool] | None] = field(default_factory=list)

    @contextmanager
    def recording(self, engine: Engine) -> Iterator[None]:
        """Keep what an engine sends to its database during the block."""

        def keep(*call: Any) -> None:
            _connection, _cursor, sql, parameters, _context, many = call
            self.steps.append((sql, parameters, many))

        def end(_connection: Any) -> None:
            self.steps.append(None)

        event.listen(engine, "before_cursor_execute", keep)
        event.listen(engine, "commit", end)
        event.listen(engine, "rollback", end)
        try:
            yield
        finally:
            event.remove(engine, "before_cursor_execute", keep)
            event.remove(engine, "commit", end)
            event.remove(engine, "rollback", end)

    def play(self, url: str) -> None:
        """Send everything again over one connection, and fetch what it answers."""
        with closing(_connected(url)) as connection:
            for step in self.steps:
                if step is None:
                    connection.commit()
                    continue
                sql, parameters, many = step
                cursor = connection.cursor()
                if many:
                    cursor.executemany(sql, parameters)
                else:
                    cursor.execute(sql, parameters)
                    if cursor.description:
                        cursor.fetchall()


def _connected(url: str) -> Any:
    if not url.startswith("sqlite"):
        return psycopg.connect(url.replace("+psycopg", ""))
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    return connection
