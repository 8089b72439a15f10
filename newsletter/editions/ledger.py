"""What the books say of earlier issues: which were first of their month, what was kept for whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import CTE, ColumnElement, and_, column, func, or_, select, table
from sqlmodel import Session, col

from newsletter.editions.choosing import MOST, Reason
from newsletter.editions.models import Edition
from newsletter.issues.models import Issue, IssueItem

DELIVERIES = table(
    "deliveries",
    *(column(name) for name in ("issue_number", "subscriber_id", "edition", "state", "reason")),
)
"""The part of the table that is read here. The room that writes it stands above and imports this one."""

CARRIED = ("queued", "accepted", "unknown", "held")
"""States of a copy that brought, or may have brought, its match-ups to the reader."""

Letter = tuple[int, int | None]
"""Number of an issue and of its edition, None for the whole of it."""


def is_monthly(session: Session, issue: Issue) -> bool:
    """Say whether no other issue of the same month began to leave before this one."""
    days = session.execute(select(col(Issue.local_date)).where(_before(issue))).scalars()
    month = (issue.local_date.year, issue.local_date.month)
    return all((day.year, day.month) != month for day in days)


def kept_back(
    session: Session, issue: Issue, subscribers: Collection[int]
) -> Mapping[int, list[int]]:
    """Say which earlier issues wait for readers, newest first, by one statement for all of them.

    An issue waits when it was kept for a monthly letter and no letter came since. A letter closes
    the account, and so does one that had nothing on the topics chosen then: what it left out was
    not wanted. One that was rejected or skipped brought nothing, and so closes nothing; nor does
    one that was full.

    Args:
        session: the open transaction.
        issue: that begins to leave, or would.
        subscribers: row ids.
    """
    begun = _begun(issue)
    closed = (
        select(DELIVERIES.c.subscriber_id, func.max(begun.c.place).label("place"))
        .join(begun, begun.c.number == DELIVERIES.c.issue_number)
        .outerjoin(Edition, _edition_of_copy())
        .where(DELIVERIES.c.subscriber_id.in_(subscribers), _closes())
        .group_by(DELIVERIES.c.subscriber_id)
        .cte("closed")
    )
    waiting = (
        select(DELIVERIES.c.subscriber_id, DELIVERIES.c.issue_number)
        .join(begun, begun.c.number == DELIVERIES.c.issue_number)
        .outerjoin(closed, closed.c.subscriber_id == DELIVERIES.c.subscriber_id)
        .where(
            DELIVERIES.c.subscriber_id.in_(subscribers),
            _skipped_as(Reason.MONTHLY),
            begun.c.place > func.coalesce(closed.c.place, 0),
        )
        .order_by(begun.c.place.desc())
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for subscriber_id, number in session.execute(waiting):
        found[subscriber_id].append(number)
    return found


def letters(
    session: Session, issue: Issue, subscribers: Collection[int]
) -> Mapping[int, list[Letter]]:
    """Say which letters came, or may have come, to readers before this issue."""
    copies = DELIVERIES.c
    sent = select(copies.subscriber_id, copies.issue_number, copies.edition).where(
        copies.subscriber_id.in_(subscribers),
        copies.issue_number != issue.number,
        copies.state.in_(CARRIED),
    )
    found: defaultdict[int, list[Letter]] = defaultdict(list)
    for subscriber_id, number, edition in session.execute(sent):
        found[subscriber_id].append((number, edition))
    return found


def contents(session: Session) -> Mapping[Letter, Collection[int]]:
    """Say which comparisons (row ids) each letter ever held."""
    found: defaultdict[Letter, Collection[int]] = defaultdict(list)
    for item in session.execute(select(col(IssueItem.issue_number), col(IssueItem.comparison_id))):
        found[item.issue_number, None] = [*found[item.issue_number, None], item.comparison_id]
    editions = select(col(Edition.issue_number), col(Edition.number), col(Edition.items))
    for number, edition, items in session.execute(editions):
        found[number, edition] = items
    return found


def sources(session: Session, issue: Issue, comparisons: Collection[int]) -> Mapping[int, int]:
    """Say in which earlier issue (number) comparisons (row ids) are; the latest one counts."""
    begun = _begun(issue)
    items = (
        select(col(IssueItem.comparison_id), col(IssueItem.issue_number))
        .join(begun, begun.c.number == col(IssueItem.issue_number))
        .where(col(IssueItem.comparison_id).in_(comparisons))
        .order_by(begun.c.place)
    )
    return {row.comparison_id: row.issue_number for row in session.execute(items)}


def _before(issue: Issue) -> ColumnElement[bool]:
    """Give the condition for issues that began to leave before this one did, or would now.

    The order of leaving counts: an issue that was sent late is later than a higher number.
    """
    left, number = col(Issue.sending_at), col(Issue.number)
    if issue.sending_at is None:
        return and_(left.is_not(None), number != issue.number)
    return or_(left < issue.sending_at, and_(left == issue.sending_at, number < issue.number))


def _begun(issue: Issue) -> CTE:
    """Number the earlier issues in the order in which they left, from 1."""
    place = func.row_number().over(order_by=(col(Issue.sending_at), col(Issue.number)))
    return select(col(Issue.number), place.label("place")).where(_before(issue)).cte("begun")


def _edition_of_copy() -> ColumnElement[bool]:
    return and_(
        col(Edition.issue_number) == DELIVERIES.c.issue_number,
        col(Edition.number) == DELIVERIES.c.edition,
    )


def _closes() -> ColumnElement[bool]:
    size = func.coalesce(func.json_array_length(col(Edition.items)), 0)
    carried = and_(DELIVERIES.c.state.in_(CARRIED), size < MOST)
    return or_(carried, _skipped_as(Reason.NO_CHOSEN_TOPIC))


def _skipped_as(reason: Reason) -> ColumnElement[bool]:
    return and_(DELIVERIES.c.state == "skipped", DELIVERIES.c.reason == reason.value)
