"""What came back is written down, by the rules of the outcome table and never by a guess."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Update, bindparam, exists, or_, select, update
from sqlmodel import Session, col

from newsletter.delivery.books import balance
from newsletter.delivery.claiming import Claim
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.issues import store
from newsletter.issues.states import IssueEvent, IssueState

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=15)
MOST_ATTEMPTS = 8
"""Refusals of one whole batch in a row after which the issue is paused instead of tried again."""

_STATES = {
    Outcome.ACCEPTED: DeliveryState.ACCEPTED,
    Outcome.REJECTED: DeliveryState.REJECTED,
    Outcome.UNKNOWN: DeliveryState.UNKNOWN,
    Outcome.NOT_TAKEN: DeliveryState.QUEUED,  # also when it was thought lost in the meantime
}


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
        session.execute(_settle_deliveries(claim.issue_number), _changes(claim, receipts, now))
    session.execute(_close_batch(claim, _after(claim, receipts, now, timer)))
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


def _changes(claim: Claim, receipts: Sequence[Receipt], now: datetime) -> list[dict[str, object]]:
    return [
        {
            "who": recipient.id,
            "new_state": _STATES[receipt.outcome].value,
            "why": None if receipt.outcome is Outcome.NOT_TAKEN else receipt.code,
            "provider": receipt.provider_id,
            "attempt": claim.attempt_id if receipt.outcome is Outcome.UNKNOWN else None,
            "at": None if receipt.outcome is Outcome.NOT_TAKEN else now,
        }
        for recipient, receipt in zip(claim.recipients, receipts, strict=True)
    ]


def _settle_deliveries(issue_number: int) -> Update:
    return (
        update(Delivery.__table__)  # type: ignore[attr-defined]
        .where(
            col(Delivery.issue_number) == issue_number,
            col(Delivery.subscriber_id) == bindparam("who"),
            or_(  # not IN: an executemany has one statement for all rows
                col(Delivery.state) == DeliveryState.QUEUED.value,
                col(Delivery.state) == DeliveryState.UNKNOWN.value,
            ),
        )
        .values(
            state=bindparam("new_state"),
            reason=bindparam("why"),
            provider_id=bindparam("provider"),
            attempt_id=bindparam("attempt"),
            settled_at=bindparam("at"),
        )
    )


def _after(
    claim: Claim, receipts: Sequence[Receipt], now: datetime, timer: datetime
) -> dict[str, object]:
    """Say what the batch is after its answer."""
    outcomes = Counter(receipt.outcome for receipt in receipts)
    counted = {
        "accepted": Batch.accepted + outcomes[Outcome.ACCEPTED],
        "rejected": Batch.rejected + outcomes[Outcome.REJECTED],
    }
    if Outcome.NOT_TAKEN in outcomes:
        refusal = next(one for one in receipts if one.outcome is Outcome.NOT_TAKEN)
        return counted | {
            "state": BatchState.QUEUED.value,
            "not_before": timer + back_off(claim.attempts),
            "note": f"{refusal.code}: {refusal.detail}",
        }
    state = BatchState.UNKNOWN if Outcome.UNKNOWN in outcomes else BatchState.DONE
    return counted | {"state": state.value, "finished_at": now}


def _close_batch(claim: Claim, values: dict[str, object]) -> Update:
    return (
        update(Batch)
        .where(
            col(Batch.issue_number) == claim.issue_number,
            col(Batch.number) == claim.batch,
            col(Batch.attempt_id) == claim.attempt_id,
        )
        .values(leased_until=None, **values)
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
    session.execute(_close_batch(claim, {"state": BatchState.DONE.value, "finished_at": now}))


def pause(session: Session, issue_number: int, receipt: Receipt, *, now: datetime) -> bool:
    """Pause an issue that is sending, with what stopped it as the reason; False for any other."""
    issue = store.locked(session, issue_number)
    if issue.state != IssueState.SENDING.value:
        return False
    reason = f"code {receipt.code}: {receipt.detail}"
    store.change(session, issue, IssueEvent.PAUSED, now=now, actor="sender", reason=reason)
    return True


def expire(session: Session, *, now: datetime, timer: datetime) -> frozenset[int]:
    """Turn batches whose worker fell silent into unknown ones; nothing is ever sent again by this.

    Args:
        session: for writing.
        now: written down as the time of the outcome.
        timer: the real instant, by which leases end.

    Returns:
        The issues they belong to.
    """
    silent = session.execute(
        update(Batch)
        .where(col(Batch.state) == BatchState.SENDING.value, col(Batch.leased_until) < timer)
        .values(state=BatchState.UNKNOWN.value)
        .returning(col(Batch.issue_number), col(Batch.number), col(Batch.attempt_id))
    ).all()
    for issue_number, number, attempt_id in silent:
        session.execute(
            update(Delivery)
            .where(
                col(Delivery.issue_number) == issue_number,
                col(Delivery.batch) == number,
                col(Delivery.state) == DeliveryState.QUEUED.value,
            )
            .values(
                state=DeliveryState.UNKNOWN.value,
                reason="worker-silent",
                attempt_id=attempt_id,
                settled_at=now,
            )
        )
    return frozenset(issue_number for issue_number, _, _ in silent)


def settle(session: Session, issue_number: int, *, now: datetime) -> bool:
    """Close an issue when its books balance and its last wave has come; say whether it is closed.

    Computed from the rows each time, so that it cannot matter where a process died before.
    """
    issue = store.locked(session, issue_number)
    if issue.state != IssueState.SENDING.value:
        return issue.state == IssueState.SETTLED.value
    if issue.joins_until is not None and now < issue.joins_until:
        return False  # who comes until then is still to join
    open_batches = exists(
        select(col(Batch.number)).where(
            col(Batch.issue_number) == issue_number, col(Batch.state) != BatchState.DONE.value
        )
    )
    if session.execute(select(open_batches)).scalar_one():
        return False
    if not balance(session, issue_number, issue.audience).settled:
        return False
    store.change(session, issue, IssueEvent.SETTLED, now=now, actor="books")
    return True
