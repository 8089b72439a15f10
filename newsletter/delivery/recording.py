"""What came back is written down, by the rules of the outcome table and never by a guess."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Update, case, select, update
from sqlmodel import Session, col

from newsletter.delivery.claiming import Claim
from newsletter.delivery.closing import pause
from newsletter.delivery.doubting import close_doubts, open_doubt, restate, state_by_copies
from newsletter.delivery.free import LONGEST_DELAY
from newsletter.delivery.message import NEWSLETTER_STREAM, Outcome, Receipt
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState, Doubt
from newsletter.delivery.outcomes import settle_copies
from newsletter.delivery.probing import probe

FIRST_DELAY = timedelta(seconds=5)
MOST_ATTEMPTS = 8
"""Refusals of one whole batch in a row after which the issue is paused instead of tried again."""


def back_off(attempts: int) -> timedelta:
    """Give how long a batch that was certainly not taken waits, after so many attempts (1 …)."""
    doublings = min(attempts - 1, 10)
    return min(LONGEST_DELAY, FIRST_DELAY * (1 << doublings))


def record(
    session: Session, claim: Claim, receipts: Sequence[Receipt], *, now: datetime, timer: datetime
) -> Receipt | None:
    """Write down one receipt for each recipient of the claim, in order.

    What was not taken stays queued, and its batch is free again after a delay. The issue is paused
    when only an operator can mend what is wrong, or when a batch was refused too often and nothing
    else got through; where the line works, the leftovers of such a batch are held instead, so that
    one mailbox that is full for ever does not keep an issue open for ever.

    Args:
        session: for writing.
        claim: whose call it was.
        receipts: what came back.
        now: written down as the time of the outcome.
        timer: the real instant, from which delays count.

    Returns:
        The receipt for which the issue was paused, if it was.
    """
    if receipts:  # everybody may have left between the audience and the claim
        settle_copies(session, claim, receipts, now=now)
    session.execute(_close_batch(claim, _after(claim, receipts, now, timer)))
    if lost := [receipt for receipt in receipts if receipt.outcome is Outcome.UNKNOWN]:
        _doubt(session, claim, lost, now=now, timer=timer)
    elif accepted := sum(receipt.outcome is Outcome.ACCEPTED for receipt in receipts):
        probe(session, claim.attempt_id, accepted, claim.issue_number, at=timer)
    stopper = next((receipt for receipt in receipts if receipt.needs_operator), None)
    if stopper is None and claim.attempts >= MOST_ATTEMPTS and refused_whole(receipts):
        if _line_works(session, claim.issue_number):
            _hold_leftovers(session, claim, receipts[0], now)
        else:
            stopper = receipts[0]
    return stopper if stopper and pause(session, claim.issue_number, stopper, now=now) else None


def refused_whole(receipts: Sequence[Receipt]) -> bool:
    """Say whether nothing of a batch was taken: the fault is in the line, not in the messages."""
    return bool(receipts) and all(one.outcome is Outcome.NOT_TAKEN for one in receipts)


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
    claim: Claim, receipts: Sequence[Receipt], now: datetime, timer: datetime
) -> dict[str, object]:
    """Say what the batch is after its answer."""
    outcomes = Counter(receipt.outcome for receipt in receipts)
    first = col(Batch.state) == BatchState.SENDING.value  # a later word counts nothing twice
    counted: dict[str, object] = {
        "accepted": Batch.accepted + case((first, outcomes[Outcome.ACCEPTED]), else_=0),
        "rejected": Batch.rejected + case((first, outcomes[Outcome.REJECTED]), else_=0),
    }
    if Outcome.NOT_TAKEN in outcomes:
        refusal = next(one for one in receipts if one.outcome is Outcome.NOT_TAKEN)
        return counted | {
            "not_before": timer + back_off(claim.attempts),
            "note": f"{refusal.code}: {refusal.detail}",
        }
    return counted | {"finished_at": now}


def _close_batch(claim: Claim, values: dict[str, object]) -> Update:
    return (
        update(Batch)
        .where(
            col(Batch.issue_number) == claim.issue_number,
            col(Batch.number) == claim.batch,
            col(Batch.attempt_id) == claim.attempt_id,
        )
        .values({"leased_until": None, "state": state_by_copies(), **values})
        .execution_options(synchronize_session=False)
    )


def _line_works(session: Session, issue_number: int) -> bool:
    accepted = select(col(Delivery.subscriber_id)).where(
        col(Delivery.issue_number) == issue_number,
        col(Delivery.state) == DeliveryState.ACCEPTED.value,
    )
    return session.execute(accepted.limit(1)).first() is not None


def _hold_leftovers(session: Session, claim: Claim, receipt: Receipt, now: datetime) -> None:
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.issue_number) == claim.issue_number,
            col(Delivery.batch) == claim.batch,
            col(Delivery.state) == DeliveryState.QUEUED.value,
        )
        .values(state=DeliveryState.HELD.value, reason=f"deferred-{receipt.code}", settled_at=now)
    )
    session.execute(_close_batch(claim, {"finished_at": now}))
