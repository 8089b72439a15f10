"""The story of a newcomer: asked for at the door, answered by a letter; and what editors are told."""

from collections.abc import Sequence

from newsletter.desk import Desk
from newsletter.editor_notices import alarms
from newsletter.editors.tidying import forget_old
from newsletter.sign_up.answering import Answered
from newsletter.sign_up.reception import Reception
from subscribers import import_log


def welcome(desk: Desk, reception: Reception) -> int:
    """Answer whoever asked since the last time; doing it twice, or after a crash, changes nothing.

    Args:
        desk: from which letters leave, and editors are told.
        reception: where people asked.

    Returns:
        How many letters left.
    """
    reception.tidy()
    with desk.database.writing() as session:
        forget_old(session, desk.clock())
        import_log.forget_old(session, desk.clock())
    answered = reception.answer()
    if _is_attack(reception, answered):
        desk.mailroom.tell(*alarms.unusually_many(desk.clock().date()))
    return desk.mailroom.send_letters()


def _is_attack(reception: Reception, answered: Sequence[Answered]) -> bool:
    return any(one.used_up and reception.limits.is_shared(one.used_up) for one in answered)
