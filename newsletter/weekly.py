"""The story of a Monday: choose, freeze, render, check, deliver; or say why not."""

from collections.abc import Sequence

from newsletter.delivery.audience import EmptyAudience
from newsletter.delivery.sent import Progress, silent
from newsletter.desk import Desk
from newsletter.editor_notices import mondays
from newsletter.issues.building import NothingNew
from newsletter.issues.models import Issue
from newsletter.issues.policy import NOT_APPROVED
from newsletter.issues.seen import ChangedMeanwhile, mark
from newsletter.issues.states import OPEN, STARTED, IssueEvent, IssueState
from newsletter.rendering.checks import Finding
from schedules.windows import Slot

ACTOR = "schedule"


def publish(desk: Desk, slot: Slot, progress: Progress = silent) -> str:
    """Do the weekly job of a slot; doing it twice, or after a crash, changes nothing.

    What an editor previewed is what leaves: an issue that is already there is not built again.

    Args:
        desk: where issues are made and sent off.
        slot: the Monday.
        progress: told of each batch that was sent.

    Returns:
        One sentence for the ledger of slots.
    """
    try:
        issue = desk.issue_of(slot) or desk.build(slot, actor=ACTOR)
    except NothingNew:
        return _nothing_new(desk, slot)
    try:
        return _publish(desk, issue, progress)
    except ChangedMeanwhile:  # an editor was quicker, so what was looked at is not what would leave
        return publish(desk, slot, progress)


def _publish(desk: Desk, issue: Issue, progress: Progress) -> str:
    if issue.state not in (*OPEN, *STARTED):
        return _not_sent(desk, issue)
    if desk.policy.keeps(issue.state):
        return _wait(desk, issue)
    if issue.state in OPEN and (findings := desk.stoppers(issue)):
        return _hold(desk, issue, findings)
    try:
        desk.dispatch.start(issue.number, actor=ACTOR, scheduled=True, seen=mark(issue))
    except EmptyAudience:
        return _unwanted(desk, issue)
    desk.dispatch.deliver(progress)
    return outcome(desk, issue.number)


def miss(desk: Desk, slot: Slot) -> str | None:
    """Mark the issue of a slot that came too late as missed, and tell the editors.

    A slot from before the first comparison came in was nobody's to miss: a service that is set up
    on a Wednesday does not begin with an alarm about Monday.

    Returns:
        Why it was no miss; None when it was one.
    """
    if not desk.in_use_at(slot.instant):
        return "nothing had been imported by then: no issue was due"
    issue = desk.issue_of(slot)
    if issue and issue.has_begun:
        return outcome(desk, issue.number)  # it left before its hour, or in part
    if issue and issue.state in (*OPEN, IssueState.HELD):
        desk.change(issue.number, IssueEvent.MISSED, actor=ACTOR)
    desk.mailroom.tell(*mondays.missed(slot))
    return None


def outcome(desk: Desk, number: int) -> str:
    """Say in a sentence where an issue stands."""
    issue, books = desk.issue(number), desk.dispatch.books(number)
    counts = ", ".join(f"{count} {state}" for state, _, count in books.lines)
    return f"issue {number} {issue.state}: {counts or 'nobody yet'}"


def _nothing_new(desk: Desk, slot: Slot) -> str:
    desk.mailroom.tell(*mondays.nothing_new(slot))
    return "nothing new: no mail"


def _unwanted(desk: Desk, issue: Issue) -> str:
    """Leave as it is what no reader wishes for; what is in it is free for the next issue."""
    desk.mailroom.tell(*mondays.unwanted(issue))
    return f"issue {issue.number} meets nobody's wishes: no mail"


def _wait(desk: Desk, issue: Issue) -> str:
    """Hold what nobody has approved; whoever does so now lets it go, while it is not too late."""
    held = desk.change(
        issue.number, IssueEvent.HELD, actor=ACTOR, reason=NOT_APPROVED, seen=mark(issue)
    )
    latest = desk.window.local(desk.latest(held))
    desk.mailroom.tell(*mondays.not_approved(held, latest, desk.mailroom.brand.base_url))
    return f"issue {held.number} held: {NOT_APPROVED}"


def _not_sent(desk: Desk, issue: Issue) -> str:
    desk.mailroom.tell(*mondays.not_sent(issue))
    return f"issue {issue.number} is {issue.state}: no mail"


def _hold(desk: Desk, issue: Issue, findings: Sequence[Finding]) -> str:
    codes = ", ".join(dict.fromkeys(found.code for found in findings))
    held = desk.change(
        issue.number, IssueEvent.HELD, actor="preflight", reason=codes, seen=mark(issue)
    )
    desk.mailroom.tell(*mondays.held(held, findings))
    return f"issue {issue.number} held: {codes}"
