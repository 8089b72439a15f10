"""What can be done to a process and to its surroundings, beside killing it at a point."""

import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import event, text

from newsletter.adopting import adopt
from newsletter.delivery.transports.postmark_line import Patience
from tests.addresses import reserved_port
from tests.faults.grounds import Ground
from tests.faults.runs import Surroundings, ended, fork, frozen, send
from tests.faults.stage import Stage
from tests.faults.trials import Trial

Change = Callable[[Surroundings], object]
"""Something that a process finds or does before it sends."""


def begin(stage: Stage, trial: Trial, *, fault: str = "", before: Change | None = None) -> int:
    """Start one process and do not wait for it; give its id."""
    surroundings = stage.surroundings(trial)

    def work() -> None:
        if before:
            before(surroundings)
        send(surroundings)

    return fork(work, fault=fault, troubles=stage.troubles)


def freeze(stage: Stage, trial: Trial, point: str, *, before: Change | None = None) -> int:
    """Start one process and wait until it has stopped at a point; give its id."""
    pid = begin(stage, trial, fault=f"{point}:1:STOP", before=before)
    frozen(pid)
    return pid


def thaw(pid: int) -> int:
    """Let a process that has stopped go on to its end; give its exit code."""
    os.kill(pid, signal.SIGCONT)
    return ended(pid)


def send_to(stage: Stage, trial: Trial, api_url: str) -> int:
    """Start a process that looks for the provider at another address; give its id."""
    there = replace(stage.surroundings(trial), api_url=api_url)
    return fork(partial(send, there), troubles=stage.troubles)


def begin_patiently(stage: Stage, trial: Trial) -> int:
    """Start one process that waits for its answers as a production sender does; give its id."""
    there = replace(stage.surroundings(trial), patience=Patience())
    return fork(partial(send, there), troubles=stage.troubles)


def impatient(surroundings: Surroundings) -> None:
    """Wait for a locked database only for a moment; in production it is half a minute."""

    def shorten(connection: Any, _record: Any) -> None:
        if surroundings.ground.database.is_sqlite:
            connection.execute("PRAGMA busy_timeout = 100")
            return
        connection.execute("SET lock_timeout = '100ms'")
        connection.commit()

    event.listen(surroundings.ground.database.engine, "connect", shorten)


def limited(kind: int, most: int) -> Change:
    """Set a limit of the process, such as the size of its files."""
    return lambda _: resource.setrlimit(kind, (most, most))


@contextmanager
def locked(ground: Ground) -> Iterator[None]:
    """Let somebody else hold the rows of delivery for the while."""
    with ground.database.writer.begin() as connection:
        if not ground.database.is_sqlite:
            connection.execute(text("LOCK TABLE batches, deliveries IN EXCLUSIVE MODE"))
        yield
    ground.database.close()


def put_a_backup_back(stage: Stage, trial: Trial, *, remembers: int) -> None:
    """Let the database know of no batch but the first ones, as one made then would; and adopt it."""
    ground = stage.grounds[trial.kind]
    with ground.database.writing() as session:
        later = {"remembers": remembers}
        session.execute(text(_FORGOTTEN_COPIES), later)
        session.execute(text(_FORGOTTEN_BATCHES), later)
    service = stage.surroundings(trial).service()
    adopt(service.desk, service.fence)
    service.close()


_FORGOTTEN_COPIES = (
    "UPDATE deliveries SET state = 'queued', provider_id = NULL, settled_at = NULL "
    "WHERE batch > :remembers"
)
_FORGOTTEN_BATCHES = (
    "UPDATE batches SET state = 'queued', attempts = 0, attempt_id = NULL, accepted = 0, "
    "finished_at = NULL, leased_until = NULL WHERE number > :remembers"
)


@contextmanager
def one_write_finds_no_room(ground: Ground, nth: int) -> Iterator[Callable[[], int]]:
    """Have a PostgreSQL server refuse one statement that writes, as a full disk does; count them.

    A sequence counts on when a transaction is undone, so the same write succeeds the next time.
    """
    with ground.database.writer.begin() as connection:
        for statement in (_NO_ROOM.format(nth=nth), *map(_WRITES.format, _WRITTEN)):
            connection.exec_driver_sql(statement)
    ground.database.close()

    def written() -> int:
        with ground.database.reading() as session:
            count = int(session.execute(text("SELECT last_value FROM writes")).scalar_one())
        ground.database.close()
        return count

    try:
        yield written
    finally:
        with ground.database.writer.begin() as connection:
            connection.exec_driver_sql("DROP FUNCTION no_room CASCADE")
            connection.exec_driver_sql("DROP SEQUENCE writes")
        ground.database.close()


_NO_ROOM = """
CREATE SEQUENCE writes;
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('writes') = {nth} THEN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
  END IF;
  RETURN NULL;
END $$
"""
_WRITTEN = ("issues", "issue_changes", "batches", "deliveries", "probes", "paces")
_WRITES = (
    "CREATE TRIGGER no_room AFTER INSERT OR UPDATE ON {} FOR EACH STATEMENT"
    " EXECUTE FUNCTION no_room()"
)


def drop_connections(ground: Ground) -> None:
    """End every connection to a PostgreSQL database, as a restart of the server does."""
    with ground.database.writer.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    ground.database.close()


@contextmanager
def silent_listener() -> Iterator[tuple[str, Callable[[], None]]]:
    """Listen and never answer; give the address, and what waits until a call has begun."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        calls: list[socket.socket] = []

        def wait() -> None:
            calls.append(listener.accept()[0])
            calls[-1].recv(1)

        yield f"http://127.0.0.1:{listener.getsockname()[1]}", wait
        for call in calls:
            call.close()


@contextmanager
def nobody_listens() -> Iterator[str]:
    """Give an address at which connections are refused."""
    with reserved_port() as port:
        yield f"http://127.0.0.1:{port}"
