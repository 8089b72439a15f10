"""What editors are told of an issue that is leaving: it stopped, or somebody has to decide."""

from collections.abc import Sequence
from datetime import timedelta

from newsletter.delivery.reconciling.standing import Doubts
from newsletter.editor_notices.decide_links import DECIDE_WITHIN
from newsletter.editor_notices.occasion import Occasion, copies_of
from newsletter.editor_notices.untold import PutOff, Stop


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
        title = f"Issue {number}: {copies_of(copies)} held that certainly did not leave"
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
        f"Issue {number}: {copies_of(copies)} left that had been written off",
        (
            (
                "They were skipped or rejected, and the provider shows that they left all the same. "
                "They count as accepted now, and the report says what they were before."
            ),
            "Their readers got one letter each. This should not happen: please report it.",
        ),
        (f"newsletter issue report {number}",),
    )


def put_off(some: PutOff) -> Occasion:
    """Tell that some copies were refused again and again while others of their batch left."""
    number = some.number
    return Occasion(
        some.key,
        f"Issue {number}: {copies_of(some.copies)} put off again and again",
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
