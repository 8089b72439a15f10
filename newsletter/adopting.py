"""Taking over a database that was copied, moved or restored: first what would leave, then the deed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from newsletter.correction_letters import ordering
from newsletter.delivery.expiring import expire
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.delivery.rebuilding.owing import ADOPTED
from newsletter.desk import Desk
from newsletter.errors import NewsletterError
from newsletter.instance.fence import Fence
from newsletter.instance.rules import Known
from newsletter.issues import life, store
from newsletter.issues.states import OPEN, IssueEvent, IssueState
from newsletter.jobs.living import SILENCE, alive
from newsletter.notices import rows as notice_rows
from newsletter.notices.letters import CORRECTION
from newsletter.rehashing import hide_anew
from schedules import ledger
from schedules.catchup import Run, decide
from schedules.windows import Slot, latest_slot, next_slot

log = structlog.get_logger()

ACTOR = "adopt"

_MOMENT = timedelta(microseconds=1)


class OwnerAlive(NewsletterError):
    """Workers of the installation that owns the database are at work."""

    code = "owner-alive"


@dataclass(frozen=True, slots=True)
class Overdue:
    """A slot whose hour has come and that the schedule would send now; its issue, if there is one."""

    local_date: date
    issue: int | None


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An issue that is leaving.

    Attributes:
        issue: its number.
        copies: how many are still to be sent.
        batches: how many are in no worker's hands.
        claimed: how many were in a worker's hands when the copy was made.
    """

    issue: int
    copies: int
    batches: int
    claimed: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What would leave from a database if nobody stood in the way.

    Attributes:
        overdue: slots whose issue would leave.
        under_way: issues that are leaving.
        corrections: letters about corrections that were ordered and wait.
        letters: all other letters, to readers and editors.
    """

    overdue: tuple[Overdue, ...]
    under_way: tuple[UnderWay, ...]
    corrections: int
    letters: int


def waiting(desk: Desk) -> Waiting:
    """Say what would leave at the next beat; changes nothing."""
    due = _due(desk)
    with desk.database.reading() as session:
        return Waiting(
            tuple(Overdue(slot.local_date, _number(session, slot)) for slot in due),
            tuple(
                _under_way(session, issue.number)
                for issue in store.in_state(session, IssueState.SENDING)
            ),
            ordering.ordered(session),
            notice_rows.waiting(session, without=CORRECTION),
        )


def adopt(
    desk: Desk,
    fence: Fence,
    *,
    without_old_key: bool = False,
    take_over: bool = False,
    keep_key: Callable[[], None] = lambda: None,
) -> Known:
    """Make this host the owner of the database, and stop what was about to leave from it.

    What was sent after the copy was made is not known here, so nothing goes on by itself: a slot
    that is due is given up, an issue that was leaving, or was paused while it left, waits for a
    person's word and for its provider's, and a call that was under way is in doubt like that of any
    worker that fell silent. Letters about corrections that were ordered are taken back: nobody can
    say which of them have left since, and a person who orders them anew is shown how many they are.
    Other letters leave: each is for one reader who asked for something, or for an editor.

    Where the key is lost that hid addresses, this host's hides those that somebody here has.

    Args:
        desk: of this host.
        fence: of this host.
        without_old_key: a person's word that the database's secret key, which this host does not
            have, is lost.
        take_over: a person's word that workers who are at work do not matter.
        keep_key: writes this host's key down, where it has none yet: once nothing can be refused any
            more, and before anything is hidden or signed with it for good.

    Returns:
        The name of the installation, and its generation.

    Raises:
        StrangeKeys: when this host does not have the secret keys of the database.
        OwnerAlive: when workers of the installation that owns it are at work.
    """
    beside = None if take_over else fence.how_to_share()
    due = _due(desk)
    with desk.database.writing() as session:
        if beside and alive(session):
            raise OwnerAlive(_still_at_work(beside))
        for slot in due:
            _give_up(session, desk, slot)
        _end_leases(session, desk)
        for issue in store.in_state(session, IssueState.HELD):
            if issue.has_begun:  # it may have gone on after the copy was made
                _stop(session, desk, issue.number, IssueEvent.HELD)
        for issue in store.in_state(session, IssueState.SENDING):
            _stop(session, desk, issue.number, IssueEvent.PAUSED)
        ordering.take_back(session)
        if without_old_key and fence.hides_anew(session):
            hide_anew(session, fence.pepper)
        owner = fence.adopt(session, without_old_key=without_old_key)
        session.flush()
        keep_key()
    log.warning("database_adopted", instance=owner.name, generation=owner.generation)
    return owner


def _still_at_work(beside: str) -> str:
    return (
        f"workers are at work on this database, it may be this host's own: stop them first; {beside}; "
        f"after a move end those of the old host, and wait {SILENCE.seconds} seconds; if they do not "
        "matter: newsletter db adopt --take-over"
    )


def _due(desk: Desk) -> list[Slot]:
    """Give the slots that the schedule would run now, or go on with."""
    now = desk.clock()
    following = next_slot(desk.window, now)
    slots = [latest_slot(desk.window, now)]
    slots += [following] if desk.slots.opens(following) <= now else []
    with desk.database.reading() as session:
        return [slot for slot in slots if _would_run(session, desk, slot)]


def _would_run(session: Session, desk: Desk, slot: Slot) -> bool:
    run = ledger.find(session, slot.schedule, slot.local_date)
    decision = decide(desk.window, slot, desk.clock(), settled=ledger.has_ended(run))
    issue = store.of_slot(session, slot.schedule, slot.local_date)
    return (
        isinstance(decision, Run)
        and (issue is None or issue.state in OPEN)
        and desk.in_use_at(slot.instant)
    )


def _number(session: Session, slot: Slot) -> int | None:
    issue = store.of_slot(session, slot.schedule, slot.local_date)
    return issue.number if issue else None


def _under_way(session: Session, number: int) -> UnderWay:
    copies = select(func.count()).where(
        col(Delivery.issue_number) == number, col(Delivery.state) == DeliveryState.QUEUED.value
    )
    states = (
        select(col(Batch.state), func.count())
        .where(col(Batch.issue_number) == number)
        .group_by(col(Batch.state))
    )
    batches: dict[str, int] = dict(tuple(row) for row in session.execute(states))
    return UnderWay(
        number,
        session.execute(copies).scalar_one(),
        batches.get(BatchState.QUEUED.value, 0),
        batches.get(BatchState.SENDING.value, 0),
    )


def _give_up(session: Session, desk: Desk, slot: Slot) -> None:
    ledger.give_up(
        session, slot, worker=desk.dispatch.sender.worker, now=desk.clock(), note=ADOPTED
    )
    number = _number(session, slot)
    if number is not None:
        _stop(session, desk, number, IssueEvent.HELD)


def _stop(session: Session, desk: Desk, number: int, event: IssueEvent) -> None:
    issue = store.locked(session, number)
    life.change(session, issue, event, now=desk.clock(), actor=ACTOR, reason=ADOPTED)


def _end_leases(session: Session, desk: Desk) -> None:
    """Bring every call that was under way into doubt, by the way of those that fell silent."""
    timer = desk.dispatch.sender.timer()
    session.execute(
        update(Batch)
        .where(col(Batch.state) == BatchState.SENDING.value)
        .values(leased_until=timer - _MOMENT)
    )
    expire(session, now=desk.clock(), timer=timer)
