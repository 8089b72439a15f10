"""The desk: what editors and the schedule can do with an issue, each act in one transaction."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from newsletter.content.catalogue import lookup
from newsletter.database import Database
from newsletter.delivery import audience, deciding
from newsletter.delivery.books import Books, Waiting, balance, waiting
from newsletter.delivery.message import Receipt
from newsletter.delivery.sending import Progress, Sender, silent
from newsletter.errors import NewsletterError
from newsletter.issues import building, store
from newsletter.issues.building import Press
from newsletter.issues.models import Issue
from newsletter.issues.states import ForbiddenIssueChange, IssueEvent, IssueState
from newsletter.notices import send_notices, tell
from newsletter.preflight import passing
from newsletter.preflight.inspector import Inspector
from newsletter.preflight.samples import preview
from newsletter.rendering.checks import Finding
from newsletter.rendering.notice import render_notice
from newsletter.sign_up.letters import ReaderLetters
from schedules.clock import Clock
from schedules.windows import Slot, Window, next_slot, upcoming

log = structlog.get_logger()

OPEN = (IssueState.DRAFT, IssueState.APPROVED)
STARTED = (IssueState.SENDING, IssueState.SETTLED)

_WEEKS_AHEAD = 8

Telling = Callable[[Sequence[Finding]], None]
"""Shows somebody the findings that do not stop them."""


def untold(_findings: Sequence[Finding]) -> None:
    """Show them to nobody."""


class PreflightFailed(NewsletterError):
    """The issue was not sent because preflight found something wrong."""

    code = "preflight-failed"

    def __init__(self, number: int, findings: Sequence[Finding]) -> None:
        """Keep the findings and put their codes into the sentence."""
        self.findings = tuple(findings)
        listed = "; ".join(f"{found.code}: {found.message}" for found in findings)
        super().__init__(f"issue {number} is not sent: {listed}")


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
    """

    database: Database
    press: Press
    inspector: Inspector
    sender: Sender
    editors: tuple[str, ...]
    window: Window
    clock: Clock
    batch_size: int

    def next_slot(self) -> Slot:
        """Give the next slot of the schedule."""
        return next_slot(self.window, self.clock())

    def slot_to_build(self) -> Slot:
        """Give the slot that an issue built now is meant for: the next one not yet dealt with."""
        with self.database.reading() as session:
            for slot in upcoming(self.window, self.clock(), _WEEKS_AHEAD):
                issue = store.of_slot(session, slot.schedule, slot.local_date)
                if issue is None or issue.state in (*OPEN, IssueState.HELD):
                    return slot
        raise ForbiddenIssueChange(f"the issues of the next {_WEEKS_AHEAD} weeks have all left")

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
        findings = self._let_pass(issue, told) if issue.state in OPEN else []
        with self.database.writing() as session:
            issue, reason = store.locked(session, number), passing.in_spite_of(findings)
            event, now = IssueEvent.APPROVED, self.clock()
            store.change(session, issue, event, now=now, actor=actor, reason=reason)
            return issue

    def _let_pass(self, issue: Issue, told: Telling) -> list[Finding]:
        """Show an editor what preflight found, and refuse what blocks."""
        findings = self.preflight(issue)
        if blocking := [found for found in findings if found.level == "block"]:
            raise PreflightFailed(issue.number, blocking)
        told(findings)
        return findings

    def change(self, number: int, event: IssueEvent, *, actor: str, reason: str = "") -> Issue:
        """Approve, hold, release, pause, resume or cancel an issue."""
        if event is IssueEvent.APPROVED:
            return self.approve(number, actor=actor)
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
        if issue.state in OPEN:
            self._let_pass(issue, told)
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
            self._let_pass(issue, told)
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

    def start(self, number: int, *, actor: str) -> None:
        """Approve the issue if it is a draft, freeze its audience, and let it go."""
        with self.database.writing() as session:
            issue, now = store.locked(session, number), self.clock()
            if issue.state in STARTED:
                return
            if issue.state == IssueState.DRAFT.value:
                store.change(session, issue, IssueEvent.APPROVED, now=now, actor=actor)
            store.change(session, issue, IssueEvent.STARTED, now=now, actor=actor)
            issue.audience = audience.freeze(session, number, batch_size=self.batch_size, now=now)
            session.add(issue)
        log.info("issue_started", issue=number, audience=issue.audience)

    def deliver(self, progress: Progress = silent) -> None:
        """Send what is free now: batches of every started issue, then notices."""
        sent = self.sender.send_due(progress)
        for number, receipt in sent.paused.items():
            self._tell_paused(number, receipt)
        for number in sorted(sent.doubtful):
            self._tell_doubtful(number)
        self.send_letters()

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

    def _tell_paused(self, number: int, receipt: Receipt) -> None:
        self.tell(
            f"paused {number} {self.clock():%Y-%m-%dT%H:%M}",
            f"Issue {number} is paused: code {receipt.code}",
            (
                f"The {self.sender.transport.name} transport takes no messages: {receipt.detail}",
                "Trying again will not help. Nobody is forgotten: they are still queued.",
            ),
            (f"newsletter issue report {number}", f"newsletter issue resume {number}"),
        )

    def _tell_doubtful(self, number: int) -> None:
        self.tell(
            f"doubtful {number}",
            f"Issue {number} has deliveries in doubt",
            (
                "An answer was lost, so some copies may or may not have left.",
                "Nothing sends them again by itself: look at the provider's list, then decide.",
            ),
            (
                f"newsletter issue report {number}",
                f"newsletter issue decide {number} --held",
                f"newsletter issue decide {number} --resend",
            ),
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
            return waiting(session, number)

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
        log.warning("editors_told", key=key, editors=told)
        self.send_letters()
