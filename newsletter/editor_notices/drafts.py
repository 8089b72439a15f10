"""What editors are told before an issue leaves: its draft is made, or it would not leave as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.editor_notices.occasion import Occasion
from newsletter.issues.models import Issue
from newsletter.issues.policy import Policy
from newsletter.issues.states import IssueState
from newsletter.rendering.checks import Finding
from newsletter.rendering.dates import long_date
from schedules.windows import Slot


@dataclass(frozen=True, slots=True)
class Coming:
    """An issue before its hour.

    Attributes:
        slot: its Monday.
        issue: as it is now.
        policy: what becomes of it when nobody says a word.
        local: the instant of the slot in the newsletter's zone.
        begins: when its first readers have their hour, in the same zone; that of the slot, or earlier.
        site: address of this service, to which links lead.
    """

    slot: Slot
    issue: Issue
    policy: Policy
    local: datetime
    begins: datetime
    site: str

    @property
    def hour(self) -> str:
        """Say when it is due, there and in UTC."""
        return in_words(self.local)

    @property
    def first(self) -> Sequence[str]:
        """Say when it begins to leave, if that is before it is due."""
        if self.begins >= self.local:
            return ()
        begins = "would begin" if self.issue.state == IssueState.HELD.value else "begins"
        return (
            f"Some readers have that hour earlier, further east: it {begins} {in_words(self.begins)}.",
        )

    @property
    def page(self) -> str:
        """Give the address of its page."""
        return page_of(self.site, self.issue.number)


def in_words(local: datetime) -> str:
    """Say an instant in the newsletter's zone, and in UTC."""
    zone = str(local.tzinfo)
    utc = "" if zone == "UTC" else f", {local.astimezone(UTC):%H:%M} UTC"
    return f"{long_date(local.date())} at {local:%H:%M} ({zone}{utc})"


def page_of(site: str, number: int) -> str:
    """Give the address of an issue's page among those of the editors."""
    return f"{site}/editor/issues/{number}"


def made(coming: Coming, findings: Sequence[Finding]) -> Occasion:
    """Tell that the draft is there, what becomes of it, and what preflight says."""
    number, slot = coming.issue.number, coming.slot
    return Occasion(
        f"draft {slot.schedule} {slot.local_date}",
        f"Issue {number} is ready to be looked at",
        (
            f"“{coming.issue.subject}”",
            _what_becomes_of_it(coming),
            *coming.first,
            *_found(findings),
            "The links lead to pages behind the sign-in, and each has a button: opening one does nothing.",
        ),
        (
            f"Approve: {coming.page}/approve",
            f"Hold: {coming.page}/hold",
            f"Edit: {coming.page}/compose",
        ),
    )


def reminder(coming: Coming, stops: Sequence[Finding]) -> Occasion:
    """Tell that an issue would not leave as it stands, some hours before it is due."""
    issue = coming.issue
    because = [f"It is held: {issue.note or 'nobody said why'}."]
    way = f"Release: {coming.page}/release"
    if issue.state != IssueState.HELD.value:
        unapproved = coming.policy.keeps(issue.state)
        because = ["Nobody has approved it, and without that it is held."] if unapproved else []
        way = f"Approve: {coming.page}/approve"
    return Occasion(
        reminder_key(coming.slot),
        f"Issue {issue.number} would not leave: it waits for your word",
        (
            f"Its hour is {coming.hour}.",
            *coming.first,
            *because,
            *(_found(stops) if stops else ()),
            "The link leads to a page behind the sign-in, with a button.",
        ),
        (way, f"Edit: {coming.page}/compose"),
    )


def reminder_key(slot: Slot) -> str:
    """Name the reminder of a slot: there is one."""
    return f"reminder {slot.schedule} {slot.local_date}"


def nothing_new_yet(slot: Slot) -> Occasion:
    """Tell that there is nothing to make a draft of."""
    return Occasion(
        f"no-draft {slot.schedule} {slot.local_date}",
        f"No draft for {slot.local_date}: nothing new yet",
        (
            "No comparison is new enough for the next issue.",
            "What comes in until its hour is taken up then; without anything nobody is mailed.",
        ),
        ("newsletter content import PATH", "newsletter issue build"),
    )


def _what_becomes_of_it(coming: Coming) -> str:
    state = IssueState(coming.issue.state)
    if state is IssueState.HELD:
        return f"It is held ({coming.issue.note}): at its hour, {coming.hour}, it does not leave."
    if state is IssueState.APPROVED:
        return f"It is approved and leaves {coming.hour}, exactly as it is."
    if coming.policy is Policy.WAITS:
        return f"It leaves {coming.hour} if somebody approves it by then. Otherwise it is held."
    return f"It leaves {coming.hour} by itself, unless somebody holds it."


def _found(findings: Sequence[Finding]) -> Sequence[str]:
    if not findings:
        return ("Preflight found nothing wrong.",)
    return ("Preflight found:", *map(found_line, findings))


def found_line(one: Finding) -> str:
    """Say one finding in a line."""
    return f"{one.code} ({one.level}, {one.where}): {one.message}"
