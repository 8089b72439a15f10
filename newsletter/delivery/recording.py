"""What came back is written down, by the rules of the outcome table and never by a guess."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, String, Update, and_, bindparam, case, exists, or_, select, update
from sqlmodel import Session, col

from newsletter.delivery.books import balance
from newsletter.delivery.claiming import Claim
from newsletter.delivery.doubting import close_doubts, open_doubt, restate, state_by_copies
from newsletter.delivery.message import NEWSLETTER_STREAM, Outcome, Receipt
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState, Doubt
from newsletter.delivery.probing import probe
from newsletter.issues import store
from newsletter.issues.states import IssueEvent, IssueState

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=15)
WORKER_SILENT = "worker-silent"
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
        session.execute(_settle_deliveries(claim), _changes(claim, receipts, now))
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


def _changes(claim: Claim, receipts: Sequence[Receipt], now: datetime) -> list[dict[str, object]]:
    return [
        {
            "who": recipient.id,
            "new_state": _STATES[receipt.outcome].value,
            "why": None if receipt.outcome is Outcome.NOT_TAKEN else receipt.code,
            "provider": receipt.provider_id if receipt.outcome is Outcome.ACCEPTED else None,
            "attempt": claim.attempt_id if receipt.outcome is Outcome.UNKNOWN else None,
            "at": None if receipt.outcome is Outcome.NOT_TAKEN else now,
        }
        for recipient, receipt in zip(claim.recipients, receipts, strict=True)
    ]


def _settle_deliveries(claim: Claim) -> Update:
    """Say what each copy is now, where nobody knows better.

    An answer that comes after its worker was given up finds copies that were moved on. That they
    were accepted is true whatever happened since; anything else it may say only of copies that are
    in doubt because of this very call, and not of one that another call has put in doubt.
    """
    state = col(Delivery.state)
    accepted = bindparam("new_state", type_=String) == DeliveryState.ACCEPTED.value
    own = col(Delivery.attempt_id) == claim.attempt_id
    return (
        update(Delivery.__table__)  # type: ignore[attr-defined]
        .where(
            col(Delivery.issue_number) == claim.issue_number,
            col(Delivery.subscriber_id) == bindparam("who"),
            or_(  # not IN: an executemany has one statement for all rows
                state == DeliveryState.QUEUED.value,
                and_(state == DeliveryState.UNKNOWN.value, or_(own, accepted)),
                and_(state == DeliveryState.HELD.value, accepted),
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
        .returning(
            col(Batch.issue_number),
            col(Batch.number),
            col(Batch.attempt_id),
            col(Batch.leased_until),
        )
    ).all()
    for issue_number, number, attempt_id, ended_at in silent:
        lost = session.execute(
            update(Delivery)
            .where(
                col(Delivery.issue_number) == issue_number,
                col(Delivery.batch) == number,
                col(Delivery.state) == DeliveryState.QUEUED.value,
            )
            .values(
                state=DeliveryState.UNKNOWN.value,
                reason=WORKER_SILENT,
                attempt_id=attempt_id,
                settled_at=now,
            )
            .returning(col(Delivery.subscriber_id))
        ).all()
        if lost:
            open_doubt(
                session,
                Doubt(
                    attempt_id=attempt_id,
                    issue_number=issue_number,
                    batch=number,
                    stream=NEWSLETTER_STREAM,
                    size=len(lost),
                    ended_at=ended_at,
                    look_at=ended_at,
                    note=WORKER_SILENT,
                ),
            )
    restate(session, [(issue_number, number) for issue_number, number, _, _ in silent], now=now)
    return frozenset(issue_number for issue_number, _, _, _ in silent)


Copy = tuple[int, int, str]
"""Issue, row id of the subscriber, and the provider's name for the message that was accepted."""

SENT_TWICE = "sent-twice"
"""Reason of an accepted copy for which the provider shows two messages."""

_OPEN_TO_PROOF = (DeliveryState.QUEUED, DeliveryState.UNKNOWN, DeliveryState.HELD)


@dataclass(frozen=True, slots=True)
class Proved:
    """What evidence came to: how many copies it settled, and how many were accepted twice."""

    accepted: int = 0
    doubled: int = 0


def prove(
    session: Session, copies: Iterable[Copy], *, now: datetime, timer: datetime | None = None
) -> Proved:
    """Make copies accepted that the provider shows to have been, whatever we thought of them.

    Doing so again changes nothing. What they leave behind is closed: a doubt of which no copy is
    open, a batch that no worker holds. A copy that is accepted already under another name is a
    second letter: it is marked, and its issue paused.

    Args:
        session: for writing.
        copies: what was seen.
        now: written down as the time of the outcome.
        timer: the real instant, where it is another one.
    """
    proved = Proved()
    of_issue: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for issue_number, subscriber_id, provider_id in copies:
        of_issue[issue_number][subscriber_id].add(provider_id)
    for issue_number, seen in sorted(of_issue.items()):
        one = _prove(session, issue_number, seen, now, timer or now)
        proved = Proved(proved.accepted + one.accepted, proved.doubled + one.doubled)
    return proved


def _prove(
    session: Session, issue_number: int, seen: dict[int, set[str]], now: datetime, timer: datetime
) -> Proved:
    rows = session.execute(
        select(
            col(Delivery.subscriber_id),
            col(Delivery.state),
            col(Delivery.reason),
            col(Delivery.batch),
            col(Delivery.attempt_id),
            col(Delivery.provider_id),
        )
        .where(col(Delivery.issue_number) == issue_number, col(Delivery.subscriber_id).in_(seen))
        .order_by(col(Delivery.subscriber_id))
        .with_for_update()
    ).all()
    fresh = [row for row in rows if row.state in _OPEN_TO_PROOF]
    if fresh:
        session.execute(
            _accept(issue_number, now),
            [{"who": row.subscriber_id, "provider": min(seen[row.subscriber_id])} for row in fresh],
        )
        for batch, copies in Counter(row.batch for row in fresh).items():
            session.execute(_count_accepted(issue_number, batch, copies))
        attempts = {row.attempt_id for row in fresh if row.attempt_id}
        close_doubts(session, attempts, at=timer)
        restate(session, {(issue_number, row.batch) for row in fresh}, now=now)
    doubled = [row.subscriber_id for row in rows if _is_second(row, seen[row.subscriber_id])]
    if doubled:
        _mark_doubled(session, issue_number, doubled, now)
    return Proved(len(fresh), len(doubled))


def _accept(issue_number: int, now: datetime) -> Update:
    return (
        update(Delivery.__table__)  # type: ignore[attr-defined]
        .where(
            col(Delivery.issue_number) == issue_number,
            col(Delivery.subscriber_id) == bindparam("who"),
        )
        .values(
            state=DeliveryState.ACCEPTED.value,
            reason=None,
            provider_id=bindparam("provider"),
            attempt_id=None,
            settled_at=now,
        )
    )


def _count_accepted(issue_number: int, batch: int, copies: int) -> Update:
    return (
        update(Batch)
        .where(col(Batch.issue_number) == issue_number, col(Batch.number) == batch)
        .values(accepted=Batch.accepted + copies)
        .execution_options(synchronize_session=False)
    )


def _is_second(row: Row[Any], seen: set[str]) -> bool:
    """Say whether what is seen of a copy is one letter more than is known already."""
    if row.state in _OPEN_TO_PROOF:
        return len(seen) > 1
    known = {row.provider_id} if row.provider_id else set()
    return (
        row.state == DeliveryState.ACCEPTED.value
        and row.reason != SENT_TWICE
        and len(known | seen) > 1
    )


def _mark_doubled(session: Session, issue_number: int, who: list[int], now: datetime) -> None:
    session.execute(
        update(Delivery)
        .where(col(Delivery.issue_number) == issue_number, col(Delivery.subscriber_id).in_(who))
        .values(reason=SENT_TWICE)
    )
    detail = f"The provider shows two messages for {len(who)} copies; see the report of the issue."
    pause(session, issue_number, Receipt(Outcome.ACCEPTED, code=SENT_TWICE, detail=detail), now=now)


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
