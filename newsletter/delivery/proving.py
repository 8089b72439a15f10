"""A copy was accepted, by evidence: a search, a webhook or a list of the provider shows it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Update, bindparam, select, update
from sqlmodel import Session, col

from newsletter.delivery.closing import pause
from newsletter.delivery.doubting import close_doubts, restate
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Delivery, DeliveryState

Copy = tuple[int, int, str]
"""Issue, row id of the subscriber, and the provider's name for the message that was accepted."""

SENT_TWICE = "sent-twice"
"""Reason of an accepted copy for which the provider shows two messages."""

WAS = "was-"
"""Begins the reason of an accepted copy that had been written off: ``was-skipped``, ``was-rejected``."""

_OPEN_TO_PROOF = (DeliveryState.QUEUED, DeliveryState.UNKNOWN, DeliveryState.HELD)
_WRITTEN_OFF = (DeliveryState.SKIPPED, DeliveryState.REJECTED)


@dataclass(frozen=True, slots=True)
class Proved:
    """What evidence came to: how many copies it settled, and how many were accepted twice."""

    accepted: int = 0
    doubled: int = 0


def prove(
    session: Session, copies: Iterable[Copy], *, now: datetime, timer: datetime | None = None
) -> Proved:
    """Make copies accepted that the provider shows to have been, whatever we thought of them.

    Doing so again changes nothing. A copy that had been skipped or rejected is accepted, too: its
    reason says what it was, and editors are told (``newsletter.afterwards``). Doubts of which no copy
    is open any more are closed, and batches that no worker holds are what their copies are. A copy
    that is accepted already under another name is a second letter: it is marked, and its issue paused.

    Args:
        session: for writing.
        copies: what was seen.
        now: written down as the time of the outcome.
        timer: the real instant, where it is another one.
    """
    proved = Proved()
    of_issue: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for issue_number, subscriber_id, provider_id in copies:
        of_issue[issue_number][subscriber_id].add(provider_id)
    for issue_number, seen in sorted(of_issue.items()):
        one = _prove(session, issue_number, seen, now, timer or now)
        proved = Proved(proved.accepted + one.accepted, proved.doubled + one.doubled)
    return proved


def _prove(
    session: Session, issue_number: int, seen: dict[int, set[str]], now: datetime, timer: datetime
) -> Proved:
    rows = session.execute(
        select(
            col(Delivery.subscriber_id),
            col(Delivery.state),
            col(Delivery.reason),
            col(Delivery.batch),
            col(Delivery.attempt_id),
            col(Delivery.provider_id),
        )
        .where(col(Delivery.issue_number) == issue_number, col(Delivery.subscriber_id).in_(seen))
        .order_by(col(Delivery.subscriber_id))
        .with_for_update()
    ).all()
    fresh = [row for row in rows if row.state in (*_OPEN_TO_PROOF, *_WRITTEN_OFF)]
    if fresh:
        session.execute(
            _accept(issue_number, now),
            [
                {
                    "who": row.subscriber_id,
                    "provider": min(seen[row.subscriber_id]),
                    "was": WAS + row.state if row.state in _WRITTEN_OFF else None,
                }
                for row in fresh
            ],
        )
        attempts = {row.attempt_id for row in fresh if row.attempt_id}
        close_doubts(session, attempts, at=timer)
        restate(session, {(issue_number, row.batch) for row in fresh}, now=now)
    doubled = [row.subscriber_id for row in rows if _is_second(row, seen[row.subscriber_id])]
    if doubled:
        _mark_doubled(session, issue_number, doubled, now)
    return Proved(len(fresh), len(doubled))


def _accept(issue_number: int, now: datetime) -> Update:
    return (
        update(Delivery.__table__)  # type: ignore[attr-defined]
        .where(
            col(Delivery.issue_number) == issue_number,
            col(Delivery.subscriber_id) == bindparam("who"),
        )
        .values(
            state=DeliveryState.ACCEPTED.value,
            reason=bindparam("was"),
            provider_id=bindparam("provider"),
            attempt_id=None,
            settled_at=now,
        )
    )


def _is_second(row: Row[Any], seen: set[str]) -> bool:
    """Say whether what is seen of a copy is one letter more than is known already."""
    if row.state != DeliveryState.ACCEPTED:
        return len(seen) > 1
    known = {row.provider_id} if row.provider_id else set()
    return row.reason != SENT_TWICE and len(known | seen) > 1


def _mark_doubled(session: Session, issue_number: int, who: list[int], now: datetime) -> None:
    session.execute(
        update(Delivery)
        .where(col(Delivery.issue_number) == issue_number, col(Delivery.subscriber_id).in_(who))
        .values(reason=SENT_TWICE)
    )
    detail = f"The provider shows two messages for {len(who)} copies; see the report of the issue."
    pause(session, issue_number, Receipt(Outcome.ACCEPTED, code=SENT_TWICE, detail=detail), now=now)
