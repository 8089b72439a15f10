"""Jobs are put into the queue in the transaction that makes their batches, and topped up later."""

import math
from typing import Any

from procrastinate import App, SyncPsycopgConnector
from sqlalchemy import text
from sqlmodel import Session

from newsletter import faults
from newsletter.delivery.nudging import Nudge

QUEUE, TASK = "delivery", "send_some"

READERS = 5_000
"""Most readers of one job: each costs the engine two milliseconds, whatever it carries."""

SHARES = 32
"""A small issue is cut into so many jobs, so that all threads of all workers have some of it."""

MANY = 100
"""From so many jobs at once on, the planner is told of them."""

SOON = 60
"""Seconds within which a job that failed is tried again, so that no other need take its place."""

_SWEEPING = 7_204_196_156  # any number that is ours: one sweep at a time

_app = App(connector=SyncPsycopgConnector())  # never opened: every insert brings its connection


def nudge_in_batches_of(size: int) -> Nudge:
    """Give the nudge of a desk whose batches have this size."""

    def nudge(session: Session, issue_number: int, batches: int) -> None:
        enqueue(session, issue_number, batches * size, size)

    return nudge


def enqueue(session: Session, issue_number: int, readers: int, batch_size: int) -> None:
    """Put jobs for so many readers of an issue into the queue; they exist once it is committed.

    Args:
        session: the writing session that makes the batches free.
        issue_number: of the issue: all that a job knows, and how many readers it is good for.
        readers: how many are in free batches.
        batch_size: fewest readers worth a job.
    """
    share = share_of(readers, batch_size)
    _put(session, issue_number, share, math.ceil(readers / share))


def top_up(session: Session, issue_number: int, readers: int, batch_size: int) -> int:
    """Put in what is missing of the jobs for so many readers; does nothing while another sweeps.

    Returns:
        The number of jobs that were missing.
    """
    if not session.execute(text(f"SELECT pg_try_advisory_xact_lock({_SWEEPING})")).scalar_one():
        return 0
    share = share_of(readers, batch_size)
    missing = math.ceil(readers / share) - _waiting_jobs(session, issue_number)
    _put(session, issue_number, share, max(0, missing))
    return max(0, missing)


def share_of(readers: int, batch_size: int) -> int:
    """Say how many readers one job is good for. Pure."""
    return max(1, batch_size, min(READERS, math.ceil(readers / SHARES)))


def _put(session: Session, issue_number: int, readers: int, count: int) -> None:
    if not count:
        return
    connection: Any = session.connection().connection.driver_connection
    jobs = _app.configure_task(TASK, queue=QUEUE, connection=connection)
    word: dict[str, Any] = {"issue": issue_number, "readers": readers}
    jobs.batch_defer(*[word] * count)
    faults.point("enqueue.before-commit")
    if count >= MANY:
        # The planner believes what the last ANALYZE saw: an empty queue, every Monday. It then
        # sorts, or even joins, all waiting jobs to fetch one: with 20,000 of them 30 to 60 ms a
        # fetch instead of 2 to 15, and more with older releases of Procrastinate.
        session.execute(text("ANALYZE procrastinate_jobs"))


def _waiting_jobs(session: Session, issue_number: int) -> int:
    """Count jobs that nobody has begun, but for those that failed and are not tried again soon.

    One that is being done may be an empty shell: when the connection dies just as its end is to be
    written down, it stays "doing" under a worker that lives. A job too many costs one statement.
    """
    counted = text(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task"
        " AND status = 'todo' AND args->'issue' = to_jsonb(CAST(:issue AS integer))"
        " AND (scheduled_at IS NULL OR scheduled_at < now() + make_interval(secs => :soon))"
    )
    return int(
        session.execute(counted, {"task": TASK, "issue": issue_number, "soon": SOON}).scalar_one()
    )
