"""What editors are told of a Monday on which nothing leaves."""

from collections.abc import Sequence
from datetime import datetime

from newsletter.editor_notices.drafts import found_line, in_words, page_of
from newsletter.editor_notices.occasion import Occasion
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.rendering.checks import Finding
from schedules.windows import Slot


def nothing_new(slot: Slot) -> Occasion:
    """Tell that a Monday has no issue."""
    return Occasion(
        f"nothing-new {slot.schedule} {slot.local_date}",
        f"No issue on {slot.local_date}: nothing new",
        (
            "No comparison is new enough for this week's issue, so nobody is mailed.",
            "What comes in from now on goes into the next one.",
        ),
        ("newsletter content import PATH", "newsletter issue build"),
    )


def not_sent(issue: Issue) -> Occasion:
    """Tell that an issue was not free to leave when its hour came."""
    why = f" ({issue.note})" if issue.note else ""
    so_far = "It had begun to leave; see its report." if issue.has_begun else "Nobody was mailed."
    return Occasion(
        _did_not_leave(issue),
        f"Issue {issue.number} was not sent: it is {issue.state}",
        (f"Its hour has come, but it is {issue.state}{why}. {so_far}",),
        (f"newsletter issue show {issue.number}", *_by_hand(issue)),
    )


def unwanted(issue: Issue) -> Occasion:
    """Tell that an issue holds nothing that any reader wishes for."""
    return Occasion(
        f"unwanted {issue.schedule} {issue.local_date}",
        f"Issue {issue.number} did not leave: it meets nobody's wishes",
        (
            "Its hour has come, and the wishes of all readers leave them without a letter this time.",
            "Nobody was mailed.",
            f"It stays {issue.state}, and what is in it is free for the next issue.",
        ),
        (
            f"newsletter issue send {issue.number} --dry-run",
            f"newsletter issue send {issue.number}",
        ),
    )


def held(issue: Issue, findings: Sequence[Finding]) -> Occasion:
    """Tell what preflight stopped an issue for."""
    found = map(found_line, findings)
    return Occasion(
        _did_not_leave(issue),
        f"Issue {issue.number} is held: {issue.note}",
        (
            "Preflight stopped this issue. Nobody was mailed.",
            *found,
            "What blocks has to be mended. Most of it is by building the issue again, here or in its page.",
            "What only holds may leave by your word: release, send.",
        ),
        (
            f"newsletter issue preflight {issue.number}",
            f"newsletter issue build {issue.number}",
            f"newsletter issue release {issue.number}",
            f"newsletter issue send {issue.number}",
        ),
    )


def not_approved(issue: Issue, latest: datetime, site: str) -> Occasion:
    """Tell that an issue is held because nobody has approved it.

    Args:
        issue: as it is held.
        latest: until when an approval still lets it leave by itself, in the newsletter's zone.
        site: address of this service.
    """
    return Occasion(
        _did_not_leave(issue),
        f"Issue {issue.number} is held: nobody has approved it",
        (
            "Its hour has come, and nobody was mailed.",
            f"Approve it by {in_words(latest)} and it leaves at once; later it is sent by hand.",
            "The link leads to a page behind the sign-in, with a button.",
        ),
        (
            f"Approve: {page_of(site, issue.number)}/approve",
            f"newsletter issue approve {issue.number}",
            f"newsletter issue send {issue.number}",
        ),
    )


def missed(slot: Slot) -> Occasion:
    """Tell that a Monday went by."""
    return Occasion(
        f"missed {slot.schedule} {slot.local_date}",
        f"The issue of {slot.local_date} was missed",
        (
            "Its hour passed by more than the lateness limit. Nobody was mailed.",
            "It is not sent any more. What was in it is free for the next issue.",
        ),
        ("newsletter schedule show", "newsletter issue build"),
    )


def _by_hand(issue: Issue) -> Sequence[str]:
    """Give what lets an issue go that somebody stopped."""
    number = issue.number
    if issue.state != IssueState.HELD.value:
        return (f"newsletter issue report {number}",) if issue.has_begun else ()
    if issue.has_begun:
        return (f"newsletter issue report {number}", f"newsletter issue resume {number}")
    return (f"newsletter issue release {number}", f"newsletter issue send {number}")


def _did_not_leave(issue: Issue) -> str:
    """Name what is told about an issue that did not leave.

    A process that dies between holding and telling, or just after it, leaves it to the next one,
    which finds the issue held: editors are told once all the same.
    """
    return f"{issue.state} {issue.number} {issue.content_hash[:12]} {issue.note or ''}"
