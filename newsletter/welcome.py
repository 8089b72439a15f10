"""The story of a newcomer: asked for at the door, answered by a letter; and what editors are told."""

from collections.abc import Sequence

from newsletter.desk import Desk
from newsletter.sign_up.answering import Answered
from newsletter.sign_up.reception import Reception

_WHAT = (
    "More addresses were typed into the forms than letters may leave for in an hour, so it may be a "
    "robot. The rest waits, for a day at most: who has a browser with scripts proves with a second "
    "of computing to be serious, and is served at once."
)


def welcome(desk: Desk, reception: Reception) -> int:
    """Answer whoever asked since the last time; doing it twice, or after a crash, changes nothing.

    Args:
        desk: from which letters leave, and editors are told.
        reception: where people asked.

    Returns:
        How many letters left.
    """
    reception.tidy()
    answered = reception.answer()
    if _is_attack(reception, answered):
        _tell_attack(desk)
    return desk.send_letters()


def _is_attack(reception: Reception, answered: Sequence[Answered]) -> bool:
    return any(one.used_up and reception.limits.is_shared(one.used_up) for one in answered)


def _tell_attack(desk: Desk) -> None:
    """Tell the editors, once a day however long it goes on."""
    today = desk.clock().date()
    desk.tell(
        f"sign-ups {today}",
        "Unusually many people ask for the newsletter",
        (
            _WHAT,
            "Nothing needs to be done. If they are real people, raise the numbers.",
        ),
        ("NEWSLETTER_CONFIRMATIONS_PER_HOUR", "NEWSLETTER_CONFIRMATIONS_UNPROVEN"),
    )
