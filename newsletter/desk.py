"""The desk: what editors and the schedule can do with an issue, each act in one transaction."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from newsletter.content.catalogue import lookup
from newsletter.database import Database
from newsletter.delivery import audience, deciding, forecasting, rate, timing
from newsletter.delivery.books import Books
from newsletter.delivery.forecasting import Forecast
from newsletter.delivery.lateness import Span
from newsletter.delivery.message import Receipt
from newsletter.delivery.ramp import stages
from newsletter.delivery.rebuilding.rebuilt import UNSEEN, Rebuilt
from newsletter.delivery.sent import Progress, silent
from newsletter.dispatch import Dispatch
from newsletter.instance.fence import PassiveInstance
from newsletter.issues import building, life, store
from newsletter.issues.building import Press
from newsletter.issues.models import Issue
from newsletter.issues.policy import NOT_APPROVED, Policy
from newsletter.issues.refusals import way_on
from newsletter.issues.seen import mark, require
from newsletter.issues.states import (
    OPEN,
    STARTED,
    ForbiddenIssueChange,
    IssueEvent,
    IssueState,
)
from newsletter.mailroom import Mailroom
from newsletter.notices.letters import Beside, nothing
from newsletter.preflight import kept, passing
from newsletter.preflight.inspector import Inspector
from newsletter.preflight.passing import Telling, untold
from newsletter.preflight.samples import preview
from newsletter.rendering.checks import Finding
from newsletter.slots import Slots
from newsletter.unfinished import is_paused
from schedules import ledger
from schedules.clock import Clock
from schedules.waves import Waves
from schedules.windows import Slot, Window, slot_on
from subscribers.queries import receivable

log = structlog.get_logger()


PlainEvent = Literal[
    IssueEvent.HELD,
    IssueEvent.RELEASED,
    IssueEvent.PAUSED,
    IssueEvent.CANCELLED,
    IssueEvent.MISSED,
]
"""Changes that need no preflight: behind none of them does anything leave unchecked."""


def _waits_for_approval(issue: Issue) -> bool:
    """Say whether the policy held it, and nobody else did."""
    is_held = issue.state == IssueState.HELD.value and not issue.has_begun
    return is_held and issue.note == NOT_APPROVED


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk at which an issue is made and sent off.

    Attributes:
        database: the truth.
        press: what it takes to build an issue.
        inspector: what it takes to say whether an issue may leave.
        dispatch: from where one leaves.
        window: the weekly slot.
        clock: the present instant.
        policy: what becomes of an issue about which nobody has said a word.
    """

    database: Database
    press: Press
    inspector: Inspector
    dispatch: Dispatch
    window: Window
    clock: Clock
    policy: Policy = Policy.GOES

    @property
    def mailroom(self) -> Mailroom:
        """Give from where editors are told."""
        return self.dispatch.mailroom

    @property
    def slots(self) -> Slots:
        """Give the weeks that have an issue to come."""
        local_time = self.dispatch.local_time
        return Slots(self.database, self.window, self.clock, local_time, self.policy)

    def issue(self, number: int | None = None) -> Issue:
        """Give an issue by number, or the latest.

        Raises:
            NoSuchIssue: when there is none.
        """
        with self.database.reading() as session:
            return store.latest(session) if number is None else store.get(session, number)

    def issue_of(self, slot: Slot) -> Issue | None:
        """Give the issue of a slot, if there is one."""
        with self.database.reading() as session:
            return store.of_slot(session, slot.schedule, slot.local_date)

    def in_use_at(self, instant: datetime) -> bool:
        """Say whether anything had been imported by then."""
        with self.database.reading() as session:
            return lookup.known_at(session, instant)

    def build(self, slot: Slot, *, actor: str) -> Issue:
        """Build the draft of a slot, or build it again.

        Raises:
            NothingNew: when too few comparisons are new.
            ForbiddenIssueChange: when it has already left.
        """
        with self.database.writing() as session:
            return building.build(
                session,
                self.press,
                schedule=slot.schedule,
                local_date=slot.local_date,
                now=self.clock(),
                actor=actor,
            )

    def preview(self, issue: Issue) -> dict[str, str]:
        """Give the letter as one reader would get it, by file ending: filled as in a send."""
        return preview(issue, self.dispatch.sender.letterhead)

    def preflight(self, issue: Issue) -> list[Finding]:
        """Check what would leave, to how many, and where it leads them."""
        now, gone_by = self.clock(), None
        if issue.not_after is not None and now <= issue.not_after:
            gone_by = self.gone_by(issue, scheduled=now <= self.latest(issue))
        return self.inspector.findings(issue, now, gone_by)

    def look(self, issue: Issue, *, beside: Beside = nothing) -> list[Finding]:
        """Check it, and keep what was found for whoever opens its page.

        Args:
            issue: as it is now.
            beside: written down in the same transaction.
        """
        findings = self.preflight(issue)
        with self.database.writing() as session:
            kept.keep(session, issue, findings, now=self.clock())
            beside(session)
        return findings

    def stoppers(self, issue: Issue) -> list[Finding]:
        """Give the findings that keep an unattended issue from leaving.

        Whatever blocks is among them, and whatever waits for an editor, except what an editor let
        pass when approving this very issue.
        """
        findings = self.look(issue)
        with self.database.reading() as session:
            return passing.stoppers(session, issue, findings)

    def approve(
        self,
        number: int,
        *,
        actor: str,
        told: Telling = untold,
        seen: str | None = None,
        beside: Beside = nothing,
    ) -> Issue:
        """Let an issue leave, exactly as it is now, by an editor's word on what preflight holds.

        One that was held because nobody had approved it by its hour leaves with the next look at the
        schedule, if it is not too late.

        Args:
            number: of the issue.
            actor: whose word it is.
            told: shown what preflight found and did not block; may refuse by raising.
            seen: see ``newsletter.issues.seen``.
            beside: written down in the same transaction.

        Raises:
            ChangedMeanwhile: when it is not what was seen, or was changed while it was checked.
            PreflightFailed: when something blocks it; the issue stays as it is.
            ForbiddenIssueChange: when it is not a draft.
        """
        issue = self.issue(number)
        require(issue, seen)
        overdue = _waits_for_approval(issue)
        findings = self._unblocked(issue, told) if overdue or issue.state in OPEN else []
        with self.database.writing() as session:
            looked_at, issue = mark(issue), store.locked(session, number)
            require(issue, looked_at)
            reason, now = passing.in_spite_of(findings), self.clock()
            if overdue:
                life.change(session, issue, IssueEvent.RELEASED, now=now, actor=actor)
            life.change(session, issue, IssueEvent.APPROVED, now=now, actor=actor, reason=reason)
            if now <= self.latest(issue):
                ledger.reopen(session, issue.schedule, issue.local_date)
            beside(session)
            return issue

    def latest(self, issue: Issue) -> datetime:
        """Give the last instant at which the schedule still lets an issue begin to leave."""
        return self._own_hour(issue) + self.window.lateness

    def _own_hour(self, issue: Issue) -> datetime:
        return Waves(self.window, issue.local_date).own

    def _unblocked(self, issue: Issue, told: Telling) -> list[Finding]:
        """Check, show an editor what waits for a word, and refuse what blocks."""
        return passing.unblocked(self.look(issue), issue.number, told)

    def change(
        self,
        number: int,
        event: PlainEvent,
        *,
        actor: str,
        reason: str = "",
        seen: str | None = None,
        beside: Beside = nothing,
    ) -> Issue:
        """Hold, release, pause, cancel or miss an issue.

        One that was held when its first reader had their hour, and is released before its own, leaves
        by itself as any other does, unless it waits for an approval.

        Args:
            number: of the issue.
            event: which of these.
            actor: whose word it is.
            reason: for its history.
            seen: see ``newsletter.issues.seen``.
            beside: written down in the same transaction.

        Raises:
            ChangedMeanwhile: when it is not what was seen.
            ForbiddenIssueChange: when that is impossible where it stands.
        """
        with self.database.writing() as session:
            issue, now = store.locked(session, number), self.clock()
            require(issue, seen)
            life.change(session, issue, event, now=now, actor=actor, reason=reason or None)
            if event is IssueEvent.CANCELLED:
                deciding.skip_rest(session, number, now=now)
            goes = event is IssueEvent.RELEASED and not self.policy.keeps(issue.state)
            if goes and now < self._own_hour(issue):
                ledger.reopen(session, issue.schedule, issue.local_date)
            beside(session)
            return issue

    def send(
        self, number: int, *, actor: str, progress: Progress = silent, told: Telling = untold
    ) -> Books:
        """Send an issue now, by an editor's word, and whatever else is free; see ``begin``.

        Args:
            number: of the issue.
            actor: whose word it is.
            progress: told of each batch that was sent.
            told: shown what preflight found and did not block.
        """
        self.begin(number, actor=actor, told=told)
        self.dispatch.deliver(progress)
        return self.dispatch.books(number)

    def begin(
        self,
        number: int,
        *,
        actor: str,
        told: Telling = untold,
        seen: str | None = None,
        beside: Beside = nothing,
    ) -> None:
        """Let an issue go now, to everybody at once, by an editor's word; whoever delivers sends it.

        Args:
            number: of the issue.
            actor: whose word it is.
            told: shown what preflight found and did not block; may refuse by raising.
            seen: see ``newsletter.issues.seen``.
            beside: written down in the same transaction.

        Raises:
            PassiveInstance: when nothing may leave from here.
            PreflightFailed: with the findings; the issue stays as it is.
            ForbiddenIssueChange: when it is held, missed or cancelled.
            EmptyAudience: when nobody would get a letter; it stays as it is.
            ChangedMeanwhile: when it is not what was seen.
        """
        self._require_ours()
        issue = self.issue(number)
        if issue.state not in (*OPEN, *STARTED):
            raise ForbiddenIssueChange(way_on(issue))
        if issue.state in OPEN:
            self._unblocked(issue, told)
        self.dispatch.start(number, actor=actor, seen=seen, beside=beside)

    def forecast(self) -> int:
        """Count who would get an issue that left now."""
        with self.database.reading() as session:
            return audience.forecast(session, self.clock())

    def rehearse(self, issue: Issue) -> Forecast:
        """Count to how many an issue would go that left now, to everybody at once."""
        now = self.clock()
        with self.database.reading() as session:
            return forecasting.forecast(
                session,
                issue,
                receivable(now),
                batch_size=self.dispatch.batch_size,
                stages=stages(session, self.dispatch.sender.guards.ramp, issue.number),
            )

    def gone_by(self, issue: Issue, *, scheduled: bool = False) -> datetime | None:
        """Say when the last copy of an issue can have left, by its waves, the rate and the ramp.

        Args:
            issue: that leaves, or might.
            scheduled: one that has not begun does by the schedule's word; otherwise now, to everybody
                at once.

        Returns:
            None when nothing of it is to leave.
        """
        if issue.has_begun:
            with self.database.reading() as session:
                return self.dispatch.gone_by(session, issue)
        now, guards = self.clock(), self.dispatch.sender.guards
        begins, waves = max(now, issue.not_before or now), None
        if scheduled:
            begins = max(now, self.slots.opens(slot_on(self.window, issue.local_date)))
            waves = Waves(self.window, issue.local_date) if self.dispatch.local_time else None
        with self.database.reading() as session:
            in_stages = stages(session, guards.ramp, issue.number)
            parts = forecasting.parts(session, receivable(now), waves, in_stages)
        return rate.gone_by(parts, guards.tempo, begins)

    def rebuild(
        self, number: int, *, actor: str, rehearsing: bool = False, progress: Progress = silent
    ) -> Rebuilt:
        """Ask the provider for every copy of an issue, and enter what these books do not have.

        Args:
            number: of the issue.
            actor: whose word it is.
            rehearsing: only say what would be found.
            progress: told of copies as they come.

        Raises:
            ForbiddenIssueChange: when it has not begun to leave from here, is leaving, or is over and
                its copies are no longer kept.
        """
        if not rehearsing:
            self._require_ours()
        rebuilder = self.dispatch.rebuilder
        return rebuilder.run(number, actor=actor, rehearsing=rehearsing, progress=progress)

    def resume(
        self,
        number: int,
        *,
        actor: str,
        told: Telling = untold,
        unseen: bool = False,
        seen: str | None = None,
        beside: Beside = nothing,
    ) -> Issue:
        """Go on with an issue that was paused while it was sending, unless preflight blocks it.

        Where others may have served its readers, it is rebuilt first.

        Args:
            number: of the issue.
            actor: whose word it is.
            told: shown what preflight found and did not block.
            unseen: go on even if it is not sure who has a copy already.
            seen: see ``newsletter.issues.seen``.
            beside: written down in the same transaction.

        Raises:
            ChangedMeanwhile: when it is not what was seen.
            PreflightFailed: with the findings; the issue stays as it is.
            ForbiddenIssueChange: when it is not held, or was held before it began to leave.
            NotRebuilt: when the provider did not surely show all copies that it knows.
        """
        self._require_ours()
        issue = self.issue(number)
        require(issue, seen)
        if is_paused(issue):
            self._unblocked(issue, told)
        owed = is_paused(issue) and self.dispatch.rebuilder.is_owed(number)
        if owed and not unseen:
            self.rebuild(number, actor=actor).require()
        with self.database.writing() as session:
            issue = store.locked(session, number)
            require(issue, seen)
            if not issue.has_begun:
                raise ForbiddenIssueChange(way_on(issue))
            now = self.clock()
            reason = UNSEEN if owed and unseen else None
            life.change(session, issue, IssueEvent.RESUMED, now=now, actor=actor, reason=reason)
            deciding.forget_refusals(session, number)
            self.dispatch.let_go(session, issue)
            beside(session)
            return issue

    def set_span(self, number: int, span: Span, *, actor: str) -> Issue:
        """Set between which instants an issue may leave.

        Raises:
            UnusableTimes: when it could not leave then, or its slot would be missed.
            ForbiddenIssueChange: when nothing of it can leave any more.
        """
        with self.database.writing() as session:
            issue = store.locked(session, number)
            latest, now = self.latest(issue), self.clock()
            timing.set_span(session, issue, span, now=now, latest=latest, actor=actor)
        log.info("issue_span_set", issue=number, actor=actor)
        return issue

    def test(self, number: int, address: str) -> Receipt:
        """Send one marked copy to an address; no delivery row is read or written."""
        self._require_ours()
        issue, name = self.issue(number), secrets.token_hex(4)
        mailing, message = self.dispatch.sender.letterhead.test_copy(issue, address, name)
        [receipt] = self.dispatch.sender.transport.send(mailing, [message])
        return receipt

    def _require_ours(self) -> None:
        """Refuse what a person wants to send where nothing may leave from here."""
        if because := self.dispatch.sender.may_send():
            raise PassiveInstance(because)
