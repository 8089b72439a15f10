"""The desk: what editors and the schedule can do with an issue, each act in one transaction."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from newsletter import editor_notices
from newsletter.content.catalogue import lookup
from newsletter.database import Database
from newsletter.delivery import audience, deciding
from newsletter.delivery.books import Books, Waiting, balance, waiting
from newsletter.delivery.message import Receipt
from newsletter.delivery.sending import Progress, Sender, silent
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
        editors: addresses that get the notices.
        window: the weekly slot.
        clock: the present instant.
        batch_size: messages in one batch.
        local_time: whether a scheduled issue leaves in waves, at its hour where each reader is.
    """

    database: Database
    press: Press
    inspector: Inspector
    sender: Sender
    editors: tuple[str, ...]
    window: Window
    clock: Clock
    batch_size: int
    local_time: bool = True

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
        issue = self.issue(number)
        if issue.state == IssueState.HELD.value and issue.sending_at is not None:
            self._unblocked(issue, told)
        with self.database.writing() as session:
            issue = store.locked(session, number)
            if issue.sending_at is None:
                raise ForbiddenIssueChange(
                    f"issue {number} has not begun to leave; release it, then send it"
                )
            store.change(session, issue, IssueEvent.RESUMED, now=self.clock(), actor=actor)
            deciding.forget_refusals(session, number)
            return issue

    def settle_unknown(self, number: int, verdict: deciding.Verdict, *, actor: str) -> int:
        """Settle every delivery in doubt by a person's word, which is written down.

        Returns:
            How many there were.
        """
        with self.database.writing() as session:
            store.locked(session, number)
            count = deciding.settle_unknown(session, number, verdict, now=self.clock())
        log.warning("unknown_decided", issue=number, verdict=verdict, count=count, actor=actor)
        return count

    def opens(self, slot: Slot) -> datetime:
        """Give the instant at which the first reader of a slot has its hour, or the slot's own."""
        if not self.local_time:
            return slot.instant
        with self.database.reading() as session:
            zones = audience.zones(session, self.clock())
        return Waves(self.window, slot.local_date).first(zones)

    def start(self, number: int, *, actor: str, scheduled: bool = False) -> None:
        """Approve the issue if it is a draft, freeze its audience, and let it go.

        Args:
            number: of the issue.
            actor: by whose word.
            scheduled: by the schedule's word, each reader at the hour of its slot where they are;
                an issue sent by hand goes to everybody at once.
        """
        with self.database.writing() as session:
            issue, now = store.locked(session, number), self.clock()
            if issue.state in STARTED:
                return
            if issue.state == IssueState.DRAFT.value:
                store.change(session, issue, IssueEvent.APPROVED, now=now, actor=actor)
            store.change(session, issue, IssueEvent.STARTED, now=now, actor=actor)
            in_waves = scheduled and self.local_time
            waves = Waves(self.window, issue.local_date) if in_waves else None
            audience.freeze(session, number, batch_size=self.batch_size, now=now, waves=waves)
        log.info("issue_started", issue=number, audience=issue.audience)

    def deliver(self, progress: Progress = silent) -> None:
        """Send what is free now: batches of every started issue, then notices."""
        self._take_in()
        sent = self.sender.send_due(progress)
        for number, receipt in sent.paused.items():
            transport = self.sender.transport.name
            self.tell(*editor_notices.paused(number, receipt, transport, self.clock()))
        for number in sorted(sent.doubtful):
            self.tell(*editor_notices.doubtful(number))
        self.send_letters()

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
            with self.database.writing() as session:
                audience.join(
                    session, number, batch_size=self.batch_size, now=now, window=self.window
                )

    def send_letters(self) -> int:
        """Send the single letters whose time has come, to editors and to readers.

        Returns:
            How many were accepted.
        """
        letterhead = self.sender.letterhead
        letters = ReaderLetters(letterhead, self.press.brand)
        return send_notices(
            self.database, self.sender.transport, letterhead.address, self.clock, letters
        )

    def test(self, number: int, address: str) -> Receipt:
        """Send one marked copy to an address; no delivery row is read or written."""
        issue, name = self.issue(number), secrets.token_hex(4)
        mailing, message = self.sender.letterhead.test_copy(issue, address, name)
        [receipt] = self.sender.transport.send(mailing, [message])
        return receipt

    def books(self, number: int) -> Books:
        """Give the balance of an issue."""
        with self.database.reading() as session:
            return balance(session, number, store.get(session, number).audience)

    def waiting(self, number: int) -> Waiting:
        """Say what of an issue is still queued, and why."""
        with self.database.reading() as session:
            return waiting(session, number, self.clock())

    def tell(
        self, key: str, title: str, paragraphs: Sequence[str], commands: Sequence[str]
    ) -> None:
        """Tell each editor something once for the key: written down first, then sent."""
        notice = render_notice(
            title=title,
            paragraphs=paragraphs,
            lines=commands,
            brand_name=self.press.brand.name,
        )
        with self.database.writing() as session:
            told = tell(session, key, self.editors, notice, now=self.clock())
        if told or not self.editors:  # what they were told before is no news for the log either
            log.warning("editors_told", key=key, editors=told)
        self.send_letters()
