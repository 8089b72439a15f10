"""What came back is written down, by the rules of the outcome table and never by a guess."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, or_, select, update
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
}


def back_off(attempts: int) -> timedelta:
    """Give how long a batch that was certainly not taken waits, after so many attempts (1 …)."""
    doublings = min(attempts - 1, 10)
    return min(LONGEST_DELAY, FIRST_DELAY * (1 << doublings))


def record(session: Session, claim: Claim, receipts: Sequence[Receipt], *, now: datetime) -> None:
    """Write down one receipt for each recipient of the claim, in order.

    Accepted, rejected and unknown are written to the deliveries; what was not taken stays queued,
    and its batch is free again after a delay. When a whole batch was refused too often, the issue
    is paused, for then the fault is in the configuration and not in the line.
    """
    changes = [
        {
            "who": recipient.id,
            "new_state": _STATES[receipt.outcome].value,
            "why": receipt.code,
            "provider": receipt.provider_id,
            "attempt": claim.attempt_id if receipt.outcome is Outcome.UNKNOWN else None,
        }
        for recipient, receipt in zip(claim.recipients, receipts, strict=True)
        if receipt.outcome in _STATES
    ]
    if changes:
        session.execute(
            update(Delivery.__table__)  # type: ignore[attr-defined]
            .where(
                col(Delivery.issue_number) == claim.issue_number,
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
                settled_at=now,
            ),
            changes,
        )
    _close(session, claim, receipts, now)


def _close(session: Session, claim: Claim, receipts: Sequence[Receipt], now: datetime) -> None:
    outcomes = Counter(receipt.outcome for receipt in receipts)
    values: dict[str, object] = {"leased_until": None, "finished_at": now}
    if outcomes[Outcome.NOT_TAKEN]:
        values |= {"state": BatchState.QUEUED.value, "not_before": now + back_off(claim.attempts)}
    elif outcomes[Outcome.UNKNOWN]:
        values |= {"state": BatchState.UNKNOWN.value}
    else:
        values |= {"state": BatchState.DONE.value}
    session.execute(
        update(Batch)
        .where(
            col(Batch.issue_number) == claim.issue_number,
            col(Batch.number) == claim.batch,
            col(Batch.attempt_id) == claim.attempt_id,
        )
        .values(**values)
    )
    refused = outcomes[Outcome.NOT_TAKEN] == len(receipts) > 0
    if refused and claim.attempts >= MOST_ATTEMPTS:
        _pause(session, claim, receipts[0], now)


def _pause(session: Session, claim: Claim, receipt: Receipt, now: datetime) -> None:
    issue = store.get(session, claim.issue_number)
    if issue.state == IssueState.SENDING.value:
        reason = f"refused {claim.attempts} times, code {receipt.code}: {receipt.detail}"
        store.change(
            session, issue, IssueEvent.PAUSED, now=now, actor=claim.attempt_id, reason=reason
        )


def expire(session: Session, *, now: datetime) -> int:
    """Turn batches whose worker fell silent into unknown ones; nothing is ever sent again by this.

    Returns:
        How many batches.
    """
    silent = session.execute(
        update(Batch)
        .where(col(Batch.state) == BatchState.SENDING.value, col(Batch.leased_until) < now)
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
    return len(silent)


def settle(session: Session, issue_number: int, *, now: datetime) -> bool:
    """Close an issue when its books balance; say whether they do.

    Computed from the rows each time, so that it cannot matter where a process died before.
    """
    issue = store.get(session, issue_number)
    if issue.state != IssueState.SENDING.value:
        return issue.state == IssueState.SETTLED.value
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
