"""The desk: what editors and the schedule can do with an issue, each act in one transaction."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog
from sqlmodel import Session

from newsletter import editor_notices, faults
from newsletter.content.catalogue import lookup
from newsletter.database import Database
from newsletter.delivery import audience, deciding, timing
from newsletter.delivery.books import Books, Waiting, afterwards, balance, waiting
from newsletter.delivery.lateness import Span
from newsletter.delivery.message import Receipt
from newsletter.delivery.nudging import Nudge, look_later
from newsletter.delivery.reconciling.reconciler import Reconciler, SilentSearch
from newsletter.delivery.reconciling.standing import Doubts, doubts
from newsletter.delivery.sending import Sender
from newsletter.delivery.sent import Progress, Sent, silent
from newsletter.instance import PassiveInstance, uncounted
from newsletter.issues import building, opening, store
from newsletter.issues.building import Press
from newsletter.issues.models import Issue
from newsletter.issues.refusals import way_on
from newsletter.issues.states import (
    OPEN,
    STARTED,
    ForbiddenIssueChange,
    IssueEvent,
    IssueState,
)
from newsletter.notices import send_notices, tell
from newsletter.preflight import passing
from newsletter.preflight.inspector import Inspector
from newsletter.preflight.passing import Telling, untold
from newsletter.preflight.samples import preview
from newsletter.reader_letters.writing import ReaderLetters
from newsletter.rendering.checks import Finding
from newsletter.rendering.notice import render_notice
from schedules.clock import Clock
from schedules.waves import Waves
from schedules.windows import Slot, Window, next_slot, upcoming

log = structlog.get_logger()

_WEEKS_AHEAD = 8

PlainEvent = Literal[
    IssueEvent.HELD,
    IssueEvent.RELEASED,
    IssueEvent.PAUSED,
    IssueEvent.CANCELLED,
    IssueEvent.MISSED,
]
"""Changes that need no preflight: behind none of them does anything leave unchecked."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk at which an issue is made and sent off.

    Attributes:
        database: the truth.
        press: what it takes to build an issue.
        inspector: what it takes to say whether an issue may leave.
        sender: what it takes to deliver one.
        reconciler: what it takes to settle doubt about one.
        editors: addresses that get the notices.
        window: the weekly slot.
        clock: the present instant.
        batch_size: messages in one batch.
        local_time: whether a scheduled issue leaves in waves, at its hour where each reader is.
        begin: counts an issue that begins to leave, or refuses; see ``newsletter.instance``.
        nudge: told of batches that are free; see ``newsletter.delivery.nudging``.
        by_jobs: whether what is nudged sends them, and ``deliver`` does not.
    """

    database: Database
    press: Press
    inspector: Inspector
    sender: Sender
    reconciler: Reconciler
    editors: tuple[str, ...]
    window: Window
    clock: Clock
    batch_size: int
    local_time: bool = True
    begin: Callable[[Session], None] = uncounted
    nudge: Nudge = look_later
    by_jobs: bool = False

    def next_slot(self, after: datetime | None = None) -> Slot:
        """Give the next slot with a letter still to come, from now or another instant on."""
        return self.upcoming(1, after)[0]

    def upcoming(self, count: int, after: datetime | None = None) -> list[Slot]:
        """Give the next slots with a letter still to come, soonest first.

        A Monday whose issue was sent by hand on Friday, or was given up, brings none. One whose
        issue leaves in waves and has begun to, further east, is still to come.
        """
        return self._slots(count, after, joined_still=True)

    def slot_to_build(self) -> Slot:
        """Give the slot that an issue built now is meant for.

        Raises:
            ForbiddenIssueChange: when it is so far off that something must be wrong.
        """
        [slot] = self._slots(1, None, joined_still=False)
        if slot not in upcoming(self.window, self.clock(), _WEEKS_AHEAD):
            raise ForbiddenIssueChange(f"the issues of the next {_WEEKS_AHEAD} weeks have all left")
        return slot

    def _slots(self, count: int, after: datetime | None, *, joined_still: bool) -> list[Slot]:
        """Give the next slots whose issue has not begun to leave, or is joined still."""
        now = self.clock()
        instant = now if after is None else after
        first = next_slot(self.window, instant)
        with self.database.reading() as session:
            over = opening.over(session, first.schedule, first.local_date)
            if joined_still:
                over -= audience.joined_still(session, now)
        slots = upcoming(self.window, instant, count + len(over))
        return [slot for slot in slots if slot.local_date not in over][:count]

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
        return preview(issue, self.sender.letterhead)

    def preflight(self, issue: Issue) -> list[Finding]:
        """Check what would leave, to how many, and where it leads them."""
        return self.inspector.findings(issue, self.clock())

    def stoppers(self, issue: Issue) -> list[Finding]:
        """Give the findings that keep an unattended issue from leaving.

        Whatever blocks is among them, and whatever waits for an editor, except what an editor let
        pass when approving this very issue.
        """
        findings = self.preflight(issue)
        with self.database.reading() as session:
            return passing.still_held(findings, passing.passed(session, issue))

    def approve(self, number: int, *, actor: str, told: Telling = untold) -> Issue:
        """Let an issue leave, exactly as it is now, by an editor's word on what preflight holds.

        Raises:
            PreflightFailed: when something blocks it; the issue stays as it is.
            ForbiddenIssueChange: when it is not a draft.
        """
        issue = self.issue(number)
        findings = self._unblocked(issue, told) if issue.state in OPEN else []
        with self.database.writing() as session:
            issue, reason = store.locked(session, number), passing.in_spite_of(findings)
            event, now = IssueEvent.APPROVED, self.clock()
            store.change(session, issue, event, now=now, actor=actor, reason=reason)
            return issue

    def _unblocked(self, issue: Issue, told: Telling) -> list[Finding]:
        """Check, show an editor what waits for a word, and refuse what blocks."""
        return passing.unblocked(self.preflight(issue), issue.number, told)

    def change(self, number: int, event: PlainEvent, *, actor: str, reason: str = "") -> Issue:
        """Hold, release, pause, cancel or miss an issue."""
        with self.database.writing() as session:
            issue, now = store.locked(session, number), self.clock()
            store.change(session, issue, event, now=now, actor=actor, reason=reason or None)
            if event is IssueEvent.CANCELLED:
                deciding.skip_rest(session, number, now=now)
            return issue

    def send(
        self, number: int, *, actor: str, progress: Progress = silent, told: Telling = untold
    ) -> Books:
        """Send an issue now, by an editor's word; nothing leaves when preflight blocks it.

        Args:
            number: of the issue.
            actor: whose word it is.
            progress: told of each batch that was sent.
            told: shown what preflight found and did not block.

        Raises:
            PreflightFailed: with the findings; the issue stays as it is.
            ForbiddenIssueChange: when it is held, missed or cancelled.
        """
        self._require_ours()
        issue = self.issue(number)
        if issue.state not in (*OPEN, *STARTED):
            raise ForbiddenIssueChange(way_on(issue))
        if issue.state in OPEN:
            self._unblocked(issue, told)
        self.start(number, actor=actor)
        self.deliver(progress)
        return self.books(number)

    def forecast(self) -> int:
        """Count who would get an issue that left now."""
        with self.database.reading() as session:
            return audience.forecast(session, self.clock())

    def resume(self, number: int, *, actor: str, told: Telling = untold) -> Issue:
        """Go on with an issue that was paused while it was sending, unless preflight blocks it.

        Raises:
            PreflightFailed: with the findings; the issue stays as it is.
            ForbiddenIssueChange: when it is not held, or was held before it began to leave.
        """
        self._require_ours()
        issue = self.issue(number)
        if issue.state == IssueState.HELD.value and issue.sending_at is not None:
            self._unblocked(issue, told)
        with self.database.writing() as session:
            issue = store.locked(session, number)
            if issue.sending_at is None:
                raise ForbiddenIssueChange(
                    f"issue {number} has not begun to leave; release it, then send it"
                )
            now = self.clock()
            store.change(session, issue, IssueEvent.RESUMED, now=now, actor=actor)
            timing.begin_span(session, issue, self.window.lateness, now=now)
            deciding.forget_refusals(session, number)
            self.nudge(session, number, audience.waiting_batches(session, number))
            return issue

    def settle_unknown(
        self,
        number: int,
        verdict: deciding.Verdict,
        *,
        actor: str,
        seen: str | None = None,
        unseen: bool = False,
    ) -> int:
        """Settle every delivery in doubt by a person's word, which is written down.

        Before anything is sent again it is looked for once more: what is found then had left.

        Args:
            number: of the issue.
            verdict: what becomes of them.
            actor: whose word it is.
            seen: the mark of what the person was shown; None for somebody who means whatever there
                is. When that is not what is in doubt now, nothing happens.
            unseen: send them again even if the provider's search gives no answer.

        Returns:
            How many there were.

        Raises:
            SilentSearch: when they shall be sent again, and the search gives no answer.
            ForbiddenIssueChange: when they shall be sent again, but the issue was given up.
        """
        if verdict == "resend" and not self.reconciler.look_into(number) and not unseen:
            raise SilentSearch(
                f"the provider's search does not say whether the copies of issue {number} in doubt "
                "have left; try it later, or send them unseen: "
                f"newsletter issue decide {number} --resend --unseen"
            )
        now, timer = self.clock(), self.sender.timer()
        with self.database.writing() as session:
            issue = store.locked(session, number)
            if seen not in (None, self._doubts(session, number).mark):
                return 0
            if verdict == "resend" and issue.state == IssueState.CANCELLED.value:
                raise ForbiddenIssueChange(f"issue {number} was cancelled; say --held")
            count = deciding.settle_unknown(session, number, verdict, now=now, timer=timer)
            if verdict == "resend" and count and issue.state == IssueState.SETTLED.value:
                store.change(session, issue, IssueEvent.REOPENED, now=now, actor=actor)
            if verdict == "resend":
                timing.begin_span(session, issue, self.window.lateness, now=now)
                self.nudge(session, number, audience.waiting_batches(session, number))
        log.warning("unknown_decided", issue=number, verdict=verdict, count=count, actor=actor)
        return count

    def opens(self, slot: Slot) -> datetime:
        """Give the instant at which the issue of a slot begins to leave.

        That is when its first reader has its hour, or else the slot's own; but not before what an
        editor has set.
        """
        issue = self.issue_of(slot)
        first = self._first_hour(slot) if self.local_time else slot.instant
        if issue is None or issue.not_before is None or issue.sending_at is not None:
            return first
        return max(first, issue.not_before)

    def _first_hour(self, slot: Slot) -> datetime:
        with self.database.reading() as session:
            zones = audience.zones(session, self.clock())
        return Waves(self.window, slot.local_date).first(zones)

    def set_span(self, number: int, span: Span) -> Issue:
        """Set between which instants an issue may leave.

        Raises:
            UnusableTimes: when it could not leave then, or its slot would be missed.
            ForbiddenIssueChange: when nothing of it can leave any more.
        """
        with self.database.writing() as session:
            issue = store.locked(session, number)
            latest = Waves(self.window, issue.local_date).own + self.window.lateness
            timing.set_span(session, issue, span, now=self.clock(), latest=latest)
        log.info("issue_span_set", issue=number)
        return issue

    def start(self, number: int, *, actor: str, scheduled: bool = False) -> None:
        """Approve the issue if it is a draft, freeze its audience, and let it go.

        Args:
            number: of the issue.
            actor: by whose word.
            scheduled: by the schedule's word, each reader at the hour of its slot where they are;
                an issue sent by hand goes to everybody at once.

        Raises:
            TooEarly: when an editor has set a later time for it.
        """
        faults.point("start.begun")
        with self.database.writing() as session:
            issue, now = store.locked(session, number), self.clock()
            if issue.state in STARTED:
                return
            timing.require_time(issue, now)
            self.begin(session)
            if issue.state == IssueState.DRAFT.value:
                store.change(session, issue, IssueEvent.APPROVED, now=now, actor=actor)
            store.change(session, issue, IssueEvent.STARTED, now=now, actor=actor)
            in_waves = scheduled and self.local_time
            waves = Waves(self.window, issue.local_date) if in_waves else None
            audience.freeze(
                session,
                number,
                batch_size=self.batch_size,
                now=now,
                waves=waves,
                ramp=self.sender.guards.ramp,
            )
            timing.begin_span(session, issue, self.window.lateness, now=now)
            self.nudge(session, number, audience.waiting_batches(session, number))
            faults.point("start.before-commit")
        faults.point("start.committed")
        log.info("issue_started", issue=number, audience=issue.audience)

    def deliver(self, progress: Progress = silent) -> None:
        """Settle what is in doubt, then send what is free: batches of every issue, then notices.

        Where jobs carry the batches, everything else is done here; of a copy nothing is.
        """
        if self.sender.may_send():
            return
        self._take_in()
        self._reconcile()
        self._tell_of(self.sender.tidy() if self.by_jobs else self.sender.send_due(progress))
        self.send_letters()

    def do_job(self, number: int, readers: int) -> None:
        """Send free batches of one issue to about so many readers: what one worker's job is."""
        self._tell_of(self.sender.send_some(number, readers))

    def _tell_of(self, sent: Sent) -> None:
        for number, receipt in sent.paused.items():
            transport = self.sender.transport.name
            self.tell(*editor_notices.paused(number, receipt, transport, self.clock()))
        for number, seen in sent.braked.items():
            self.tell(*editor_notices.braked(number, seen, self.clock()))
        for number, copies in sent.put_off.items():
            self.tell(*editor_notices.put_off(number, copies, self.clock()))

    def _reconcile(self) -> None:
        """Look for evidence about lost answers; tell editors what is left to them, or went wrong."""
        reconciled = self.reconciler.run()
        for number in reconciled.held:
            doubts = self.doubts(number)
            if doubts.held:  # nobody was quicker to decide
                self.tell(*editor_notices.doubtful(number, doubts))
        for number, letters in reconciled.doubled.items():
            self.tell(*editor_notices.doubled(number, letters))

    def _take_in(self) -> None:
        """Let those join an issue that came while it leaves in waves; see ``audience.join``."""
        now = self.clock()
        with self.database.reading() as session:
            joinable = [
                issue.number
                for issue in store.in_state(session, IssueState.SENDING)
                if audience.may_join(session, issue, self.window, now)
            ]
        for number in joinable:
            self._join(number, now)

    def _join(self, number: int, now: datetime) -> None:
        with self.database.writing() as session:
            before = audience.waiting_batches(session, number)
            audience.join(
                session,
                number,
                batch_size=self.batch_size,
                now=now,
                window=self.window,
                ramp=self.sender.guards.ramp,
            )
            self.nudge(session, number, audience.waiting_batches(session, number) - before)

    def send_letters(self) -> int:
        """Send the single letters whose time has come, to editors and to readers.

        Returns:
            How many were accepted.
        """
        if self.sender.may_send():
            return 0
        letterhead = self.sender.letterhead
        letters = ReaderLetters(letterhead, self.press.brand)
        return send_notices(
            self.database, self.sender.transport, letterhead.address, self.clock, letters
        )

    def test(self, number: int, address: str) -> Receipt:
        """Send one marked copy to an address; no delivery row is read or written."""
        self._require_ours()
        issue, name = self.issue(number), secrets.token_hex(4)
        mailing, message = self.sender.letterhead.test_copy(issue, address, name)
        [receipt] = self.sender.transport.send(mailing, [message])
        return receipt

    def _require_ours(self) -> None:
        """Refuse what a person wants to send where nothing may leave from here."""
        if because := self.sender.may_send():
            raise PassiveInstance(because)

    def books(self, number: int) -> Books:
        """Give the balance of an issue."""
        with self.database.reading() as session:
            return balance(session, number, store.get(session, number).audience)

    def afterwards(self, number: int) -> dict[str, int]:
        """Count the accepted copies of an issue by what became of them, as far as anybody tells."""
        with self.database.reading() as session:
            return afterwards(session, number)

    def doubts(self, number: int) -> Doubts:
        """Say what of an issue is in doubt, and how the search for evidence stands."""
        with self.database.reading() as session:
            return self._doubts(session, number)

    def _doubts(self, session: Session, number: int) -> Doubts:
        return doubts(session, number, self.reconciler.patience(), timer=self.sender.timer())

    def waiting(self, number: int) -> Waiting:
        """Say what of an issue is still queued, and why."""
        with self.database.reading() as session:
            return waiting(session, number, self.clock())

    def tell(
        self,
        key: str,
        title: str,
        paragraphs: Sequence[str],
        commands: Sequence[str],
        decides: int | None = None,
    ) -> None:
        """Tell each editor something once for the key: written down first, then sent."""
        notice = render_notice(
            title=title,
            paragraphs=paragraphs,
            lines=commands,
            brand_name=self.press.brand.name,
            linked=decides is not None,
        )
        with self.database.writing() as session:
            now = self.clock()
            told = tell(session, key, self.editors, notice, now=now, decides=decides)
        if told or not self.editors:  # what they were told before is no news for the log either
            log.warning("editors_told", key=key, editors=told)
        self.send_letters()
