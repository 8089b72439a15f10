"""What editors have to be told and were not: a process died between the deed and the notice.

Or no notice about it got through to anybody: then it is told to whoever is named as an editor since.

Asked at each pass, and answered from the rows alone, so that it cannot matter where a process ended.
What it costs grows with the issues that wait for a person, and with nothing else.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from newsletter.delivery.closing import SENDER, Stopped, stopped_for
from newsletter.delivery.models import PUT_OFF, Delivery, DeliveryState, Doubt, DoubtState
from newsletter.delivery.proving import SENT_TWICE
from newsletter.delivery.reconciling.settling import FOREIGN
from newsletter.issues.models import Issue, IssueChange
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.notices.rows import NoticeRow, told_or_waiting

_TOLD_OTHERWISE = frozenset({SENT_TWICE, "dmarc-policy"})
"""Stops of which editors learn with the letters that came of them; see ``newsletter.afterwards``."""


@dataclass(frozen=True, slots=True)
class Stop:
    """An issue that has stopped by itself, of which nobody was told.

    Attributes:
        number: of the issue.
        key: what it is told once for.
        why: as its history has it.
    """

    number: int
    key: str
    why: Stopped


@dataclass(frozen=True, slots=True)
class PutOff:
    """Copies of one issue that were refused again and again, and wait for a person.

    Attributes:
        number: of the issue.
        copies: how many there are.
        day: in UTC, when the last of them was given up.
    """

    number: int
    copies: int
    day: date

    @property
    def key(self) -> str:
        """What it is told once for: a line that stutters all day is one notice, not one a batch."""
        return f"put-off {self.number} {self.day}"


def stops(session: Session) -> list[Stop]:
    """Give the issues that are paused by the sender's word, and of which no editor was told."""
    pauses = aliased(IssueChange)
    last = (
        select(func.max(col(pauses.id)))
        .where(
            col(pauses.issue_number) == col(Issue.number),
            col(pauses.event) == IssueEvent.PAUSED.value,
        )
        .scalar_subquery()
    )
    key = literal("stopped ") + _text(Issue.number) + " " + _text(IssueChange.id)
    of_letters_too_many = and_(
        col(IssueChange.reason).startswith(f"code {FOREIGN}"),
        col(NoticeRow.key) == literal("doubled ") + _text(Issue.number),
        col(NoticeRow.created_at) >= col(IssueChange.at),
    )
    found = (
        select(col(Issue.number), key, col(IssueChange.reason))
        .join(IssueChange, col(IssueChange.id) == last)
        .where(
            col(Issue.state) == IssueState.HELD.value,
            col(IssueChange.actor) == SENDER,
            ~exists().where(told_or_waiting(), or_(col(NoticeRow.key) == key, of_letters_too_many)),
        )
        .order_by(col(Issue.number))
    )
    seen = (Stop(number, key, stopped_for(why)) for number, key, why in session.execute(found))
    return [stop for stop in seen if stop.why.code not in _TOLD_OTHERWISE]


def doubtful(session: Session) -> list[int]:
    """Give the issues with calls that are held in doubt, if no editor was told of them.

    One notice is about all that is in doubt by then: it covers each call that had ended when the
    one was settled for which it was told.
    """
    held = (
        select(col(Doubt.issue_number).label("issue"), func.max(col(Doubt.ended_at)).label("last"))
        .where(col(Doubt.state) == DoubtState.HELD.value)
        .group_by(col(Doubt.issue_number))
        .subquery()
    )
    told = aliased(Doubt)
    key = literal("doubtful ") + _text(told.issue_number) + " " + col(told.attempt_id)
    covered = exists().where(
        col(told.issue_number) == held.c.issue,
        or_(col(told.settled_at).is_(None), col(told.settled_at) >= held.c.last),
        col(NoticeRow.key) == key,
        told_or_waiting(),
    )
    found = select(held.c.issue).where(~covered).order_by(held.c.issue)
    return list(session.execute(found).scalars())


def put_off(session: Session) -> list[PutOff]:
    """Give what was put off and is held, if no editor was told of it that day."""
    held = (
        select(col(Delivery.issue_number), func.count(), func.max(col(Delivery.settled_at)))
        .where(
            col(Delivery.attempt_id).is_not(None),  # its partial index keeps this cheap
            col(Delivery.state) == DeliveryState.HELD.value,
            col(Delivery.reason).startswith(PUT_OFF),
        )
        .group_by(col(Delivery.issue_number))
        .order_by(col(Delivery.issue_number))
    )
    found = [PutOff(number, copies, at.date()) for number, copies, at in session.execute(held)]
    keys = [one.key for one in found]
    of_these = col(NoticeRow.key).in_(keys), told_or_waiting()
    told = set(session.scalars(select(col(NoticeRow.key)).where(*of_these)))
    return [one for one in found if one.key not in told]


def _text(number: Any) -> ColumnElement[str]:
    return cast(number, String)
