"""The sending loop: which batch is next, by whom it may be sent, and when it is over."""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from newsletter import faults
from newsletter.database import Database
from newsletter.delivery.claiming import Busy, Claim, claim
from newsletter.delivery.closing import Closing, pause, settle
from newsletter.delivery.deciding import skip_cancelled
from newsletter.delivery.expiring import expire
from newsletter.delivery.free import (
    Lease,
    Terms,
    copies_of,
    free_editions,
    free_readers,
    in_turn,
)
from newsletter.delivery.guards import CHECK_EVERY, Counted, Guards, brake
from newsletter.delivery.handing import Handing
from newsletter.delivery.inactive import Hear, unheard
from newsletter.delivery.letterhead import Letterhead, mailing_key
from newsletter.delivery.marks import attempt_of
from newsletter.delivery.message import Mailing, Outcome, Receipt
from newsletter.delivery.mime import Composer
from newsletter.delivery.pacing import Line
from newsletter.delivery.sent import Progress, Sent, silent
from newsletter.delivery.transport import Counts, Transport
from newsletter.editions.letters import letter
from newsletter.errors import NewsletterError
from newsletter.issues import store
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from schedules.clock import Clock
from schedules.windows import Window

log = structlog.get_logger()

LONGEST_WAIT = timedelta(minutes=2)
"""For the line; a longer wait is left to the next pass, so that the rest of the service goes on."""


def _unwritten(fault: NewsletterError) -> Receipt:
    """Say why no message of a mailing could be written; nothing was handed over."""
    return Receipt(Outcome.NOT_TAKEN, code=fault.code, detail=str(fault), needs_operator=True)


def go_on_later(_seconds: float) -> bool:
    """Wait for nothing: the pass ends here, and the next one finds what is left."""
    return True


@dataclass(frozen=True, slots=True)
class Sender:
    """Everything the loop needs, and under whose name it works.

    Attributes:
        database: the truth.
        transport: the way out.
        letterhead: makes mailings and messages.
        window: the weekly slot: with the date of an issue it says who is to join before it is closed.
        clock: the instant as of which this is done; written down with every outcome.
        timer: the real instant, by which leases and delays are counted.
        worker: name of this process, for the batch rows.
        lease: how long this process may be silent about a batch.
        stopped: asked before each claim; True ends the loop after the batch in flight.
        may_send: asked before each claim, too; gives a reason for not sending, or None.
        outdate_copies: done before each claim: what is about to leave, no copy of the database knows.
        wait: waits so many seconds for the line, with no batch in hand; True ends the pass, as
            ``Event.wait`` of what stops this process does at once.
        guards: how careful it is.
        hears: takes in which readers the provider writes to no more.
    """

    database: Database
    transport: Transport
    letterhead: Letterhead
    window: Window
    clock: Clock
    timer: Clock
    worker: str
    lease: timedelta
    stopped: Callable[[], bool] = lambda: False
    may_send: Callable[[], str | None] = lambda: None
    outdate_copies: Callable[[], None] = lambda: None
    wait: Callable[[float], bool] = go_on_later
    guards: Guards = field(default_factory=Guards)
    hears: Hear = unheard

    @property
    def line(self) -> Line:
        """Give the way to the provider, which all workers share."""
        return Line(self.transport.name, self.guards.per_second)

    def send_due(self, progress: Progress = silent, lasting: timedelta | None = None) -> Sent:
        """Send every batch that is free now, then settle what balances.

        What is not free is left: a batch that was not taken is free again later, and the next call
        finds it. When nothing of a batch is taken the line is down, and the pass ends there. It
        lets nobody join an issue, but says by ``is_broken_off`` that somebody is to.

        Args:
            progress: told of each batch.
            lasting: for how long batches are begun, at least one of each issue; None for no end. Issues
                that leave at once have equal shares of it.
        """
        if self._is_forbidden():
            return Sent()
        sent = Sent(doubtful=self._expire())
        with self.database.reading() as session:
            issues = in_turn(session, store.in_state(session, IssueState.SENDING))
        if lasting:
            lasting /= sum(bool(self._free_editions(issue)) for issue in issues) or 1
        for issue in issues:
            if not sent.line_is_down:
                sent = sent.and_then(self._send_issue(issue, progress, lasting=lasting))
        return self._settled(sent)

    def send_some(self, issue_number: int, most_readers: int, progress: Progress = silent) -> Sent:
        """Send free batches of one issue until about so many readers were served: a worker's job.

        A job too many costs one small statement: its issue is over, and it need not ask the fence.

        Raises:
            NoSuchIssue: when there is none of that number.
        """
        with self.database.reading() as session:
            state = store.state_of(session, issue_number)
        if state != IssueState.SENDING or self._is_forbidden():
            return Sent()
        with self.database.reading() as session:
            issue = store.get(session, issue_number)
        sent = Sent(doubtful=self._expire())
        return self._settled(sent.and_then(self._send_issue(issue, progress, most_readers)))

    def tidy(self) -> Sent:
        """Do what a pass does besides sending: see whose worker fell silent, and what balances."""
        return self._settled(Sent(doubtful=self._expire()))

    def free(self) -> dict[int, int]:
        """Say how many readers of each started issue are in batches that are free now."""
        with self.database.reading() as session:
            return {
                issue.number: free_readers(
                    session,
                    self._lease(),
                    self._terms(),
                    now=self.clock(),
                    issue_number=issue.number,
                )
                for issue in store.in_state(session, IssueState.SENDING)
            }

    def _is_forbidden(self) -> bool:
        if because := self.may_send():
            log.warning("nothing_may_leave", because=because)
        return because is not None

    def _send_issue(
        self,
        issue: Issue,
        progress: Progress,
        most: float = math.inf,
        lasting: timedelta | None = None,
    ) -> Sent:
        """Send what is free of one issue, edition after edition.

        All of them are written before anything is claimed, so that one that cannot be written
        leaves no batch in doubt; then each once more, so that only one is held in memory.
        """
        editions = self._free_editions(issue)
        sent = self._look(issue, self._counted(issue, editions[0])) if editions else Sent()
        if sent.has_stopped(issue.number):
            return sent
        for edition in editions:
            try:
                Composer(self._mailing(issue, edition))
            except NewsletterError as fault:
                return sent.and_then(self._pause(issue.number, _unwritten(fault)))
        until = self.timer() + lasting if lasting else None
        for edition in editions:
            if sent.messages < most and not sent.has_stopped(issue.number):
                part = self._send_edition(issue, edition, progress, most - sent.messages, until)
                sent = sent.and_then(part)
        return sent

    def _send_edition(
        self,
        issue: Issue,
        edition: int | None,
        progress: Progress,
        most: float,
        until: datetime | None,
    ) -> Sent:
        """Send free batches of one edition, with a look at the figures now and then."""
        mailing, sent = self._mailing(issue, edition), Sent()
        for count in itertools.count(1):
            if until and sent.messages and self.timer() >= until:
                return replace(sent, is_broken_off=True)
            if sent.messages >= most or (held := self._claim(issue.number, edition)) is None:
                break
            batch = self._send(held, mailing)
            progress(len(held.recipients))
            sent = sent.and_then(batch)
            if not sent.has_stopped(issue.number):
                if count % CHECK_EVERY == 0:
                    sent = sent.and_then(self._look(issue, self._counted(issue, edition)))
                elif batch.rejected:
                    sent = sent.and_then(self._look(issue))
            if sent.has_stopped(issue.number):
                break
        return sent

    def _look(self, issue: Issue, counted: Counted | None = None) -> Sent:
        """Pause an issue whose time is over, or of which a breaker opens."""
        now = self.clock()
        with self.database.reading() as session:
            fresh = store.get(session, issue.number)
            seen = brake(session, fresh, self.guards.limits, now=now, counted=counted)
        if seen is None or not self._pause(issue.number, seen).paused:
            return Sent()
        log.warning("issue_braked", issue=issue.number, code=seen.code)
        return Sent(braked={issue.number: seen})

    def _counted(self, issue: Issue, edition: int | None) -> Counted | None:
        """Ask a provider that counts how many copies of a part it knows, before the books are read."""
        if not isinstance(self.transport, Counts):
            return None
        copies = self.transport.count(mailing_key(issue.number, edition), "broadcast")
        return None if copies is None else Counted(edition, copies)

    def _free_editions(self, issue: Issue) -> list[int | None]:
        with self.database.reading() as session:
            return free_editions(
                session, self._lease(), self._terms(), now=self.clock(), issue_number=issue.number
            )

    def _mailing(self, issue: Issue, edition: int | None) -> Mailing:
        if edition is None:
            return self.letterhead.mailing(issue)
        with self.database.writing() as session:
            written = letter(session, issue, edition)
            copies = copies_of(session, issue.number, edition)
        return replace(self.letterhead.mailing_of_edition(issue, edition, written), copies=copies)

    def _claim(self, issue_number: int, edition: int | None = None) -> Claim | None:
        """Claim the next free batch; waits while the line is busy, unless that takes too long."""
        while not self.stopped() and self.may_send() is None:
            self.outdate_copies()
            found = self._try_to_claim(issue_number, edition)
            if not isinstance(found, Busy):
                return found
            if not self._waits(found):
                return None
        return None

    def _waits(self, line: Busy) -> bool:
        """Wait until the line is free; False when that takes too long, or this process is to end."""
        seconds = (line.until - self.timer()).total_seconds()
        return seconds <= LONGEST_WAIT.total_seconds() and not self.wait(max(seconds, 0.0))

    def _try_to_claim(self, issue_number: int, edition: int | None) -> Claim | Busy | None:
        mark = self.transport.mark()

        def work(session: Session) -> Claim | Busy | None:
            found = claim(
                session,
                self._lease(mark),
                self._terms(),
                now=self.clock(),
                issue_number=issue_number,
                edition=edition,
            )
            faults.point("claim.before-commit")
            return found

        return self.database.write(work)

    def _send(self, held: Claim, mailing: Mailing) -> Sent:
        return self._handing().send(held, mailing)

    def _handing(self) -> Handing:
        return Handing(
            database=self.database,
            transport=self.transport,
            letterhead=self.letterhead,
            clock=self.clock,
            timer=self.timer,
            renewal=self._lease,
            line=self.line,
            hears=self.hears,
        )

    def _terms(self) -> Terms:
        ramp = self.guards.ramp
        return Terms(self.line, ramp.rest if ramp else None)

    def _lease(self, mark: str | None = None) -> Lease:
        """Give a lease under a name of its own.

        A provider that does not tell who it is will say at the call why nothing is taken.
        """
        name = attempt_of(mark or self.transport.name)
        return Lease(self.worker, name, self.timer(), self.lease)

    def _expire(self) -> frozenset[int]:
        doubtful = self.database.write(
            lambda session: expire(session, now=self.clock(), timer=self.timer())
        )
        if doubtful:
            log.warning("batches_unknown", issues=sorted(doubtful))
        return doubtful

    def _pause(self, issue_number: int, receipt: Receipt) -> Sent:
        with self.database.writing() as session:
            paused = pause(session, issue_number, receipt, now=self.clock())
        return Sent(paused={issue_number: receipt} if paused else {})

    def _settled(self, sent: Sent) -> Sent:
        """Close what can be closed after a pass, and add to what it came to whether one is to follow."""
        awaited = self._settle()
        return replace(sent, is_broken_off=True) if awaited else sent

    def _settle(self) -> bool:
        """Close every issue that can be; say whether one is kept open only for who is to join it."""

        def work(session: Session) -> bool:
            skip_cancelled(session, now=self.clock())
            awaited = False
            for issue in store.in_state(session, IssueState.SENDING):
                closing = settle(session, issue.number, self.window, now=self.clock())
                awaited |= closing is Closing.AWAITED
                if closing is Closing.CLOSED:
                    log.info("issue_settled", issue=issue.number)
            faults.point("settle.before-commit")
            return awaited

        return self.database.write(work)
