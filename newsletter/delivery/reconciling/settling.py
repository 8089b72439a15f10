"""What a look means is written down: the copies that were seen, and what becomes of the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

import structlog
from sqlmodel import Session

from newsletter.delivery.closing import pause
from newsletter.delivery.free import LONGEST_LEASE
from newsletter.delivery.marks import account_of, becomes_a_job
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Doubt, DoubtState
from newsletter.delivery.nudging import Nudge
from newsletter.delivery.proving import prove
from newsletter.delivery.reconciling import keeping, measuring
from newsletter.delivery.reconciling.looking import Look
from newsletter.delivery.reconciling.rules import (
    MEMORY,
    Again,
    Decision,
    Failed,
    Hold,
    Patience,
    Policy,
    Proved,
    Resend,
    Standing,
    decide,
    fitting,
    held_look,
)
from newsletter.delivery.transport import Job

log = structlog.get_logger()

AUDIT = 4
"""So many settle times after copies were freed, their first call is looked for once more."""

FOREIGN = "foreign-copies"


@dataclass(frozen=True, slots=True)
class Terms:
    """By which terms doubt is settled: patience, policy, a transport without lag, who is nudged."""

    patience: Patience
    when_absent: Policy
    exact: bool
    nudge: Nudge


@dataclass(frozen=True, slots=True)
class Settled:
    """What a look came to.

    Attributes:
        decision: None when the doubt was settled otherwise in the meantime.
        held: copies that wait for a person now.
        doubled: second letters that were seen, and letters that nobody here knows of.
        answered: the provider said anything at all.
    """

    decision: Decision | None = None
    held: int = 0
    doubled: int = 0
    answered: bool = True


def settle(session: Session, doubt: Doubt, seen: Look, terms: Terms, *, now: datetime) -> Settled:
    """Write down one look and what follows from it; doing so twice changes nothing.

    Args:
        session: for writing.
        doubt: as it was before the look.
        seen: the look.
        terms: see there.
        now: written down as the time of every outcome.
    """
    before = keeping.missing(session, doubt)
    doubled = _accept(session, doubt, seen, now)
    left = keeping.missing(session, doubt)
    current = keeping.locked(session, doubt)
    current.looks, current.looked_at = current.looks + 1, seen.at
    if current.ended_at > seen.at + LONGEST_LEASE:
        current.ended_at = (
            seen.at
        )  # by a clock that was wrong; one that is ahead a little is let be
    if current.state == DoubtState.HELD.value:
        current.look_at = held_look(current.ended_at, seen.at)
        return Settled(doubled=doubled, answered=seen.trusted)
    current.found = current.size - left
    missed_before = current.absent_at if left == before else None
    standing = Standing(
        ended_at=current.ended_at,
        at=seen.at,
        looks=current.looks,
        missing=left,
        found=current.found,
        missed_before=missed_before,
        trusted=seen.trusted,
        fenced=_is_fenced(session, current, seen.at),
        exact=terms.exact,
        jobs=seen.jobs,
        as_job=becomes_a_job(current.attempt_id),
        shown=len(seen.message_ids),
        strays=_strays(session, current, seen),
    )
    if name := fitting(standing, terms.patience):
        standing = _adopt(current, standing, name)
    if current.state != DoubtState.OPEN.value:
        if _is_audited(doubt, seen):
            current.look_at = None
        return Settled(doubled=doubled, answered=seen.trusted or bool(seen.message_ids))
    current.absent_at = missed_before or (seen.at if seen.trusted else None)
    decision = decide(standing, terms.patience, terms.when_absent)
    held = carry_out(session, current, decision, terms, now=now, at=seen.at)
    return Settled(decision, held, doubled, answered=seen.trusted or bool(seen.message_ids))


def _strays(session: Session, doubt: Doubt, seen: Look) -> Mapping[str, Job] | None:
    """Leave out of the stray jobs what other calls have taken for theirs since they were listed."""
    if not seen.strays:
        return seen.strays
    taken = keeping.named_jobs(session, doubt.attempt_id, doubt.ended_at - MEMORY)
    return {name: job for name, job in seen.strays.items() if name not in taken}


def _adopt(doubt: Doubt, standing: Standing, name: str) -> Standing:
    """Take a stray job for part of the call from now on."""
    doubt.job_id = " ".join(filter(None, (doubt.job_id, name)))
    jobs = (*(standing.jobs or ()), (standing.strays or {})[name])
    return replace(standing, jobs=jobs)


def _is_audited(doubt: Doubt, seen: Look) -> bool:
    """Say whether a look was the last one that a settled doubt needs.

    One that began before it was settled, in another process, was none, and neither is one to which
    the search gave no answer.
    """
    over = seen.at - doubt.ended_at > MEMORY
    return doubt.state == DoubtState.SETTLED.value and (seen.trusted or over)


def carry_out(
    session: Session, doubt: Doubt, decision: Decision, terms: Terms, *, now: datetime, at: datetime
) -> int:
    """Do what was decided about a locked doubt that is open.

    Returns:
        How many copies wait for a person now.
    """
    match decision:
        case Proved():
            doubt.look_at = None
            keeping.close(session, doubt, now=now, at=at)
        case Again():
            doubt.look_at, doubt.note = decision.at, decision.because
        case Resend():
            _resend(session, doubt, terms, now=now, at=at)
        case Failed():
            keeping.fail(session, doubt, now=now, at=at)
        case Hold():
            doubt.note = decision.reason.value
            doubt.look_at = held_look(doubt.ended_at, at)
            return keeping.hold(session, doubt, decision.reason, now=now)
        case _:
            assert_never(decision)
    return 0


def _accept(session: Session, doubt: Doubt, seen: Look, now: datetime) -> int:
    """Make accepted what was seen, and stop an issue of which too much was seen.

    Returns:
        How many letters there are that should not be.
    """
    who = keeping.copies(session, doubt)
    known = [
        (doubt.issue_number, who[name], message_id)
        for name, message_ids in seen.message_ids.items()
        for message_id in message_ids
        if name in who
    ]
    proved = prove(session, known, now=now, timer=seen.at)
    if foreign := len(seen.message_ids.keys() - who.keys()):
        detail = f"The provider shows {foreign} messages of a call that did not ask for them."
        alarm = Receipt(Outcome.ACCEPTED, code=FOREIGN, detail=detail)
        pause(session, doubt.issue_number, alarm, now=now)
    return proved.doubled + foreign


def _is_fenced(session: Session, doubt: Doubt, at: datetime) -> bool:
    account = account_of(doubt.attempt_id)
    later = measuring.fence(session, doubt.stream, account, after=doubt.ended_at, timer=at)
    return later is not None and later.seen_at is not None and later.seen_at <= at


def _resend(session: Session, doubt: Doubt, terms: Terms, *, now: datetime, at: datetime) -> None:
    """Free the copies, and have the call looked for once more: a late copy must not go unnoticed."""
    freed = keeping.release(session, doubt, now=now, at=at)
    session.refresh(doubt)
    doubt.note = f"{freed} had not left and were sent again"
    if not terms.exact:
        doubt.look_at = at + AUDIT * terms.patience.settled_after
    if freed:
        terms.nudge(session, doubt.issue_number, 1)
    log.warning("copies_resent", issue=doubt.issue_number, batch=doubt.batch, copies=freed)
