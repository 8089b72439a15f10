"""The last import taken back: of whom any room has learnt something since, they stay."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from newsletter.delivery import staying
from newsletter.delivery.models import Delivery
from newsletter.feedback.models import ProviderEvent
from newsletter.notices.rows import NoticeRow
from newsletter.votes.models import Vote
from subscribers import undoing
from subscribers.models import Subscriber
from subscribers.undoing import Undone


def undo_import(
    session: Session,
    *,
    now: datetime,
    ref: str | None = None,
    progress: Callable[[int], object] = lambda _count: None,
) -> Undone:
    """Take the last import back, as ``subscribers.undoing`` does.

    Raises:
        NoImportToUndo: when none can be taken back, or another one was the last meanwhile.
    """
    staying.may_delete_readers(session)
    return undoing.undo(session, _written_to, now=now, ref=ref, progress=progress)


def _written_to(
    session: Session, newcomers: Sequence[Subscriber], asked: Sequence[Subscriber]
) -> set[int]:
    """Find who has a copy of an issue, and which newcomers have a letter, an event or a vote."""
    names = {one.public_id: one.number for one in newcomers}
    ids = list(names.values())
    readers = [*ids, *(one.number for one in asked)]
    copies = select(Delivery.subscriber_id).where(col(Delivery.subscriber_id).in_(readers))
    told = select(ProviderEvent.subscriber_id).where(col(ProviderEvent.subscriber_id).in_(ids))
    votes = select(Vote.subscriber_id).where(col(Vote.subscriber_id).in_(ids))
    letters = select(NoticeRow.recipient).where(col(NoticeRow.recipient).in_(names))
    found = {*session.exec(copies), *session.exec(told), *session.exec(votes)}
    return {id_ for id_ in found if id_ is not None} | {
        names[public_id] for public_id in session.exec(letters)
    }
