"""Week after week for readers with wishes: issues that are frozen, leave, and reach them or not."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, col

from newsletter.content.catalogue.store import save
from newsletter.content.comparison import CatalogueEntry, Comparison, Tool
from newsletter.delivery.models import Delivery
from newsletter.editions.assigning import Assignment, assignments
from newsletter.editions.models import Edition
from newsletter.issues import store
from newsletter.issues.building import summarised
from newsletter.issues.models import Issue, IssueItem
from newsletter.rendering.issue_view import issue_view
from newsletter.rendering.views import IssueView
from subscribers import signup, wishes
from subscribers.address import Address
from subscribers.consent import stated
from subscribers.models import Subscriber
from subscribers.wishes import Wishes
from tests.factories import PEPPER, SEEN, make_comparison, make_tool
from tests.newsletter.rendering.samples import BRAND, NONCE

FIRST_MONDAY = date(2026, 11, 2)
EVERYBODY = col(Subscriber.id) > 0


def at_nine(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def monday(week: int) -> date:
    """The first Monday of November 2026, or so many weeks after it; December begins at week 5."""
    return FIRST_MONDAY + timedelta(weeks=week - 1)


def compare(
    session: Session, a: Comparison | Tool | str, b: Tool | str = "other"
) -> CatalogueEntry:
    """Keep a comparison, or one that is made of two tools."""
    comparison = a if isinstance(a, Comparison) else make_comparison(a, b)
    entry = save(session, comparison, now=SEEN).entry
    assert entry is not None
    return entry


def topic(category: str | None, name: str) -> Tool:
    return make_tool(name, category=category)


def freeze_issue(
    session: Session,
    number: int,
    entries: Collection[CatalogueEntry],
    *,
    day: date | None = None,
    begun: bool = True,
) -> Issue:
    """An issue as the desk freezes it, but for its letter; it begins to leave on its day at nine."""
    day = day or monday(number)
    view = issue_view(number=number, date=day, items=summarised(entries, {}), brand=BRAND)
    issue = Issue(
        number=number,
        schedule="weekly",
        local_date=day,
        nonce=NONCE,
        created_at=SEEN,
        sending_at=at_nine(day) if begun else None,
    )
    keep_view(session, issue, view)
    session.add_all(
        IssueItem(
            issue_number=number,
            position=position,
            comparison_id=entry.id,
            reason="newest",
            because="it is new",
        )
        for position, entry in enumerate(entries, start=1)
    )
    session.flush()
    return issue


def keep_view(session: Session, issue: Issue, view: IssueView) -> None:
    issue.content = json.dumps(view.as_json())
    session.add(issue)
    session.flush()


def week(session: Session, number: int, count: int = 2) -> Issue:
    """An issue of so many new comparisons of developer tools."""
    entries = [
        compare(session, f"left-{number}-{place}", f"right-{number}-{place}")
        for place in range(1, count + 1)
    ]
    return freeze_issue(session, number, entries)


def reader(session: Session, name: str, wish: Wishes | None = None) -> int:
    subscriber, _ = signup.add(
        session,
        Address.parse(f"{name}@example.org"),
        consent=stated("a test", at=SEEN),
        pepper=PEPPER,
    )
    assert subscriber.id is not None
    if wish:
        want(session, subscriber.id, wish)
    return subscriber.id


def want(session: Session, subscriber_id: int, wish: Wishes) -> None:
    public_id = session.get_one(Subscriber, subscriber_id).public_id
    wishes.choose(session, public_id, wish, now=SEEN, source="test")


def leave(
    session: Session, issue: Issue, became: Mapping[int, tuple[str, str | None]] | None = None
) -> dict[int, Assignment]:
    """Write the rows of everybody tailored as the room of delivery does, and give what was assigned.

    ``became`` says for single readers in which state, and for which reason, their copy ended.
    """
    given = {one.subscriber_id: one for one in assignments(session, issue, EVERYBODY)}
    for id_, one in given.items():
        state, reason = ("skipped", one.reason) if one.reason else ("accepted", None)
        if not one.reason and became:
            state, reason = became.get(id_, (state, reason))
        deliver(session, issue, id_, state=state, reason=reason, edition=one.edition)
    return given


def deliver(
    session: Session,
    issue: Issue,
    subscriber_id: int,
    *,
    state: str = "accepted",
    reason: str | None = None,
    edition: int | None = None,
) -> None:
    session.add(
        Delivery(
            issue_number=issue.number,
            subscriber_id=subscriber_id,
            batch=0 if state == "skipped" else 1,
            edition=edition,
            state=state,
            reason=reason,
        )
    )
    session.flush()


@dataclass(frozen=True, slots=True)
class Got:
    """What a reader's letter held; ``kind`` is "none" with the reason, or "issue"."""

    kind: str
    items: tuple[int, ...] = ()
    reason: str | None = None


def comes(session: Session, issue: Issue, subscriber_id: int) -> Got:
    """Let an issue leave, and say what of it comes to one reader."""
    return got(session, issue, leave(session, issue)[subscriber_id])


def got(session: Session, issue: Issue, one: Assignment) -> Got:
    if one.reason:
        return Got("none", reason=one.reason)
    if one.edition is None:
        return Got("issue", items_of(session, issue))
    edition = session.get_one(Edition, (issue.number, one.edition))
    return Got(edition.kind, tuple(edition.items))


def items_of(session: Session, *issues: Issue) -> tuple[int, ...]:
    return tuple(item.comparison_id for issue in issues for item in store.items(session, issue))
