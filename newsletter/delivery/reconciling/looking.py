"""Asking the provider about one doubt: its search, and the jobs that it took over. No row is touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from newsletter.delivery.marks import becomes_a_job
from newsletter.delivery.message import Stream
from newsletter.delivery.models import Doubt, DoubtState
from newsletter.delivery.reconciling.rules import MEMORY
from newsletter.delivery.transport import Evidence, Job, Sighting


@dataclass(frozen=True, slots=True)
class Look:
    """What one look showed.

    Attributes:
        at: when it began.
        message_ids: see ``Sighting``; empty when the search gave no answer.
        trusted: what is not in it, the search does not show.
        jobs: how far each job is, None for one that cannot be asked for; None when there is none.
        listed: all jobs that the provider has since before the call, by name; None when they were
            not asked for, or no whole list came.
    """

    at: datetime
    message_ids: dict[str, tuple[str, ...]]
    trusted: bool
    jobs: tuple[Job | None, ...] | None = None
    listed: Mapping[str, Job] | None = None


def look(evidence: Evidence, doubt: Doubt, delivery_ids: Sequence[str], *, at: datetime) -> Look:
    """Ask for everything about one call, in one request and one more for each of its jobs.

    The jobs are asked first, so that what they say was released can be in the search. All of the
    provider's are listed only where those of the call do not account for it.
    """
    jobs = tuple(evidence.job(name) for name in doubt.job_id.split()) if doubt.job_id else None
    unnamed = doubt.state == DoubtState.OPEN.value and _may_have_an_unnamed_job(doubt, jobs or ())
    listed = evidence.jobs(doubt.ended_at - MEMORY) if unnamed else None
    stream = cast("Stream", doubt.stream)
    sighting = evidence.find(doubt.attempt_id, stream, delivery_ids) or Sighting({}, complete=False)
    return Look(at, dict(sighting.message_ids), sighting.complete, jobs, listed)


def _may_have_an_unnamed_job(doubt: Doubt, jobs: Sequence[Job | None]) -> bool:
    """Say whether part of a call may have become a job of which only the provider knows."""
    total = sum(job.total for job in jobs if job is not None)
    return becomes_a_job(doubt.attempt_id) and None not in jobs and total < doubt.size
