"""By which indexes SQLite goes when it is asked something."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event
from sqlmodel import Session


def plans(session: Session, ask: Callable[[Session], object]) -> Iterator[str]:
    """Ask, and give each line of SQLite's plans for what was asked."""
    asked: list[tuple[str, Any]] = []
    connection = session.connection()

    def keep(*call: object) -> None:
        asked.append((str(call[2]), call[3]))

    event.listen(connection, "before_cursor_execute", keep)
    ask(session)
    event.remove(connection, "before_cursor_execute", keep)
    for sql, parameters in asked:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
        yield from (row[3] for row in rows)
