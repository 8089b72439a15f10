"""One claimed batch is handed over, with no transaction open, and the answer is recorded."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from newsletter import faults
from newsletter.database import Database
from newsletter.delivery.claiming import Claim, is_ours, renew
from newsletter.delivery.deciding import skip_rest
from newsletter.delivery.free import Lease
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.pacing import Line, asks_for_patience, patience
from newsletter.delivery.recording import back_off, record, refused_whole
from newsletter.delivery.sent import Sent
from newsletter.delivery.transport import Transport
from newsletter.issues import store
from newsletter.issues.states import IssueState
from schedules.clock import Clock

log = structlog.get_logger()

RECORD_TRIES = 3
"""An answer is worth more than a locked database: each try waits as long as the database does."""

_LEASE_LOST = Receipt(
    Outcome.NOT_TAKEN, code="lease-lost", detail="The batch took too long and was given up."
)


@dataclass(frozen=True, slots=True)
class Handing:
    """What it takes to hand over a batch that was claimed.

    Attributes:
        database: the truth.
        transport: the way out.
        letterhead: makes messages.
        clock: the instant as of which this is done; written down with every outcome.
        timer: the real instant, by which leases and delays are counted.
        renewal: gives the lease to hold the batch under from now on.
    """

    database: Database
    transport: Transport
    letterhead: Letterhead
    clock: Clock
    timer: Clock
    renewal: Callable[[], Lease]

    def send(self, held: Claim, mailing: Mailing) -> Sent:
        """Hand over the copies of a claim and record what came back."""
        faults.point("send.claimed")
        messages = [
            self.letterhead.message(held.issue_number, held.issue_date, recipient, held.attempt_id)
            for recipient in held.recipients
        ]
        receipts = self._hand_over(held, mailing, messages)
        faults.point("send.answered")
        stopper = self.record(held, receipts)
        faults.point("send.recorded")
        outcomes = {receipt.outcome for receipt in receipts}
        log.info(
            "batch_recorded",
            issue=held.issue_number,
            batch=held.batch,
            messages=len(messages),
            outcomes=sorted(outcomes),
        )
        return Sent(
            messages=len(messages),
            rejected=sum(receipt.outcome is Outcome.REJECTED for receipt in receipts),
            line_is_down=refused_whole(receipts),
            paused={held.issue_number: stopper} if stopper else {},
            doubtful=frozenset({held.issue_number} if Outcome.UNKNOWN in outcomes else ()),
        )

    def _hand_over(self, held: Claim, mailing: Mailing, messages: list[Message]) -> list[Receipt]:
        """Send in calls of the size the transport takes, with the lease renewed before each.

        The last thing before a call is a look at the real clock: a process that was frozen since
        its claim wakes up here, and by then its batch may be in other hands.
        """
        receipts: list[Receipt] = []
        until: datetime | None = held.until
        for start in range(0, len(messages), self.transport.most):
            if start:
                until = self._renew(held)
            if until is None or self.timer() >= until:
                log.warning("lease_lost", issue=held.issue_number, batch=held.batch)
                return receipts + [_LEASE_LOST] * (len(messages) - start)
            receipts += self._call(mailing, messages[start : start + self.transport.most])
        return receipts

    def _call(self, mailing: Mailing, messages: list[Message]) -> list[Receipt]:
        try:
            return self.transport.send(mailing, messages)
        except Exception as fault:  # noqa: BLE001
            # It has broken its contract, so nobody knows what left; let no other batch follow.
            kind = type(fault).__name__
            log.error("transport_raised", transport=self.transport.name, kind=kind)  # noqa: TRY400
            doubt = Receipt(
                Outcome.UNKNOWN,
                code="transport-raised",
                detail=f"The {self.transport.name} transport failed with {kind}; report this.",
                needs_operator=True,
            )
            return [doubt] * len(messages)

    def record(self, held: Claim, receipts: list[Receipt]) -> Receipt | None:
        """Write down what came back, once or as often as it takes.

        Returns:
            The receipt for which the issue was paused, if it was.
        """
        for tries_left in reversed(range(RECORD_TRIES)):
            try:
                with self.database.writing() as session:
                    stopper = self._write_down(session, held, receipts)
                    faults.point("record.before-commit")
            except OperationalError:
                if not tries_left:
                    raise
            else:
                return stopper
        raise AssertionError  # the last try either returned or raised

    def _write_down(self, session: Session, held: Claim, receipts: list[Receipt]) -> Receipt | None:
        if _LEASE_LOST in receipts and not is_ours(session, held):
            known = receipts.index(_LEASE_LOST)  # of the rest, whoever has the batch now knows more
            held, receipts = replace(held, recipients=held.recipients[:known]), receipts[:known]
        timer = self.timer()
        stopper = record(session, held, receipts, now=self.clock(), timer=timer)
        if asks_for_patience(receipts):
            delay = patience(back_off(held.attempts), held.attempt_id)
            Line(self.transport.name).close(session, timer + delay)
        if any(receipt.outcome is Outcome.NOT_TAKEN for receipt in receipts):
            self._skip_what_was_cancelled(session, held.issue_number)
        return stopper

    def _skip_what_was_cancelled(self, session: Session, issue_number: int) -> None:
        """Give up what is free again, too, when its issue was given up during the call."""
        if store.locked(session, issue_number).state == IssueState.CANCELLED.value:
            skip_rest(session, issue_number, now=self.clock())

    def _renew(self, held: Claim) -> datetime | None:
        """Hold a claim for longer, and give until when; None when it was given up."""
        lease = self.renewal()
        with self.database.writing() as session:
            return lease.end if renew(session, held, lease) else None
