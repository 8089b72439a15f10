"""Asking the provider about one doubt: its search, and the jobs that it took over. No row is touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.delivery.message import Stream
from newsletter.delivery.transport import Evidence, Job, Sighting


@dataclass(frozen=True, slots=True)
class Look:
    """What one look showed.

    Attributes:
        at: when it began.
        message_ids: see ``Sighting``; empty when the search gave no answer.
        trusted: what is not in it, the search does not show.
        jobs: how far each job is, None for one that cannot be asked for; None when there is none.
    """

    at: datetime
    message_ids: dict[str, tuple[str, ...]]
    trusted: bool
    jobs: tuple[Job | None, ...] | None = None


def look(
    evidence: Evidence,
    attempt_id: str,
    stream: Stream,
    delivery_ids: Sequence[str],
    job_id: str | None,
    *,
    at: datetime,
) -> Look:
    """Ask for everything about one call, in one request and one more for each of its jobs.

    The jobs are asked first, so that what they say was released can be in the search.
    """
    jobs = tuple(evidence.job(name) for name in job_id.split()) if job_id else None
    sighting = evidence.find(attempt_id, stream, delivery_ids) or Sighting({}, complete=False)
    return Look(at, dict(sighting.message_ids), sighting.complete, jobs)
