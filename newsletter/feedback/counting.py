"""What was done with letters: clicks are counted by link, then who did what is forgotten.

A few minutes after it came, an event that tells of a click or an open becomes one that says only
that the mailbox works. Until then the clicks of one copy stand beside each other, by which a filter
is told from a reader; from then on no row leads from a reader to a link.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import func, select, text, update
from sqlmodel import Session, col

from newsletter.clicks.models import LinkClicks
from newsletter.clicks.rules import Click, judge
from newsletter.clicks.tracked import content_links
from newsletter.database import Database, insert_into
from newsletter.delivery.models import Delivery
from newsletter.feedback.meanings import Kind
from newsletter.feedback.models import SIGNS, ProviderEvent
from newsletter.issues import frozen
from newsletter.issues.models import Issue

SETTLES = timedelta(minutes=15)
"""By then whatever followed all links of a copy is through, and told of."""

LOT = 200
"""Events that one transaction counts."""

_Copy = tuple[int, int]


def count_due(database: Database, *, now: datetime) -> int:
    """Count what is old enough, lot by lot; doing it twice, or after a crash, counts nothing twice.

    Returns:
        How many events there were.
    """
    total = 0
    while True:
        with database.writing() as session:
            counted = _count_lot(session, now)
        total += counted
        if counted == 0:
            return total


def _count_lot(session: Session, now: datetime) -> int:
    due = session.scalars(
        select(ProviderEvent)
        .where(
            text(SIGNS),
            col(ProviderEvent.folded_at).is_not(None),
            col(ProviderEvent.received_at) <= now - SETTLES,
        )
        .order_by(col(ProviderEvent.received_at))
        .limit(LOT)
        .with_for_update(skip_locked=True)
    ).all()
    if not due:
        return 0
    tracked = _tracked(session, {event.issue_number for event in due})
    found = _with_their_neighbours(session, due, tracked)
    _add(session, _judged(session, found, tracked))
    session.execute(
        update(ProviderEvent)
        .where(col(ProviderEvent.id).in_({event.id for event in [*due, *found]}))
        .values(kind=Kind.ALIVE.value, body="")
    )
    return len(due)


def _tracked(session: Session, numbers: Iterable[int | None]) -> Mapping[int, frozenset[str]]:
    """Give the links that are counted, of those issues whose clicks are."""
    issues = session.scalars(
        select(Issue).where(col(Issue.number).in_(numbers), col(Issue.tracks_clicks))
    )
    views = {issue.number: frozen.readable(issue) for issue in issues}
    return {number: frozenset(content_links(view)) for number, view in views.items() if view}


def _with_their_neighbours(
    session: Session, due: Sequence[ProviderEvent], tracked: Mapping[int, frozenset[str]]
) -> Sequence[ProviderEvent]:
    """Give all clicks of the copies that some are of, those included that came later."""
    of_tracked = (_copy_of(event) for event in due if event.issue_number in tracked)
    copies = {copy for copy in of_tracked if copy is not None}
    if not copies:
        return []
    near = session.scalars(
        select(ProviderEvent)
        .where(
            col(ProviderEvent.kind) == Kind.CLICKED.value,
            *_of(copies, ProviderEvent),
        )
        .with_for_update(skip_locked=True)
    )
    return [event for event in near if _copy_of(event) in copies]


def _judged(
    session: Session, found: Sequence[ProviderEvent], tracked: Mapping[int, frozenset[str]]
) -> Counter[tuple[int, str, str]]:
    """Count copies by issue, link and verdict."""
    of_copy: dict[_Copy, list[Click]] = defaultdict(list)
    for event in found:
        if (copy := _copy_of(event)) and (click := _click(event)):
            of_copy[copy].append(click)
    arrived, counted = _arrived(session, of_copy), Counter[tuple[int, str, str]]()
    for copy, clicks in of_copy.items():
        for link, verdict in judge(clicks, arrived.get(copy)).items():
            if link in tracked[copy[0]]:
                counted[copy[0], link, verdict.value] += 1
    return counted


def _click(event: ProviderEvent) -> Click | None:
    """Read what of a click tells who did it; None where its body is not what it should be."""
    try:
        told: Any = orjson.loads(event.body)
        link, *rest = (told.get(name) for name in ("OriginalLink", "UserAgent", "Platform"))
    except (orjson.JSONDecodeError, AttributeError):
        return None
    if not isinstance(link, str):
        return None
    return Click(link, event.occurred_at, *(one if isinstance(one, str) else "" for one in rest))


def _arrived(session: Session, copies: Collection[_Copy]) -> Mapping[_Copy, datetime]:
    """Give when copies arrived: by the receiving server's word, else when the provider took them."""
    if not copies:
        return {}
    taken = select(
        col(Delivery.issue_number), col(Delivery.subscriber_id), col(Delivery.settled_at)
    ).where(*_of(copies, Delivery))
    told = (col(ProviderEvent.issue_number), col(ProviderEvent.subscriber_id))
    delivered = (
        select(*told, func.min(col(ProviderEvent.occurred_at)))
        .where(col(ProviderEvent.kind) == Kind.DELIVERED.value, *_of(copies, ProviderEvent))
        .group_by(*told)
    )
    rows = [*session.execute(taken), *session.execute(delivered)]
    return {(issue, who): at for issue, who, at in rows if at is not None}


def _of(copies: Collection[_Copy], table: type[ProviderEvent | Delivery]) -> Iterable[Any]:
    """Give conditions that find these copies by an index, and some others of the same readers."""
    yield col(table.issue_number).in_({issue for issue, _ in copies})
    yield col(table.subscriber_id).in_({who for _, who in copies})


def _add(session: Session, counted: Counter[tuple[int, str, str]]) -> None:
    if not counted:
        return
    rows = [
        {"issue_number": issue, "link": link, "verdict": verdict, "copies": copies}
        for (issue, link, verdict), copies in sorted(counted.items())
    ]
    new = insert_into(session, LinkClicks).values(rows)
    more = col(LinkClicks.copies) + new.excluded.copies
    key = ["issue_number", "link", "verdict"]
    session.execute(new.on_conflict_do_update(index_elements=key, set_={"copies": more}))


def _copy_of(event: ProviderEvent) -> _Copy | None:
    if event.issue_number is None or event.subscriber_id is None:
        return None
    return event.issue_number, event.subscriber_id
