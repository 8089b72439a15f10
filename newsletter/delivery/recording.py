"""What came back is written down, by the rules of the outcome table and never by a guess."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Integer, String, Table, Update, bindparam, case, func, update
from sqlmodel import Session

from newsletter.delivery import leftovers
from newsletter.delivery.claiming import Claim
from newsletter.delivery.closing import pause
from newsletter.delivery.doubting import close_doubts, open_doubt, restate, state_by_copies
from newsletter.delivery.holding import lock_batch
from newsletter.delivery.message import NEWSLETTER_STREAM, Outcome, Receipt
from newsletter.delivery.models import (
    Batch,
    BatchState,
    Doubt,
)
from newsletter.delivery.outcomes import settle_copies
from newsletter.delivery.pacing import LONGEST_DELAY, says_nothing_of_the_line
from newsletter.delivery.probing import probe
from newsletter.delivery.proving import prove
from schedules.clock import UtcDateTime

_BATCHES: Table = Batch.__table__  # type: ignore[attr-defined]
_BATCH = _BATCHES.c

_SETTLED = (Outcome.ACCEPTED, Outcome.REJECTED)

FIRST_DELAY = timedelta(seconds=5)
MOST_ATTEMPTS = 8
"""Refusals of one whole batch in a row after which the issue is paused instead of tried again."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a record came to, besides its rows.

    Attributes:
        stopper: the receipt for which the issue was paused, if it was.
        put_off: leftovers of the batch that wait for a person from now on.
        line_rests: too many answers were lost, so that nothing leaves for a while.
    """

    stopper: Receipt | None = None
    put_off: int = 0
    line_rests: bool = False


def back_off(attempts: int) -> timedelta:
    """Give how long a batch that was certainly not taken waits, after so many attempts (1 …)."""
    doublings = min(attempts - 1, 10)
    return min(LONGEST_DELAY, FIRST_DELAY * (1 << doublings))


def record(
    session: Session, claim: Claim, receipts: Sequence[Receipt], *, now: datetime, timer: datetime
) -> Recorded:
    """Write down one receipt for each recipient of the claim, in order.

    What was not taken stays queued, and its batch is free again after a delay. The issue is paused
    when only an operator can mend what is wrong, or when a batch was refused too often and nothing
    of it was ever taken. Where some of it was, the rest is held instead, so that one mailbox that is
    full for ever does not keep an issue open for ever. That another batch was taken says nothing: a
    line that is down since then would have its readers given up, one batch after the other. Only one
    reader who has a batch alone, and is refused by name, counts as such a rest, too.

    Args:
        session: for writing.
        claim: whose call it was.
        receipts: what came back.
        now: written down as the time of the outcome.
        timer: the real instant, from which delays count.
    """
    if timer >= claim.until:
        lock_batch(session, claim)
    # Without a receipt everybody has left between the audience and the call.
    moved = settle_copies(session, claim, receipts, now=now)
    outcomes = Counter([receipt.outcome for receipt in receipts])
    _close_batch(session, claim, _after(claim, receipts, outcomes, now, timer))
    accepted = outcomes[Outcome.ACCEPTED]
    if moved[Outcome.ACCEPTED] < accepted:
        _compare(session, claim, receipts, now=now, timer=timer)
    if timer >= claim.until:
        close_doubts(session, [claim.attempt_id], at=timer)  # of what was given up and is known now
    if lost := [receipt for receipt in receipts if receipt.outcome is Outcome.UNKNOWN]:
        _doubt(session, claim, lost, now=now, timer=timer)
    elif accepted:
        probe(session, claim.attempt_id, accepted, claim.issue_number, at=claim.since)
    stopper = next((receipt for receipt in receipts if receipt.needs_operator), None)
    refusal = next((one for one in receipts if one.outcome is Outcome.NOT_TAKEN), None)
    in_vain = refusal and not any(one.outcome in _SETTLED or one.provider_id for one in receipts)
    if stopper is None and refusal and in_vain and claim.attempts >= MOST_ATTEMPTS:
        taken = leftovers.taken_before(session, claim)
        alone = (
            taken == 0
            and says_nothing_of_the_line(receipts)
            and leftovers.others_left(session, claim)
        )
        if taken or alone:
            return Recorded(put_off=leftovers.hold(session, claim, refusal, now=now))
        stopper = refusal if taken == 0 else None
    paused = stopper is not None and pause(session, claim.issue_number, stopper, now=now)
    return Recorded(stopper if paused else None)


def all_taken(receipts: Sequence[Receipt]) -> bool:
    """Say whether all of a batch was accepted, and nothing was asked for."""
    return all(one.outcome is Outcome.ACCEPTED and one.wait is None for one in receipts)


def refused_whole(receipts: Sequence[Receipt]) -> bool:
    """Say whether nothing of a batch was taken: the fault is in the line, not in the messages."""
    return bool(receipts) and all(one.outcome is Outcome.NOT_TAKEN for one in receipts)


def _compare(
    session: Session, claim: Claim, receipts: Sequence[Receipt], *, now: datetime, timer: datetime
) -> None:
    """Have accepted copies looked at that were no longer ours to settle.

    They may have been accepted before under another name, as a second letter, or written off.
    """
    known = [
        (claim.issue_number, recipient.id, receipt.provider_id)
        for recipient, receipt in zip(claim.recipients, receipts, strict=True)
        if receipt.outcome is Outcome.ACCEPTED and receipt.provider_id
    ]
    prove(session, known, now=now, timer=timer)


def _doubt(
    session: Session, claim: Claim, lost: Sequence[Receipt], *, now: datetime, timer: datetime
) -> None:
    """Have evidence looked for about the copies of a call whose answer was lost."""
    jobs = sorted({receipt.provider_id for receipt in lost if receipt.provider_id})
    open_doubt(
        session,
        Doubt(
            attempt_id=claim.attempt_id,
            issue_number=claim.issue_number,
            batch=claim.batch,
            stream=NEWSLETTER_STREAM,
            size=len(lost),
            ended_at=timer,
            look_at=timer,
            job_id=" ".join(jobs) or None,
            note=lost[0].code,
        ),
    )
    close_doubts(session, [claim.attempt_id], at=timer)
    restate(session, [(claim.issue_number, claim.batch)], now=now)


def _after(
    claim: Claim,
    receipts: Sequence[Receipt],
    outcomes: Counter[Outcome],
    now: datetime,
    timer: datetime,
) -> dict[str, object]:
    """Say what the batch is after its answer."""
    counted: dict[str, object] = {
        "came": outcomes[Outcome.ACCEPTED],
        "refused": outcomes[Outcome.REJECTED],
    }
    if Outcome.NOT_TAKEN in outcomes:
        refusal = next(one for one in receipts if one.outcome is Outcome.NOT_TAKEN)
        return counted | {
            "wait": timer + max(back_off(claim.attempts), refusal.wait or timedelta(0)),
            "why": f"{refusal.code}: {refusal.detail}",
        }
    return counted | {"end": now}


def _close_batch(session: Session, claim: Claim, values: dict[str, object]) -> None:
    key = {"issue": claim.issue_number, "batch": claim.batch, "attempt": claim.attempt_id}
    nothing = {"came": 0, "refused": 0, "end": None, "wait": None, "why": None}
    session.connection().execute(_closing(), {**nothing, **values, **key})


def _something_came() -> ColumnElement[bool]:
    """Say that a call came to something: refusals are counted in a row."""
    return bindparam("came", type_=Integer) + bindparam("refused", type_=Integer) > 0


@cache
def _closing() -> Update:
    first = _BATCH.state == BatchState.SENDING  # a later word counts nothing twice
    return (
        update(_BATCHES)
        .where(
            _BATCH.issue_number == bindparam("issue"),
            _BATCH.number == bindparam("batch"),
            _BATCH.attempt_id == bindparam("attempt"),
        )
        .values(
            leased_until=None,
            state=state_by_copies(),
            attempts=case((_something_came(), 0), else_=_BATCH.attempts),
            accepted=_BATCH.accepted + case((first, bindparam("came", type_=Integer)), else_=0),
            rejected=_BATCH.rejected + case((first, bindparam("refused", type_=Integer)), else_=0),
            finished_at=func.coalesce(bindparam("end", type_=UtcDateTime), _BATCH.finished_at),
            not_before=func.coalesce(bindparam("wait", type_=UtcDateTime), _BATCH.not_before),
            note=func.coalesce(bindparam("why", type_=String), _BATCH.note),
        )
    )
