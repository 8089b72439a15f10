"""The story before a Monday: its draft is made ahead, editors are told, and reminded while it waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from newsletter.desk import Desk
from newsletter.editor_notices import drafts
from newsletter.editor_notices.drafts import Coming
from newsletter.issues.building import NothingNew
from newsletter.issues.models import Issue
from newsletter.issues.policy import Policy
from newsletter.issues.states import OPEN, IssueState
from newsletter.notices.rows import was_told
from newsletter.preflight import kept, passing
from newsletter.rendering.checks import Finding
from schedules.tick import Duty, TickResult, tick
from schedules.waves import LONGEST_LEAD
from schedules.windows import (
    LONGEST_LATENESS,
    WEEK,
    WEEKDAYS,
    Slot,
    Window,
    next_slot,
    parse_send_at,
)

ACTOR = "schedule"

NO_REMINDER = timedelta(0)

DAYS_BEFORE, AT = 3, time(10)
"""When a draft is made unless somebody wants it otherwise: of a Monday's issue on Friday at ten."""


@dataclass(frozen=True, slots=True)
class Lead:
    """When editors are asked before an issue leaves.

    Attributes:
        drafts: when its draft is made; None to make it when its hour comes.
        remind: how long before it begins to leave they are reminded of one that would not leave.
    """

    drafts: Window | None = None
    remind: timedelta = NO_REMINDER

    def next_draft(self, now: datetime) -> datetime | None:
        """Give when the next draft is made."""
        return next_slot(self.drafts, now).instant if self.drafts else None


UNASKED = Lead()
"""Of a service that asks nobody."""


def draft_window(window: Window, draft_at: str | None) -> Window | None:
    """Give when drafts are made for the issues of a window.

    Args:
        window: of the issues.
        draft_at: a weekday and a wall time, such as "fri 10:00"; None for three days before.

    Returns:
        A window whose slots are good until the next issue is due; None when that is the same time.
    """
    day = WEEKDAYS.index(window.weekday)
    if draft_at is None:
        weekday, at = WEEKDAYS[day - DAYS_BEFORE], AT
    else:
        weekday, at = parse_send_at(draft_at)
    ahead = timedelta(days=day - WEEKDAYS.index(weekday)) + (_since(window.at) - _since(at))
    ahead %= WEEK
    if not ahead:
        return None
    return Window("draft", weekday, at, window.zone, min(ahead, LONGEST_LATENESS))


def _since(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def prepare(desk: Desk, lead: Lead) -> TickResult | None:
    """Make the draft if it is time, and remind editors if it is; done again, nothing changes.

    Of several processes one makes the draft: it is a slot of a schedule of its own, in the ledger.

    Returns:
        What the look at that schedule came to; None where no draft is made ahead.
    """
    made = None
    if lead.drafts is not None:
        duty = Duty(lambda turn: make(desk, turn), _too_late, lambda turn: _opens(desk, turn))
        worker = desk.dispatch.sender.worker
        made = tick(desk.database, lead.drafts, duty, now=desk.clock(), worker=worker)
    remind(desk, lead.remind)
    return made


def make(desk: Desk, turn: Slot) -> str:
    """Make the draft of the issue that leaves after a turn; what is there already stays as it is.

    Args:
        desk: where issues are made.
        turn: when it was due.

    Returns:
        One sentence for the ledger.
    """
    slot = next_slot(desk.window, turn.instant)
    if desk.clock() >= slot.instant:
        return "its hour had come: no draft"
    try:
        issue = desk.issue_of(slot) or desk.build(slot, actor=ACTOR)
    except NothingNew:
        return _nothing_new(desk, slot)
    if issue.has_begun or issue.state not in (*OPEN, IssueState.HELD):
        return f"issue {issue.number} is {issue.state}: no draft"
    desk.mailroom.tell(*drafts.made(_coming(desk, slot, issue), desk.look(issue)))
    return f"issue {issue.number} {issue.state}"


def remind(desk: Desk, before: timedelta) -> None:
    """Remind editors, once, of an issue that would not leave as it stands, before it would begin to.

    Of one that an editor has put off, before its hour. From then on what became of it is told instead.
    """
    now = desk.clock()
    slot = next_slot(desk.window, now)
    if not desk.mailroom.editors or now < slot.instant - LONGEST_LEAD - before:
        return
    issue = desk.issue_of(slot)
    if issue is None or issue.has_begun or _was_reminded(desk, slot):
        return
    begins = min(desk.slots.opens(slot), slot.instant)
    if not begins - before <= now < begins:
        return
    with desk.database.reading() as session:
        seen = kept.of_issue(session, issue)
        known = seen.findings if seen and seen.is_current else ()
        stops = passing.stoppers(session, issue, known)
    if _would_stay(desk.policy, issue, stops):
        desk.mailroom.tell(*drafts.reminder(_coming(desk, slot, issue), stops))


def _was_reminded(desk: Desk, slot: Slot) -> bool:
    with desk.database.reading() as session:
        return was_told(session, drafts.reminder_key(slot))


def _would_stay(policy: Policy, issue: Issue, stops: Sequence[Finding]) -> bool:
    if issue.state not in OPEN:
        return issue.state == IssueState.HELD.value
    return policy.keeps(issue.state) or bool(stops)


def _coming(desk: Desk, slot: Slot, issue: Issue) -> Coming:
    return Coming(
        slot=slot,
        issue=issue,
        policy=desk.policy,
        local=desk.window.local(slot.instant),
        begins=desk.window.local(desk.slots.opens(slot)),
        site=desk.mailroom.brand.base_url,
    )


def _opens(desk: Desk, turn: Slot) -> datetime:
    """Wait for the first comparison: whoever sets a service up knows that it is empty."""
    return turn.instant if desk.in_use_at(desk.clock()) else turn.latest


def _nothing_new(desk: Desk, slot: Slot) -> str:
    desk.mailroom.tell(*drafts.nothing_new_yet(slot))
    return "nothing new: no draft"


def _too_late(_turn: Slot) -> str:
    return "its hour had come: no draft"
