"""What somebody gets of an issue: a reader on the list, or anybody with certain wishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col

from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.editions import ledger
from newsletter.editions.choosing import Choice, Reason, choose
from newsletter.editions.drafts import choice_of, drafted
from newsletter.editions.letters import kept
from newsletter.editions.models import Edition
from newsletter.editions.offering import Offers
from newsletter.editions.planning import plans
from newsletter.editions.shelf import Shelf
from newsletter.issues.models import Issue
from newsletter.rendering.rendered import Rendered
from subscribers import queries
from subscribers.models import Subscriber
from subscribers.wishes import Wishes

WHY_NONE: Mapping[str, str] = {
    Reason.MONTHLY: "they get the first issue of a month, and this is not it",
    Reason.NO_FOLLOWED_TOOL: "nothing in it has a tool that they follow",
    Reason.NO_CHOSEN_TOPIC: "nothing in it is on a topic that they chose",
}
KINDS: Mapping[str, str] = {
    "issue": "the whole issue",
    "topics": "the match-ups on their topics",
    "monthly": "everything since their last letter",
    "followed": "the match-ups with a tool they follow",
    "catch-up": "this issue, and what waited for them",
}


@dataclass(frozen=True, slots=True)
class Gets:
    """What it is.

    Attributes:
        letter: the edition; None for the whole issue, or for no letter.
        words: what is in it.
        none: why there is no letter; empty when there is one.
    """

    letter: Rendered | None = None
    words: str = KINDS["issue"]
    none: str = ""


def by_wishes(session: Session, issue: Issue, wishes: Wishes) -> Gets:
    """Say what somebody gets who has such wishes, and for whom nothing waits."""
    offered = Offers(session).of(issue.number)
    is_monthly = ledger.is_monthly(session, issue)
    return _of(session, issue, choose(wishes, offered, (), is_monthly=is_monthly))


def by_reader(session: Session, issue: Issue, reader: Subscriber, now: datetime) -> Gets:
    """Say what a reader gets, or got where it has begun to leave.

    Args:
        session: for reading; nothing is written.
        issue: the issue.
        reader: of any state.
        now: as of when it would leave.
    """
    if issue.has_begun:
        return _as_booked(session, issue, reader)
    who = (col(Subscriber.id) == reader.id) & queries.receivable(now)
    if not queries.is_any(session, who):
        return Gets(none=f"nothing is sent to them now: they are {reader.state}")
    plan = next(plans(session, issue, who, Shelf(session)), None)
    return Gets() if plan is None else _of(session, issue, plan.outcome)


def _as_booked(session: Session, issue: Issue, reader: Subscriber) -> Gets:
    copy = session.get(Delivery, (issue.number, reader.id))
    if copy is None:
        return Gets(none="they are not among those it goes to")
    if copy.state == DeliveryState.SKIPPED:
        return Gets(none=WHY_NONE.get(copy.reason or "", f"they were left out: {copy.reason}"))
    if copy.edition is None:
        return Gets()
    edition = session.get(Edition, (issue.number, copy.edition))
    assert edition is not None  # the books name none that is not there
    if not edition.content_hash:
        return _of(session, issue, choice_of(edition))
    return Gets(kept(issue, edition), KINDS.get(edition.kind, edition.kind))


def _of(session: Session, issue: Issue, outcome: Choice | Reason) -> Gets:
    if isinstance(outcome, Reason):
        return Gets(none=WHY_NONE[outcome])
    if outcome.kind == "issue":
        return Gets()
    draft = drafted(session, issue, outcome, Shelf(session))
    return Gets(draft.letter, KINDS[outcome.kind])
