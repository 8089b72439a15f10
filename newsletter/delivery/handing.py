"""One claimed batch is handed over, with no transaction open, and the answer is recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog
from sqlmodel import Session

from newsletter import faults
from newsletter.database import UNAVAILABLE, Database
from newsletter.delivery.claiming import Claim, Recipient
from newsletter.delivery.doubting import lost_lately
from newsletter.delivery.free import Lease
from newsletter.delivery.holding import is_ours, renew, still_there
from newsletter.delivery.inactive import Hear, among
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import NOT_TRIED, Mailing, Outcome, Receipt
from newsletter.delivery.pacing import (
    Line,
    closing,
    loses_answers,
    patience,
    says_nothing_of_the_line,
)
from newsletter.delivery.recording import (
    Recorded,
    all_taken,
    back_off,
    record,
    refused_whole,
)
from newsletter.delivery.sent import Sent
from newsletter.delivery.transport import Transport
from schedules.clock import Clock

log = structlog.get_logger()

LOST_BY_CHANCE = 2
"""Calls in doubt of the last hour. When there are more, and one comes to nothing but doubt, the line rests,
the longer the more there are: it may lose every answer, and a whole audience would be in doubt soon."""

_LEASE_LOST = Receipt(
    Outcome.NOT_TAKEN, code="lease-lost", detail="The batch took too long and was given up."
)

_NOT_BEGUN = frozenset({_LEASE_LOST, NOT_TRIED})


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
        line: the way to the provider, which all workers share.
        hears: takes in which readers the provider writes to no more.
    """

    database: Database
    transport: Transport
    letterhead: Letterhead
    clock: Clock
    timer: Clock
    renewal: Callable[[], Lease]
    line: Line
    hears: Hear

    def send(self, held: Claim, mailing: Mailing) -> Sent:
        """Hand over the copies of a claim and record what came back."""
        faults.point("send.claimed")
        held, receipts = self._hand_over(held, mailing)
        faults.point("send.answered")
        recorded = self.record(held, receipts)
        faults.point("send.recorded")
        outcomes = {receipt.outcome for receipt in receipts}
        log.info(
            "batch_recorded",
            issue=held.issue_number,
            batch=held.batch,
            messages=len(receipts),
            outcomes=sorted(outcomes),
        )
        return Sent(
            messages=len(receipts),
            rejected=sum(receipt.outcome is Outcome.REJECTED for receipt in receipts),
            line_is_down=recorded.line_rests
            or (
                refused_whole(receipts)
                and not says_nothing_of_the_line(receipts, leftover=held.is_leftover)
            ),
            paused={held.issue_number: recorded.stopper} if recorded.stopper else {},
            put_off=frozenset({held.issue_number} if recorded.put_off else ()),
            doubtful=frozenset({held.issue_number} if Outcome.UNKNOWN in outcomes else ()),
        )

    def _hand_over(self, held: Claim, mailing: Mailing) -> tuple[Claim, list[Receipt]]:
        """Send in calls of the size the transport takes, with the claim confirmed before each.

        The last thing before a call is a look at the real clock: a process that was frozen since
        its claim wakes up here, and by then its batch may be in other hands. The transport takes
        the same look before each call of its own, of which it may need several.

        Returns:
            The claim with those alone who were still there, and a receipt for each of them.
        """
        handed: list[Recipient] = []
        receipts: list[Receipt] = []
        for start in range(0, len(held.recipients), self.transport.most):
            following = held.recipients[start : start + self.transport.most]
            confirmed = self._confirm(held, following)
            if confirmed is None or self.timer() >= confirmed.until:
                log.warning("lease_lost", issue=held.issue_number, batch=held.batch)
                rest = held.recipients[start:]
                handed += rest
                receipts += [_LEASE_LOST] * len(rest)
                break
            held = replace(held, until=confirmed.until)
            handed += confirmed.recipients
            receipts += self._call(held, mailing, confirmed.recipients)
        return replace(held, recipients=tuple(handed)), receipts

    def _call(
        self, held: Claim, mailing: Mailing, recipients: Sequence[Recipient]
    ) -> list[Receipt]:
        if not recipients:
            return []
        messages = self.letterhead.messages(
            held.issue_number, held.issue_date, recipients, held.attempt_id
        )
        try:
            return self.transport.send(
                mailing, messages, may_go_on=lambda: self.timer() < held.until
            )
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

    def record(self, held: Claim, receipts: list[Receipt]) -> Recorded:
        """Write down what came back, once or as often as it takes.

        While the lease lasts nobody else says anything of the batch. After it others may have given
        it up, which recording bears: an answer is worth more than a lease.
        """

        def work(session: Session) -> Recorded:
            recorded = self._write_down(session, held, receipts)
            faults.point("record.before-commit")
            return recorded

        return self.database.write_surely(work, lasting=held.until - self.timer())

    def _write_down(self, session: Session, held: Claim, receipts: list[Receipt]) -> Recorded:
        now, timer = self.clock(), self.timer()
        if all_taken(
            receipts
        ):  # nearly always; nothing below would find anything, and each look takes time
            return record(session, held, receipts, now=now, timer=timer)
        if inactive := among(held, receipts):
            self.hears(session, inactive, now)  # first: readers are locked before their copies
        if not _NOT_BEGUN.isdisjoint(receipts) and not is_ours(session, held):
            held, receipts = _begun(held, receipts)
        recorded = record(session, held, receipts, now=now, timer=timer)
        delay = back_off(held.attempts)
        pause = closing(receipts, delay, held.attempt_id, leftover=held.is_leftover)
        if loses_answers(receipts) and (many := _too_many(lost_lately(session, timer))):
            rest = patience(back_off(many), held.attempt_id)
            pause, recorded = max(pause or rest, rest), replace(recorded, line_rests=True)
        if pause:
            self.line.close(session, timer, pause)
        return recorded

    def _confirm(self, held: Claim, following: Sequence[Recipient]) -> Claim | None:
        """Hold a claim for longer, for those who are next and have not left since.

        None when its lease is over or it was given up, or when the database does not say: then what
        is in hand is recorded, which is tried for long, and the rest leaves another time.
        """
        if self.timer() >= held.until:
            return None
        lease = self.renewal()
        try:
            with self.database.writing() as session:
                if not renew(session, held, lease):
                    return None
                still = still_there(session, held, following, now=self.clock())
        except UNAVAILABLE as fault:
            log.warning("claim_not_confirmed", batch=held.batch, kind=type(fault).__name__)
            return None
        return replace(held, until=lease.end, recipients=tuple(still))


def _too_many(lost: int) -> int:
    return max(lost - LOST_BY_CHANCE, 0)


def _begun(held: Claim, receipts: Sequence[Receipt]) -> tuple[Claim, list[Receipt]]:
    """Leave out what was not begun: of that, whoever has the batch now knows more."""
    known = [
        (recipient, receipt)
        for recipient, receipt in zip(held.recipients, receipts, strict=True)
        if receipt not in _NOT_BEGUN
    ]
    recipients = tuple(recipient for recipient, _ in known)
    return replace(held, recipients=recipients), [receipt for _, receipt in known]
