"""The story of a Monday: choose, freeze, render, check, deliver; and what editors are told."""

from collections.abc import Sequence

from newsletter.delivery.books import balance
from newsletter.delivery.sending import Progress, silent
from newsletter.desk import OPEN, STARTED, Desk
from newsletter.issues import store
from newsletter.issues.building import NothingNew
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueEvent, IssueState
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
    if issue.state not in (*OPEN, *STARTED):
        return _not_sent(desk, issue)
    if issue.state in OPEN and (findings := desk.stoppers(issue)):
        return _hold(desk, issue, findings)
    desk.start(issue.number, actor=ACTOR)
    desk.deliver(progress)
    return outcome(desk, issue.number)


def miss(desk: Desk, slot: Slot) -> None:
    """Mark the issue of a slot that came too late as missed, and tell the editors.

    A slot from before the first comparison came in was nobody's to miss: a service that is set up
    on a Wednesday does not begin with an alarm about Monday.
    """
    if not desk.in_use_at(slot.instant):
        return
    issue = desk.issue_of(slot)
    if issue and issue.sending_at is not None:
        return  # it left before its hour, or in part; its books tell how far
    if issue and issue.state in (*OPEN, IssueState.HELD):
        desk.change(issue.number, IssueEvent.MISSED, actor=ACTOR)
    desk.tell(
        f"missed {slot.schedule} {slot.local_date}",
        f"The issue of {slot.local_date} was missed",
        ("Its hour passed by more than the lateness limit. Nobody was mailed.",),
        ("newsletter schedule show", "newsletter issue build"),
    )


def outcome(desk: Desk, number: int) -> str:
    """Say in a sentence where an issue stands."""
    with desk.database.reading() as session:
        issue = store.get(session, number)
        books = balance(session, number, issue.audience)
    counts = ", ".join(f"{count} {state}" for state, _, count in books.lines)
    return f"issue {number} {issue.state}: {counts or 'nobody yet'}"


def _nothing_new(desk: Desk, slot: Slot) -> str:
    desk.tell(
        f"nothing-new {slot.schedule} {slot.local_date}",
        f"No issue on {slot.local_date}: nothing new",
        ("No comparison is new enough for this week's issue, so nobody is mailed.",),
        ("newsletter content import PATH", "newsletter issue build"),
    )
    return "nothing new: no mail"


def _not_sent(desk: Desk, issue: Issue) -> str:
    why = f" ({issue.note})" if issue.note else ""
    so_far = "It had begun to leave; see its report." if issue.sending_at else "Nobody was mailed."
    desk.tell(
        _key(issue),
        f"Issue {issue.number} was not sent: it is {issue.state}",
        (f"Its hour has come, but it is {issue.state}{why}. {so_far}",),
        (f"newsletter issue show {issue.number}", f"newsletter issue report {issue.number}"),
    )
    return f"issue {issue.number} is {issue.state}: no mail"


def _hold(desk: Desk, issue: Issue, findings: Sequence[Finding]) -> str:
    codes = ", ".join(dict.fromkeys(found.code for found in findings))
    held = desk.change(issue.number, IssueEvent.HELD, actor="preflight", reason=codes)
    desk.tell(
        _key(held),
        f"Issue {issue.number} is held: {codes}",
        (
            "Preflight stopped this issue. Nobody was mailed.",
            *(
                f"{found.code} ({found.level}, {found.where}): {found.message}"
                for found in findings
            ),
            "What blocks has to be mended. What only holds may leave by your word: release, send.",
        ),
        (
            f"newsletter issue preflight {issue.number}",
            "newsletter issue build",
            f"newsletter issue release {issue.number}",
            f"newsletter issue send {issue.number}",
        ),
    )
    return f"issue {issue.number} held: {codes}"


def _key(issue: Issue) -> str:
    """Name what is told about an issue that did not leave.

    A process that dies between holding and telling, or just after it, leaves it to the next one,
    which finds the issue held: editors are told once all the same.
    """
    return f"{issue.state} {issue.number} {issue.content_hash[:12]} {issue.note or ''}"
