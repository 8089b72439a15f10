"""The sending loop: claim a batch, send it with no transaction open, record the answer."""

import secrets
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from newsletter import faults
from newsletter.database import Database
from newsletter.delivery.claiming import Claim, Lease, Recipient, claim
from newsletter.delivery.headers import EMAIL, UNSUBSCRIBE, newsletter_headers
from newsletter.delivery.message import Mailing, Message, Receipt
from newsletter.delivery.recording import expire, record, refused_whole, settle
from newsletter.delivery.transport import Transport
from newsletter.issues import frozen, store
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from schedules.clock import Clock
from subscribers.tokens import Purpose, Signer

log = structlog.get_logger()

Progress = Callable[[int], None]
"""Told after each batch how many recipients it had."""


def silent(_recipients: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one pass came to.

    Attributes:
        messages: how many were handed over.
        line_is_down: nothing of the last batch was taken.
        paused: issues that wait for an operator, each with the receipt that says why.
    """

    messages: int = 0
    line_is_down: bool = False
    paused: Mapping[int, Receipt] = field(default_factory=dict)

    def and_then(self, other: "Sent") -> "Sent":
        """Add what came next."""
        return Sent(
            self.messages + other.messages, other.line_is_down, {**self.paused, **other.paused}
        )


@dataclass(frozen=True, slots=True)
class Sender:
    """Everything the loop needs, and under whose name it works.

    Attributes:
        database: the truth.
        transport: the way out.
        signer: makes each subscriber's unsubscribe token.
        clock: the present instant.
        name: of the newsletter, for its headers.
        address: the From header.
        reply_to: the Reply-To address, if any.
        base_url: public address of this service.
        worker: name of this process, for the batch rows.
        lease: how long this process may be silent about a batch.
        stopped: asked before each claim; True ends the loop after the batch in flight.
    """

    database: Database
    transport: Transport
    signer: Signer
    clock: Clock
    name: str
    address: str
    reply_to: str | None
    base_url: str
    worker: str
    lease: timedelta
    stopped: Callable[[], bool] = lambda: False

    def send_due(self, progress: Progress = silent) -> Sent:
        """Send every batch that is free now, then settle what balances.

        It never waits: a batch that was not taken is free again later, and the next call finds
        it. When nothing of a batch is taken the line is down, and the pass ends there.
        """
        with self.database.writing() as session:
            if silent_batches := expire(session, now=self.clock()):
                log.warning("batches_unknown", batches=silent_batches)
        sent = Sent()
        mailings: dict[int, Mailing] = {}
        while not (sent.line_is_down or self.stopped()) and (claimed := self._claim()):
            if claimed.issue_number not in mailings:
                mailings = {claimed.issue_number: self._mailing(claimed.issue_number)}
            sent = sent.and_then(self._send(claimed, mailings[claimed.issue_number]))
            progress(len(claimed.recipients))
        self._settle()
        return sent

    def _claim(self) -> Claim | None:
        lease = Lease(self.worker, secrets.token_hex(16), self.lease)
        with self.database.writing() as session:
            claimed = claim(session, lease, now=self.clock())
            faults.point("claim.before-commit")
        return claimed

    def _send(self, claimed: Claim, mailing: Mailing) -> Sent:
        faults.point("send.claimed")
        messages = [self._message(claimed, recipient) for recipient in claimed.recipients]
        receipts = self._hand_over(mailing, messages)
        faults.point("send.answered")
        with self.database.writing() as session:
            stopper = record(session, claimed, receipts, now=self.clock())
            faults.point("record.before-commit")
        faults.point("send.recorded")
        log.info(
            "batch_recorded",
            issue=claimed.issue_number,
            batch=claimed.batch,
            messages=len(messages),
            outcomes=sorted({receipt.outcome.value for receipt in receipts}),
        )
        paused = {} if stopper is None else {claimed.issue_number: stopper}
        return Sent(len(messages), refused_whole(receipts), paused)

    def _hand_over(self, mailing: Mailing, messages: list[Message]) -> list[Receipt]:
        """Send in calls of the size the transport takes; each call answers for its own."""
        most = self.transport.most
        parts = (messages[start : start + most] for start in range(0, len(messages), most))
        return [receipt for part in parts for receipt in self.transport.send(mailing, part)]

    def _message(self, claimed: Claim, recipient: Recipient) -> Message:
        token = self.signer.sign(
            Purpose.UNSUBSCRIBE,
            recipient.public_id,
            issue=claimed.issue_number,
            epoch=recipient.token_epoch,
        )
        return Message(
            delivery_id=delivery_id(claimed.issue_number, recipient.public_id),
            to=recipient.email,
            values={UNSUBSCRIBE: token, EMAIL: recipient.email},
            attempt_id=claimed.attempt_id,
        )

    def _mailing(self, issue_number: int) -> Mailing:
        with self.database.reading() as session:
            return self.mailing(store.get(session, issue_number))

    def mailing(self, issue: Issue) -> Mailing:
        """Split the frozen issue at its marks: the same for preview, test and send."""
        letter = frozen.rendered(issue)
        return Mailing(
            key=f"issue-{issue.number}",
            sender=self.address,
            reply_to=self.reply_to,
            subject=letter.subject,
            html=letter.marked_html(),
            text=letter.marked_text(),
            headers=newsletter_headers(
                name=self.name,
                sender=self.address,
                base_url=self.base_url,
                issue_number=issue.number,
                nonce=issue.nonce,
            ),
        )

    def send_test(self, mailing: Mailing, address: str, name: str) -> Receipt:
        """Send one copy that says it is a test; it has no unsubscribe header and no row."""
        marked = replace(
            mailing, key=f"{mailing.key}-test", subject=f"[Test] {mailing.subject}", headers=()
        )
        values = {UNSUBSCRIBE: "test", EMAIL: address}
        [receipt] = self.transport.send(marked, [Message(f"test.{name}", address, values, name)])
        return receipt

    def _settle(self) -> None:
        with self.database.writing() as session:
            for issue in store.in_state(session, IssueState.SENDING):
                self._settle_one(session, issue.number, self.clock())

    @staticmethod
    def _settle_one(session: Session, issue_number: int, now: datetime) -> None:
        if settle(session, issue_number, now=now):
            log.info("issue_settled", issue=issue_number)


def delivery_id(issue_number: int, public_id: str) -> str:
    """Name one subscriber's copy of one issue for ever; no address is in it.

    In hexadecimal, because some systems that see it, file systems among them, ignore case.
    """
    return f"{issue_number}-{urlsafe_b64decode(public_id).hex()}"
