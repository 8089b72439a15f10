"""Two transactions at the same moment: one is open, and the other runs into it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from newsletter.database import Database

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@contextmanager
def beside(database: Database, work: Callable[[], Any]) -> Iterator[Callable[[], Future[Any]]]:
    """Give what begins some work in another thread, and returns when it waits for a lock or is over.

    On SQLite, where writers take turns, it just begins.
    """

    def begin() -> Future[Any]:
        begun = threads.submit(work)
        while not (database.is_sqlite or begun.done() or _waits(database)):
            pass
        return begun

    with ThreadPoolExecutor(1) as threads:
        yield begin


def _waits(database: Database) -> bool:
    with database.reading() as session:
        return bool(session.execute(_WAITING).scalar_one())
