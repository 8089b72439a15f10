"""What to do about a doubt, given what was seen of it and when. Pure; all instants are real ones.

A copy that is seen was accepted; that needs no rule. The rules are about those that are not seen,
for a search that shows nothing may be a search that is behind. They count as never having left only
when the search has had time, was asked twice, and shows a message that was accepted later: a fence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from newsletter.delivery.transport import Job

USUAL_SETTLING = timedelta(minutes=15)
LONGEST = timedelta(hours=6)
"""After it a person decides, however far the search is behind."""
MEMORY = timedelta(days=30)
"""How long a provider surely remembers: what is not seen of an older call may have been forgotten."""
STEPS = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60, 120, 300, 600, 900))
"""From one look to the next, where the settle time is the usual one."""
SOON = timedelta(minutes=1)
"""A beat of the service and a little more, however short the settle time is."""
LAGS = 5
"""So many times the worst lag that was measured is a search given to catch up."""

A_DAY = timedelta(days=1)
JOBS_BACK = 3 * A_DAY
"""How far back from the end of a call jobs are listed, as it may have begun long before it was given up:
when the process that made it died, and nobody looked. What left still earlier the search shows."""

NO_ANSWER = "the search gives no answer"
TOO_EARLY = "the search still has time"
SEEN_ONCE = "one more look is needed"
NO_FENCE = "the search shows no later message either"
NO_LIST = "the provider's list of jobs cannot be believed"
STRAY_JOB = "the provider has a job that may be of this call"

ELSEWHERE = "made-elsewhere"
"""Note of a doubt about a call that was made with another transport, or with another account."""

Policy = Literal["resend", "hold"]


class Reason(StrEnum):
    """Why copies in doubt are held for a person's word, as their rows say it."""

    NO_EVIDENCE = "no-evidence"
    """The transport keeps no record that could be asked."""
    NOT_SHOWN = "not-proved"
    """The provider's search failed, or stayed behind, for too long."""
    JOB_UNNAMED = "job-not-known"
    """The provider may have taken the call as a job whose name was lost: it may leave at any time."""
    FORGOTTEN = "too-old"
    """The call is so old that the provider may have forgotten it."""
    ABSENT = "never-left"
    """They have provably not left, and are not to be sent again unasked."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a search is given.

    Attributes:
        settling: the least time, by the settings.
        worst_lag: how far the search was behind at worst, lately.
    """

    settling: timedelta = USUAL_SETTLING
    worst_lag: timedelta = timedelta(0)

    @property
    def longest(self) -> timedelta:
        """The time after which nothing more is hoped for; a short settle time shortens it."""
        return min(LONGEST, LONGEST * (self.settling / USUAL_SETTLING))

    @property
    def settled_after(self) -> timedelta:
        """The time after which a search that shows nothing may be believed."""
        return min(max(self.settling, LAGS * self.worst_lag), self.longest)

    @property
    def prompt(self) -> timedelta:
        """The time within which a first look must come to say how far the search is behind.

        What is seen at once when it is looked for late was there since nobody knows when.
        """
        return max(self.settling / LAGS, SOON)

    def step(self, looks: int) -> timedelta:
        """Give the time from a look to the next one, after so many looks (1 …)."""
        usual = STEPS[min(max(looks, 1), len(STEPS)) - 1]
        return min(usual, usual * (self.settling / USUAL_SETTLING))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one doubt after a look.

    Attributes:
        ended_at: when nothing of the call could still be under way on our side.
        at: when this look began.
        looks: how many there were, this one included.
        missing: how many copies were not seen yet.
        missed_before: when a complete look that is not contradicted since first missed them all.
        trusted: this look was complete: what it did not show, the search does not show.
        fenced: a message that was accepted after ``ended_at`` was seen before this look.
        exact: the transport's record has no lag.
        jobs: how far the jobs are to which the call was turned over; None when it was to none.
        as_job: what the provider takes of such a call becomes a job.
        shown: how many letters of the call this look showed.
        strays: the provider's jobs of no call that is known, by name; None when that cannot be told.
    """

    ended_at: datetime
    at: datetime
    looks: int
    missing: int
    found: int = 0
    missed_before: datetime | None = None
    trusted: bool = True
    fenced: bool = False
    exact: bool = False
    jobs: tuple[Job | None, ...] | None = None
    as_job: bool = False
    shown: int = 0
    strays: Mapping[str, Job] | None = None

    @property
    def has_unnamed_job(self) -> bool:
        """Whether the provider may have a job of the call whose name is not known."""
        return self.as_job and not self.is_covered and self.strays != {}

    @property
    def is_covered(self) -> bool:
        """Whether all that is in doubt is part of the jobs that are known."""
        return covers(self.jobs, self.missing + self.found)


@dataclass(frozen=True, slots=True)
class Proved:
    """Every copy was accepted."""


@dataclass(frozen=True, slots=True)
class Again:
    """Look again, because nothing is sure yet.

    Attributes:
        at: when.
        because: in words for a report.
        fence: first send a message that a search must show.
    """

    at: datetime
    because: str
    fence: bool = False


@dataclass(frozen=True, slots=True)
class Resend:
    """The copies that are missing have provably not left; they may be sent."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The provider took the copies that are missing and gave them up; they are rejected."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing is proved and nothing more is hoped for; a person decides."""

    reason: Reason


Decision = Proved | Again | Resend | Failed | Hold


def covers(jobs: Sequence[Job | None] | None, copies: int) -> bool:
    """Say whether so many copies are part of jobs that are known."""
    return sum(job.total for job in jobs or () if job is not None) >= copies


def strays(
    listed: Mapping[str, Job], named: Mapping[str, datetime], since: datetime
) -> Mapping[str, Job] | None:
    """Give those of the provider's jobs that are of no call that is known.

    None when a job is missing that must be there: then others may be missing, too.

    Args:
        listed: the provider's jobs since an instant.
        named: the jobs that are known, with when their calls ended.
        since: the instant.
    """
    due = {name for name, ended_at in named.items() if ended_at > since + A_DAY}
    if due - listed.keys():
        return None
    return {name: job for name, job in listed.items() if name not in named}


def fitting(doubt: Standing, patience: Patience) -> str | None:
    """Give the stray job that is part of a call by all that was seen of it, if there is one.

    It must be over, have just as many messages as are part of no other job of the call, and have released
    as many as the search shows, at least one. Those that are missing it gave up, which is believed no
    sooner than that they did not leave. Of several that fit alike it does not matter which is taken.
    """
    if doubt.is_covered or (doubt.missing and _why_not_absent(doubt, patience)):
        return None
    known = [job for job in doubt.jobs or () if job is not None]
    copies = doubt.missing + doubt.found - sum(job.total for job in known)
    shown = doubt.shown - sum(job.released for job in known)
    for name, job in sorted((doubt.strays or {}).items()):
        if job.state != "working" and job.total == copies and job.released == shown > 0:
            return name
    return None


def decide(doubt: Standing, patience: Patience, when_absent: Policy) -> Decision:
    """Say what to do about a doubt."""
    if not doubt.missing:
        return Proved()
    if doubt.at - doubt.ended_at > MEMORY and not doubt.exact:
        return Hold(Reason.FORGOTTEN)
    if doubt.jobs and (decision := _of_jobs(doubt, doubt.jobs, patience)):
        return decision
    if because := _why_not_absent(doubt, patience):
        return _again(doubt, patience, because, fence=because == NO_FENCE)
    if doubt.has_unnamed_job:
        because = NO_LIST if doubt.strays is None else STRAY_JOB
        return _again(doubt, patience, because, otherwise=Reason.JOB_UNNAMED)
    return Resend() if when_absent == "resend" else Hold(Reason.ABSENT)


def _why_not_absent(doubt: Standing, patience: Patience) -> str | None:
    """Give the first reason for which copies that are not seen may still have left."""
    needed = {
        NO_ANSWER: doubt.trusted,
        TOO_EARLY: doubt.at >= doubt.ended_at + patience.settled_after,
        SEEN_ONCE: doubt.missed_before is not None and doubt.missed_before < doubt.at,
        NO_FENCE: doubt.fenced,
    }
    if doubt.exact:
        needed = {NO_ANSWER: doubt.trusted}
    return next((because for because, given in needed.items() if not given), None)


def _of_jobs(
    doubt: Standing, jobs: tuple[Job | None, ...], patience: Patience
) -> Again | Failed | Hold | None:
    """Decide by what the provider says of its own work; no time has a say in it but the last.

    None when its jobs are over and do not explain what is missing: that part of the call became no
    job, or one that was stopped before it had released it.
    """
    known = [job for job in jobs if job is not None]
    if len(known) < len(jobs):
        return _again(doubt, patience, "its job gives no answer")
    if any(job.state == "working" for job in known):
        return _again(doubt, patience, "its job is under way")
    if not doubt.trusted or doubt.found < sum(job.released for job in known):
        return _again(doubt, patience, "its job is done, not all of it is seen")
    worked_off = all(job.state == "completed" for job in known)
    return Failed() if worked_off and doubt.is_covered else None


def _again(
    doubt: Standing,
    patience: Patience,
    because: str,
    *,
    fence: bool = False,
    otherwise: Reason = Reason.NOT_SHOWN,
) -> Again | Hold:
    over = doubt.at >= doubt.ended_at + patience.longest and doubt.looks > len(STEPS)
    if over:
        return Hold(otherwise)
    following = doubt.at + patience.step(doubt.looks)
    believed = doubt.ended_at + patience.settled_after
    if doubt.at < believed < following:
        following = believed
    return Again(following, because, fence)


def held_look(ended_at: datetime, at: datetime) -> datetime | None:
    """Say when to look again for what a person may decide; None when nothing more will be seen.

    Evidence that comes late is worth more than a person's guess, and costs a question now and then.
    """
    age = at - ended_at
    if age > MEMORY:
        return None
    return at + min(max(age / 6, timedelta(hours=1)), timedelta(days=1))
