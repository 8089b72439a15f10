"""What editors are told on which occasion: the words of each notice, and the key it is told once for.

No row is read or written here; a desk writes them down and sends them.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from newsletter.delivery.reconciling.standing import Doubts
from newsletter.editor_links import DECIDE_WITHIN
from newsletter.issues.models import Issue
from newsletter.rendering.checks import Finding
from newsletter.untold import Stop
from schedules.windows import Slot


class Occasion(NamedTuple):
    """One thing that editors are told.

    Attributes:
        key: whoever was told this key is not told again.
        title: what happened; the subject of the notice.
        paragraphs: what it means.
        commands: what to type next.
        decides: number of the issue whose copies in doubt its reader may decide about by a link.
    """

    key: str
    title: str
    paragraphs: Sequence[str]
    commands: Sequence[str]
    decides: int | None = None


def nothing_new(slot: Slot) -> Occasion:
    """Tell that a Monday has no issue."""
    return Occasion(
        f"nothing-new {slot.schedule} {slot.local_date}",
        f"No issue on {slot.local_date}: nothing new",
        ("No comparison is new enough for this week's issue, so nobody is mailed.",),
        ("newsletter content import PATH", "newsletter issue build"),
    )


def not_sent(issue: Issue) -> Occasion:
    """Tell that an issue was not free to leave when its hour came."""
    why = f" ({issue.note})" if issue.note else ""
    so_far = "It had begun to leave; see its report." if issue.sending_at else "Nobody was mailed."
    return Occasion(
        _did_not_leave(issue),
        f"Issue {issue.number} was not sent: it is {issue.state}",
        (f"Its hour has come, but it is {issue.state}{why}. {so_far}",),
        (f"newsletter issue show {issue.number}", f"newsletter issue report {issue.number}"),
    )


def held(issue: Issue, findings: Sequence[Finding]) -> Occasion:
    """Tell what preflight stopped an issue for."""
    found = (f"{one.code} ({one.level}, {one.where}): {one.message}" for one in findings)
    return Occasion(
        _did_not_leave(issue),
        f"Issue {issue.number} is held: {issue.note}",
        (
            "Preflight stopped this issue. Nobody was mailed.",
            *found,
            "What blocks has to be mended. What only holds may leave by your word: release, send.",
        ),
        (
            f"newsletter issue preflight {issue.number}",
            "newsletter issue build",
            f"newsletter issue release {issue.number}",
            f"newsletter issue send {issue.number}",
        ),
    )


def missed(slot: Slot) -> Occasion:
    """Tell that a Monday went by."""
    return Occasion(
        f"missed {slot.schedule} {slot.local_date}",
        f"The issue of {slot.local_date} was missed",
        ("Its hour passed by more than the lateness limit. Nobody was mailed.",),
        ("newsletter schedule show", "newsletter issue build"),
    )


def stopped(stop: Stop, transport: str) -> Occasion:
    """Tell that an issue has stopped by itself: by a breaker, or because nothing was taken."""
    braked = stop.why.code == "too-late" or stop.why.code in _BRAKED
    return _braked(stop) if braked else _refused(stop, transport)


def _refused(stop: Stop, transport: str) -> Occasion:
    number, why = stop.number, stop.why
    return Occasion(
        stop.key,
        f"Issue {number} is paused: code {why.code}",
        (
            f"The {transport} transport takes no messages: {why.detail}",
            "Trying again will not help. Nobody is forgotten: they are still queued.",
        ),
        (f"newsletter issue report {number}", f"newsletter issue resume {number}"),
    )


_BRAKED = {
    "foreign-copies": "the provider knows of more copies",
    "accepted-over-audience": "more copies were accepted than it has readers",
    "rejections": "too many copies were rejected",
    "bounces": "too many copies bounced",
    "complaints": "too many readers called it spam",
}


def _braked(stop: Stop) -> Occasion:
    number, seen = stop.number, stop.why
    if seen.code == "too-late":
        why = "its time is over"
        advice = "A late letter may be worse than none. Resume it, and the rest leaves now; cancel it, and they wait for the next one."
    else:
        why = _BRAKED[seen.code]
        advice = (
            "Look into it before you resume it: then it stops again only when that has doubled."
        )
    return Occasion(
        stop.key,
        f"Issue {number} is paused: {why}",
        (seen.detail, "Whoever has no copy yet is still queued: nobody is forgotten.", advice),
        (
            f"newsletter issue report {number}",
            f"newsletter issue resume {number}",
            f"newsletter issue cancel {number}",
        ),
    )


def doubtful(number: int, doubts: Doubts) -> Occasion:
    """Tell that lost answers are left to a person: the search for evidence is over.

    It is told once until somebody has decided: what is held after that is another thing.
    """
    copies = sum(call.copies for call in doubts.held)
    certain = sum(call.copies for call in doubts.held if call.never_left)
    title = f"Issue {number} has copies in doubt: {copies} held"
    if certain == copies:
        title = f"Issue {number}: {_copies(copies)} held that certainly did not leave"
    return Occasion(
        f"doubtful {number} {doubts.held[0].attempt_id}",
        title,
        (
            *_what_is_known(copies, certain),
            (
                "This link shows what is known, and has a button for either. Whoever has it can "
                f"decide, for {DECIDE_WITHIN // timedelta(hours=1)} hours:"
            ),
        ),
        (
            f"newsletter issue report {number}",
            f"newsletter issue decide {number} --resend",
            f"newsletter issue decide {number} --held",
        ),
        decides=number,
    )


def _what_is_known(copies: int, certain: int) -> Sequence[str]:
    """Say what evidence there is about copies that are held, and what follows from it."""
    if certain == copies:
        return (
            "An answer was lost, and evidence was looked for: these copies have not left.",
            (
                "By the settings nothing sends them before somebody says so. Sent again, nobody "
                "gets a second copy; left, they stay held, and the books balance as they are."
            ),
        )
    lost = "An answer was lost, so these copies may or may not have left."
    if certain:
        lost += f" Of {certain} of them it is certain that they did not."
    return (
        (
            f"{lost} Evidence was looked for, as always, but none came that settles it; the report "
            "says why."
        ),
        (
            "Nothing sends them by itself. They may stay held: the books balance as they are. "
            "Sent again, some may be second copies. What the provider still reports, counts."
        ),
    )


def doubled(number: int, letters: int) -> Occasion:
    """Tell that somebody got two letters."""
    return Occasion(
        f"doubled {number}",
        f"Issue {number}: letters too many, {letters} of them",
        (
            (
                "The provider shows more letters than were asked for: a second one for some readers, "
                "or some that nobody here knows of. If the issue was still leaving, it is paused now."
            ),
            "This should not happen. Look at the provider's list before you resume it, and report it.",
        ),
        (f"newsletter issue report {number}", f"newsletter issue resume {number}"),
    )


def written_off(number: int, copies: int) -> Occasion:
    """Tell that letters left which the books had given up."""
    return Occasion(
        f"written-off {number}",
        f"Issue {number}: {_copies(copies)} left that had been written off",
        (
            (
                "They were skipped or rejected, and the provider shows that they left all the same. "
                "They count as accepted now, and the report says what they were before."
            ),
            "Their readers got one letter each. This should not happen: please report it.",
        ),
        (f"newsletter issue report {number}",),
    )


def put_off(number: int, copies: int, at: datetime) -> Occasion:
    """Tell that some copies were refused again and again while others of their batch left."""
    return Occasion(
        f"put-off {number} {at:%Y-%m-%d}",
        f"Issue {number}: {_copies(copies)} put off again and again",
        (
            (
                "The rest of the batch left, so these mailboxes may be full for ever. They are held: "
                "they have not left, and nothing sends them by itself."
            ),
            "If the line was down when they were last tried, they can be sent again.",
        ),
        (
            f"newsletter issue report {number}",
            f"newsletter issue decide {number} --resend",
            f"newsletter issue decide {number} --held",
        ),
        decides=number,
    )


def unusually_many(today: date) -> Occasion:
    """Tell that the forms are asked for more than they may bring about, once a day."""
    return Occasion(
        f"sign-ups {today}",
        "Unusually many people ask for the newsletter",
        (
            (
                "More addresses were typed into the forms than letters may leave for in an hour, so it "
                "may be a robot. The rest waits, for a day at most: who has a browser with scripts "
                "proves with a second of computing to be serious, and is served at once."
            ),
            "Nothing needs to be done. If they are real people, raise the numbers.",
        ),
        ("NEWSLETTER_CONFIRMATIONS_PER_HOUR", "NEWSLETTER_CONFIRMATIONS_UNPROVEN"),
    )


def refused_for(number: int, alarm: str, copies: int, today: date) -> Occasion:
    """Tell that copies are refused for what we are, or for what we wrote; once a day."""
    title, meaning = _ALARMS[alarm]
    return Occasion(
        f"{alarm} {number} {today}",
        f"Issue {number}: {title}",
        (
            f"The provider tells so of {copies} copies. {meaning}",
            "No reader is to blame for it, so nobody was taken off the list.",
        ),
        (f"newsletter issue report {number}", "newsletter doctor"),
    )


def confirmations_refused(bounced: int, complained: int, today: date) -> Occasion:
    """Tell that the form seems to be used against others, once a day."""
    return Occasion(
        f"confirmations {today}",
        "Confirmation letters come back",
        (
            (
                f"Of the confirmation letters of the last day, {bounced} found no mailbox and "
                f"{complained} were called spam. Somebody may type addresses of others into the form."
            ),
            (
                "Each of these addresses gets nothing more. If it goes on, let fewer letters leave in "
                "an hour, or the provider may stop all of ours."
            ),
        ),
        ("NEWSLETTER_CONFIRMATIONS_PER_HOUR", "NEWSLETTER_CONFIRMATIONS_PER_DOMAIN"),
    )


_ALARMS = {
    "content": (
        "filters take it for spam",
        "Look at what its words and its links have in common with spam, before the next one.",
    ),
    "sender": (
        "servers refuse us as a sender",
        "See whether our domain or the provider's servers are on a block list.",
    ),
    "dns": (
        "our own DNS has it refused",
        "It is paused. Mend SPF, DKIM and DMARC of the From domain, then resume it.",
    ),
    "configuration": (
        "the provider does not know our sender",
        "Confirm the From address at the provider.",
    ),
}
"""By alarm: what happened, and what to do."""


def _copies(count: int) -> str:
    return "1 copy" if count == 1 else f"{count} copies"


def _did_not_leave(issue: Issue) -> str:
    """Name what is told about an issue that did not leave.

    A process that dies between holding and telling, or just after it, leaves it to the next one,
    which finds the issue held: editors are told once all the same.
    """
    return f"{issue.state} {issue.number} {issue.content_hash[:12]} {issue.note or ''}"
