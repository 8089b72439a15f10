"""The sending loop: claim a batch, send it with no transaction open, record the answer."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy.exc import OperationalError

from newsletter import faults
from newsletter.database import Database
from newsletter.delivery.claiming import Claim, Lease, claim, free_editions, renew
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.mime import Composer
from newsletter.delivery.recording import expire, pause, record, refused_whole, settle
from newsletter.delivery.transport import Transport
from newsletter.editions.letters import letter
from newsletter.errors import NewsletterError
from newsletter.issues import store
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from schedules.clock import Clock

log = structlog.get_logger()

Progress = Callable[[int], None]
"""Told after each batch how many recipients it had."""

RECORD_TRIES = 3
"""An answer is worth more than a locked database: each try waits as long as the database does."""

_LEASE_LOST = Receipt(
    Outcome.NOT_TAKEN, code="lease-lost", detail="The batch took too long and was given up."
)


def _unwritten(fault: NewsletterError) -> Receipt:
    """Say why no message of a mailing could be written; nothing was handed over."""
    return Receipt(Outcome.NOT_TAKEN, code=fault.code, detail=str(fault), needs_operator=True)


def silent(_recipients: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one pass came to.

    Attributes:
        messages: how many were handed over.
        line_is_down: nothing of the last batch was taken.
        paused: issues that wait for an operator, each with the receipt that says why.
        doubtful: issues with deliveries that newly are in doubt.
    """

    messages: int = 0
    line_is_down: bool = False
    paused: Mapping[int, Receipt] = field(default_factory=dict)
    doubtful: frozenset[int] = frozenset()

    def and_then(self, other: "Sent") -> "Sent":
        """Add what came next."""
        return Sent(
            self.messages + other.messages,
            other.line_is_down,
            {**self.paused, **other.paused},
            self.doubtful | other.doubtful,
        )


@dataclass(frozen=True, slots=True)
class Sender:
    """Everything the loop needs, and under whose name it works.

    Attributes:
        database: the truth.
        transport: the way out.
        letterhead: makes mailings and messages.
        clock: the instant as of which this is done; written down with every outcome.
        timer: the real instant, by which leases and delays are counted.
        worker: name of this process, for the batch rows.
        lease: how long this process may be silent about a batch.
        stopped: asked before each claim; True ends the loop after the batch in flight.
    """

    database: Database
    transport: Transport
    letterhead: Letterhead
    clock: Clock
    timer: Clock
    worker: str
    lease: timedelta
    stopped: Callable[[], bool] = lambda: False

    def send_due(self, progress: Progress = silent) -> Sent:
        """Send every batch that is free now, then settle what balances.

        It never waits: a batch that was not taken is free again later, and the next call finds
        it. When nothing of a batch is taken the line is down, and the pass ends there.
        """
        sent = Sent(doubtful=self._expire())
        with self.database.reading() as session:
            issues = store.in_state(session, IssueState.SENDING)
        for issue in issues:
            sent = self._send_issue(sent, issue, progress)
        self._settle()
        return sent

    def _send_issue(self, sent: Sent, issue: Issue, progress: Progress) -> Sent:
        """Send what is free of one issue, edition after edition.

        All of them are written before anything is claimed, so that one that cannot be written
        leaves no batch in doubt; then each once more, so that only one is held in memory.
        """
        editions = self._free_editions(issue)
        for edition in editions:
            try:
                Composer(self._mailing(issue, edition))
            except NewsletterError as fault:
                return sent.and_then(self._pause(issue.number, _unwritten(fault)))
        for edition in editions:
            mailing = self._mailing(issue, edition)
            while not (sent.line_is_down or self.stopped()) and (
                held := self._claim(issue.number, edition)
            ):
                sent = sent.and_then(self._send(held, mailing))
                progress(len(held.recipients))
        return sent

    def _free_editions(self, issue: Issue) -> list[int | None]:
        with self.database.reading() as session:
            return free_editions(
                session, self._lease(), now=self.clock(), issue_number=issue.number
            )

    def _mailing(self, issue: Issue, edition: int | None) -> Mailing:
        if edition is None:
            return self.letterhead.mailing(issue)
        with self.database.writing() as session:
            written = letter(session, issue, edition)
        return self.letterhead.mailing_of_edition(issue, edition, written)

    def _claim(self, issue_number: int, edition: int | None = None) -> Claim | None:
        with self.database.writing() as session:
            held = claim(
                session,
                self._lease(),
                now=self.clock(),
                issue_number=issue_number,
                edition=edition,
            )
            faults.point("claim.before-commit")
        return held

    def _send(self, held: Claim, mailing: Mailing) -> Sent:
        faults.point("send.claimed")
        messages = [
            self.letterhead.message(held.issue_number, held.issue_date, recipient, held.attempt_id)
            for recipient in held.recipients
        ]
        receipts = self._hand_over(held, mailing, messages)
        faults.point("send.answered")
        stopper = self._record(held, receipts)
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
            line_is_down=refused_whole(receipts),
            paused={held.issue_number: stopper} if stopper else {},
            doubtful=frozenset({held.issue_number} if Outcome.UNKNOWN in outcomes else ()),
        )

    def _hand_over(self, held: Claim, mailing: Mailing, messages: list[Message]) -> list[Receipt]:
        """Send in calls of the size the transport takes, with the lease renewed before each."""
        receipts: list[Receipt] = []
        for start in range(0, len(messages), self.transport.most):
            if start and not self._renew(held):
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

    def _record(self, held: Claim, receipts: list[Receipt]) -> Receipt | None:
        for tries_left in reversed(range(RECORD_TRIES)):
            try:
                with self.database.writing() as session:
                    stopper = record(session, held, receipts, now=self.clock(), timer=self.timer())
                    faults.point("record.before-commit")
            except OperationalError:
                if not tries_left:
                    raise
            else:
                return stopper
        raise AssertionError  # the last try either returned or raised

    def _renew(self, held: Claim) -> bool:
        with self.database.writing() as session:
            return renew(session, held, self._lease())

    def _lease(self) -> Lease:
        return Lease(self.worker, secrets.token_hex(16), self.timer(), self.lease)

    def _expire(self) -> frozenset[int]:
        with self.database.writing() as session:
            doubtful = expire(session, now=self.clock(), timer=self.timer())
        if doubtful:
            log.warning("batches_unknown", issues=sorted(doubtful))
        return doubtful

    def _pause(self, issue_number: int, receipt: Receipt) -> Sent:
        with self.database.writing() as session:
            paused = pause(session, issue_number, receipt, now=self.clock())
        return Sent(paused={issue_number: receipt} if paused else {})

    def _settle(self) -> None:
        with self.database.writing() as session:
            for issue in store.in_state(session, IssueState.SENDING):
                if settle(session, issue.number, now=self.clock()):
                    log.info("issue_settled", issue=issue.number)
