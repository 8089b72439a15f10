"""The story after a letter has left: what the provider tells is heard, and editors hear of trouble."""

from collections.abc import Collection
from datetime import timedelta

from newsletter.delivery.closing import pause
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.oddities import oddities
from newsletter.delivery.silence import grave_silences
from newsletter.desk import Desk
from newsletter.editor_notices import alarms as told_daily
from newsletter.editor_notices import under_way
from newsletter.feedback import alarms, turns
from newsletter.feedback.alarms import OfIssue
from newsletter.feedback.folding import Folded
from newsletter.feedback.listener import Listener
from newsletter.feedback.meanings import Alarm
from newsletter.feedback.syncing import Syncing

LOOK_EVERY = timedelta(minutes=10)
COMPARE_EVERY = timedelta(days=1)
TIDY_EVERY = timedelta(days=1)

_DMARC = Receipt(
    Outcome.REJECTED,
    code="dmarc-policy",
    detail="Servers refuse the issue because our own DNS tells them to: mend SPF, DKIM and DMARC.",
)


def listen(desk: Desk, listener: Listener, syncing: Syncing | None) -> Folded:
    """Work out what was told since the last time; doing it twice, or after a crash, changes nothing.

    Args:
        desk: at which editors are told.
        listener: who hears events.
        syncing: compares the provider's lists, where the provider keeps any.
    """
    folded = listener.fold()
    listener.count()
    if syncing is not None:
        _compare_lists(desk, syncing)
    now = desk.clock()
    with desk.database.writing() as session:
        tidies = turns.take(session, "tidy", every=TIDY_EVERY, now=now)
        looks = turns.take(session, "alarms", every=LOOK_EVERY, now=now)
        compares = turns.take(session, "silence", every=COMPARE_EVERY, now=now)
    if tidies:
        listener.tidy()
    if looks:
        look(desk)
    if compares:
        compare(desk)
    return folded


def _compare_lists(desk: Desk, syncing: Syncing) -> None:
    """Compare the provider's lists when that is due; tell editors of one that lacks too much."""
    synced = syncing.run_due()
    if synced is None:
        syncing.reopen_due()
    elif synced.doubted:
        today = desk.clock().date()
        desk.mailroom.tell(*told_daily.suppressions_missed(synced.doubted, today))


def look(desk: Desk) -> None:
    """Tell editors what they have to know of, once a day; an issue that nobody takes is paused."""
    now = desk.clock()
    with desk.database.reading() as session:
        of_issues, of_form = alarms.of_issues(session, now=now), alarms.of_form(session, now=now)
    _pause(desk, [one for one in of_issues if one.alarm is Alarm.DNS])
    tell_of_oddities(desk)
    for one in of_issues:
        desk.mailroom.tell(*told_daily.refused_for(one.issue, one.alarm, one.copies, now.date()))
    if of_form is not None:
        desk.mailroom.tell(
            *told_daily.confirmations_refused(of_form.bounced, of_form.complained, now.date())
        )


def compare(desk: Desk) -> None:
    """Compare what was accepted with what arrived or came back, and tell editors of what is missed."""
    with desk.database.reading() as session:
        missed = list(grave_silences(session, now=desk.clock()))
    for one in missed:
        desk.mailroom.tell(*told_daily.never_heard_of(one))


def tell_of_oddities(desk: Desk) -> None:
    """Tell editors of letters that should not be, whichever way they came out."""
    with desk.database.reading() as session:
        twice, written_off = oddities(session)
    for number, letters in twice.items():
        desk.mailroom.tell(*under_way.doubled(number, letters))
    for number, copies in written_off.items():
        desk.mailroom.tell(*under_way.written_off(number, copies))


def _pause(desk: Desk, found: Collection[OfIssue]) -> None:
    """Pause issues that our own DNS keeps out; whoever resumes one knows, so it is done once a day."""
    now = desk.clock()
    for one in found:
        with desk.database.writing() as session:
            turn = turns.take(session, f"dmarc {one.issue}", every=alarms.LOOKS_BACK, now=now)
            if turn and not pause(session, one.issue, _DMARC, now=now):
                session.rollback()  # it was not sending: the turn is for when it does
