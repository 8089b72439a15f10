"""One pass over everything in doubt: look, with no transaction open, then write down what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import structlog
from sqlmodel import Session

from newsletter import faults
from newsletter.database import Database
from newsletter.delivery.doubting import has_doubtful_batch, restate_stuck
from newsletter.delivery.marks import account_of, is_of
from newsletter.delivery.message import Stream
from newsletter.delivery.models import Doubt, DoubtState, Probe
from newsletter.delivery.nudging import Nudge, look_later
from newsletter.delivery.reconciling import keeping, measuring
from newsletter.delivery.reconciling.looking import JobList, Look, look
from newsletter.delivery.reconciling.rules import (
    ELSEWHERE,
    USUAL_SETTLING,
    Again,
    Hold,
    Patience,
    Policy,
    Reason,
    held_look,
)
from newsletter.delivery.reconciling.settling import Settled, Terms, carry_out, settle
from newsletter.delivery.transport import Evidence, Transport
from newsletter.errors import NewsletterError
from schedules.clock import Clock

log = structlog.get_logger()

FENCE_STEP = 2
"""After this step a fence is looked for, whatever the next one would be."""


class SilentSearch(NewsletterError):
    """The provider's search gives no answer about copies that a person wants to send again."""

    code = "silent-search"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one pass came to.

    Attributes:
        held: how many copies wait for a person now, by issue.
        doubled: how many letters the provider shows that should not be, by issue.
    """

    held: Mapping[int, int] = field(default_factory=dict)
    doubled: Mapping[int, int] = field(default_factory=dict)

    def and_then(self, issue_number: int, settled: Settled) -> "Reconciled":
        """Add what came of one doubt."""
        return Reconciled(
            _added(self.held, issue_number, settled.held),
            _added(self.doubled, issue_number, settled.doubled),
        )


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Everything it takes to settle doubt. Two of them at once do no harm.

    Attributes:
        database: the truth.
        transport: whose evidence it is; one that has none leaves every doubt to a person.
        clock: the instant as of which this is done; written down with every outcome.
        timer: the real instant, by which the provider's search is given time.
        settling: the least time that it is given.
        when_absent: what becomes of copies that have provably not left.
        nudge: told of batches that are free again.
    """

    database: Database
    transport: Transport
    clock: Clock
    timer: Clock
    settling: timedelta = USUAL_SETTLING
    when_absent: Policy = "resend"
    nudge: Nudge = look_later

    def run(self) -> Reconciled:
        """Do whatever is due now; it never waits, and the next pass goes on where this one ended."""
        evidence = self._evidence()
        if evidence is not None and not evidence.exact:
            self._measure(evidence)
        with self.database.reading() as session:
            doubts = keeping.due(session, timer=self.timer())
            patience = self.patience_now(session) if doubts else self.patience()
        reconciled, jobs = Reconciled(), self._job_list(evidence, doubts)
        for doubt in doubts:
            settled = self._reconcile(evidence, doubt, patience, jobs)
            reconciled = reconciled.and_then(doubt.issue_number, settled)
            if not settled.answered:
                break  # each further look might wait as long, and sending with it
        self._tidy()
        return reconciled

    def look_into(self, issue_number: int) -> bool:
        """Look once more for all that is in doubt of an issue, whenever it was to be looked for next.

        Returns:
            False when its provider gave no answer about some of it. Where nobody can be asked, there
            is nothing to wait for.
        """
        evidence = self._evidence()
        if evidence is None:
            return True
        with self.database.reading() as session:
            doubts = keeping.of_issue(session, issue_number)
            terms = self._terms(self.patience_now(session))
        jobs = self._job_list(evidence, doubts)
        for doubt in doubts:
            if not self._is_foreign(doubt):
                seen = self._look(evidence, doubt, jobs)
                self._settle(doubt, seen, terms)
                if not seen.trusted:
                    return False
        return True

    def _evidence(self) -> Evidence | None:
        return self.transport if isinstance(self.transport, Evidence) else None

    def _terms(self, patience: Patience) -> Terms:
        evidence = self._evidence()
        exact = evidence is not None and evidence.exact
        return Terms(patience, self.when_absent, exact, self.nudge)

    def patience_now(self, session: Session) -> Patience:
        """Give how long the search is given, with regard to how far it was behind lately."""
        return self.patience(measuring.worst_lag(session, self.patience(), self.timer()))

    def _is_foreign(self, doubt: Doubt) -> bool:
        """Say whether another transport or account made a call, which nobody here can be asked for."""
        mark = self.transport.mark()
        return mark is not None and not is_of(doubt.attempt_id, mark)

    def patience(self, lag: measuring.Lag | None = None) -> Patience:
        """Give how long the search is given, with or without regard to how far it is behind.

        However the settings are, a call that is under way still must not count as one that left
        nothing.
        """
        evidence = self._evidence()
        least = max(self.settling, evidence.longest) if evidence else self.settling
        return Patience(least, lag.time if lag else timedelta(0))

    def _job_list(self, evidence: Evidence | None, doubts: Sequence[Doubt]) -> JobList:
        """Give the provider's list of jobs for one pass, which asks for it once, and if need be."""

        def named(since: datetime) -> Mapping[str, datetime]:
            mark = self.transport.mark() or self.transport.name
            with self.database.reading() as session:
                return keeping.named_jobs(session, mark, since)

        return JobList(evidence, named, doubts)

    def _reconcile(
        self, evidence: Evidence | None, doubt: Doubt, patience: Patience, jobs: JobList
    ) -> Settled:
        terms = self._terms(patience)
        if not self._take(doubt, patience):
            return Settled()
        faults.point("reconcile.taken")
        if self._is_foreign(doubt):
            return self._give_up(doubt, terms, ELSEWHERE)
        if evidence is None:
            return self._give_up(doubt, terms, Reason.NO_EVIDENCE.value)
        if self._is_believed(doubt, patience):
            self._see_fence(evidence, doubt)
        settled = self._settle(doubt, self._look(evidence, doubt, jobs), terms)
        faults.point("reconcile.settled")
        if isinstance(settled.decision, Again) and settled.decision.fence:
            self._send_fence(evidence, doubt, patience)
        return settled

    def _take(self, doubt: Doubt, patience: Patience) -> bool:
        with self.database.writing() as session:
            until = self.timer() + patience.step(doubt.looks + 1)
            return keeping.take(session, doubt, until=until)

    def _look(self, evidence: Evidence, doubt: Doubt, jobs: JobList) -> Look:
        if self.transport.mark() is None:  # it may be another account that answers
            return Look(self.timer(), {}, trusted=False)
        with self.database.reading() as session:
            delivery_ids = sorted(keeping.copies(session, doubt))
        seen = look(evidence, doubt, delivery_ids, jobs, at=self.timer())
        faults.point("reconcile.looked")
        return seen

    def _settle(self, doubt: Doubt, seen: Look, terms: Terms) -> Settled:
        def work(session: Session) -> Settled:
            settled = settle(session, doubt, seen, terms, now=self.clock())
            faults.point("reconcile.before-commit")
            return settled

        settled = self.database.write(work)
        log.info(
            "doubt_looked_into",
            issue=doubt.issue_number,
            batch=doubt.batch,
            seen=len(seen.message_ids),
            decision=type(settled.decision).__name__,
        )
        return settled

    def _give_up(self, doubt: Doubt, terms: Terms, note: str) -> Settled:
        def work(session: Session) -> Settled:
            keeping.missing(session, doubt)
            current = keeping.locked(session, doubt)
            if current.state != DoubtState.OPEN.value:
                held_still = current.state == DoubtState.HELD.value
                current.look_at = held_look(current.ended_at, self.timer()) if held_still else None
                return Settled()
            decision = Hold(Reason.NO_EVIDENCE)
            held = carry_out(session, current, decision, terms, now=self.clock(), at=self.timer())
            current.note = note
            faults.point("reconcile.before-commit")
            return Settled(decision, held)

        return self.database.write(work)

    def _is_believed(self, doubt: Doubt, patience: Patience) -> bool:
        """Say whether the search has had its time, so that it is believed as soon as a fence is seen."""
        open_still = doubt.state == DoubtState.OPEN.value
        return open_still and self.timer() >= doubt.ended_at + patience.settled_after

    def _fence(self, session: Session, doubt: Doubt) -> Probe | None:
        account, timer = account_of(doubt.attempt_id), self.timer()
        return measuring.fence(session, doubt.stream, account, after=doubt.ended_at, timer=timer)

    def _see_fence(self, evidence: Evidence, doubt: Doubt) -> None:
        with self.database.reading() as session:
            fence = self._fence(session, doubt)
        if fence is not None and fence.seen_at is None:
            self._look_for(evidence, fence)

    def _send_fence(self, evidence: Evidence, doubt: Doubt, patience: Patience) -> None:
        """Send a message that the search must show, if no later call does that service."""
        with self.database.reading() as session:
            if self._fence(session, doubt) is not None:
                return
        before = self.timer()
        attempt_id = evidence.fence(cast("Stream", doubt.stream))
        faults.point("reconcile.fence-sent")
        if attempt_id is not None:
            with self.database.writing() as session:
                measuring.add_fence(session, attempt_id, doubt.stream, at=before)
                keeping.hasten(session, doubt, at=self.timer() + patience.step(FENCE_STEP))

    def _measure(self, evidence: Evidence) -> None:
        """Look for recorded calls, to learn how far the search is behind."""
        mark = self.transport.mark()
        if mark is None:
            return
        with self.database.reading() as session:
            account, timer = account_of(mark), self.timer()
            probes = measuring.due(session, account, self.patience(), timer=timer)
        for probe in probes:
            if not self._look_for(evidence, probe):
                break  # each further look might wait as long, and sending with it
        if probes:
            with self.database.writing() as session:
                measuring.forget(session, timer=self.timer())

    def _look_for(self, evidence: Evidence, probe: Probe) -> bool:
        """Look for a recorded call; False when the search gives no answer."""
        with self.database.writing() as session:
            if not measuring.take(session, probe):
                return True
        at = self.timer()
        sighting = evidence.find(probe.attempt_id, cast("Stream", probe.stream))
        if sighting is None:
            return False
        with self.database.writing() as session:
            seen = len(sighting.message_ids) >= probe.size
            measuring.note(session, probe.attempt_id, seen=seen, at=at)
            faults.point("reconcile.probe-before-commit")
        return True

    def _tidy(self) -> None:
        with self.database.reading() as session:
            stuck = has_doubtful_batch(session)
        if stuck:
            self.database.write(lambda session: restate_stuck(session, now=self.clock()))


def _added(counts: Mapping[int, int], key: int, more: int) -> dict[int, int]:
    return {**counts, key: counts.get(key, 0) + more} if more else dict(counts)
