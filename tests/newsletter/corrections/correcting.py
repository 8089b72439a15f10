"""An issue that has left, and what is corrected in it."""

from collections.abc import Collection

from sqlmodel import Session

from newsletter.corrections import store
from newsletter.corrections.models import Correction
from newsletter.corrections.store import Erratum, Signed
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.service import Service
from tests.factories import MONDAY, add_subscribers, store_comparisons

BY = Signed(MONDAY, MONDAY.date(), "editor 1")


def let_leave(service: Service, *, readers: int = 3, match_ups: int = 2) -> None:
    """Issue 1 leaves to everybody."""
    with service.database.writing() as session:
        store_comparisons(session, match_ups)
        add_subscribers(session, readers, pepper=service.pepper)
    service.desk.build(service.desk.slots.next(), actor="test")
    service.desk.send(1, actor="test")


def entry_price(issue: Issue, *, place: int = 0, right: str = "Paid") -> Erratum:
    """The entry price of the left tool of one match-up, which is "Free" as the right one's."""
    match_up = frozen.view(issue).match_ups[place]
    return Erratum("Free", right, match_up.entry_id, match_up.tool_a.name)


def correct(session: Session, erratum: Erratum | None = None) -> Correction:
    """Publish a correction of issue 1."""
    issue = session.get_one(Issue, 1)
    return store.publish(session, issue, erratum or entry_price(issue), BY)


def states(rows: Collection[store.Standing]) -> list[tuple[str, bool, int]]:
    return [(one.now.right, one.now.withdraws, len(one.history)) for one in rows]
