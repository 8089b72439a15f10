"""Asking the provider about one doubt: its search, and the jobs that it took over. No row is touched."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import cast

from newsletter.delivery.marks import becomes_a_job
from newsletter.delivery.message import Stream
from newsletter.delivery.models import Doubt, DoubtState
from newsletter.delivery.reconciling.rules import A_DAY, JOBS_BACK, covers, strays
from newsletter.delivery.transport import Evidence, Job, Sighting


@dataclass(frozen=True, slots=True)
class Look:
    """What one look showed.

    Attributes:
        at: when it began.
        message_ids: see ``Sighting``; empty when the search gave no answer.
        trusted: what is not in it, the search does not show.
        jobs: how far each job is, None for one that cannot be asked for; None when there is none.
        strays: the provider's jobs of no call that is known, by name, one of which may be of this call;
            None when that cannot be told, and where the known ones account for it.
    """

    at: datetime
    message_ids: dict[str, tuple[str, ...]]
    trusted: bool
    jobs: tuple[Job | None, ...] | None = None
    strays: Mapping[str, Job] | None = None


class JobList:
    """The provider's list of jobs beside our books, for one pass: asked for once, when it is needed.

    Args:
        evidence: whom to ask.
        named: gives the jobs of calls that ended after an instant, by name, with when they ended.
        doubts: what the pass looks into.
    """

    def __init__(
        self,
        evidence: Evidence | None,
        named: Callable[[datetime], Mapping[str, datetime]],
        doubts: Sequence[Doubt],
    ) -> None:
        self._evidence, self._named, self._doubts = evidence, named, doubts

    @cached_property
    def strays(self) -> Mapping[str, Job] | None:
        """Give the jobs of no call that is known; None when the list cannot be believed.

        The books are read first. So the job of a call that is answered while the list comes counts as
        a stray one, and is waited for. The other way round a job would be known and not on the list,
        and the list would not be believed.
        """
        ends = [doubt.ended_at for doubt in self._doubts if _may_have_a_stray_job(doubt)]
        if self._evidence is None or not ends:
            return None
        since = min(ends) - JOBS_BACK
        named = self._named(since - A_DAY)
        listed = self._evidence.jobs(since)
        return None if listed is None else strays(listed, named, since)


def look(
    evidence: Evidence, doubt: Doubt, delivery_ids: Sequence[str], jobs: JobList, *, at: datetime
) -> Look:
    """Ask for everything about one call, in one request and one more for each of its jobs.

    The jobs are asked first, so that what they say was released can be in the search.
    """
    own = tuple(evidence.job(name) for name in doubt.job_id.split()) if doubt.job_id else None
    unnamed = _may_have_a_stray_job(doubt) and not covers(own, doubt.size)
    others = jobs.strays if unnamed else None
    stream = cast("Stream", doubt.stream)
    sighting = evidence.find(doubt.attempt_id, stream, delivery_ids) or Sighting({}, complete=False)
    return Look(at, dict(sighting.message_ids), sighting.complete, own, others)


def _may_have_a_stray_job(doubt: Doubt) -> bool:
    """Say whether a job may be of a call; nobody asks that any more of what a person decides about."""
    return doubt.state != DoubtState.HELD.value and becomes_a_job(doubt.attempt_id)
