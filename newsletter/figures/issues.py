"""The figures of several issues beside each other, each read from an index or a short table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from newsletter.delivery.models import GRAVE, Batch, Delivery
from newsletter.feedback.meanings import OfCopy
from newsletter.figures.goodbyes import Span, goodbyes
from newsletter.issues.models import Issue

_BEYOND = timedelta(days=36_500)
"""The newest issue is the newest until further notice."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one issue, in short.

    Attributes:
        number: of the issue.
        local_date: its day.
        audience: for how many readers it was.
        accepted: copies that the provider took.
        bounced: of these, how many came back for good.
        complained: of these, how many were called spam.
        left: who left by it; see ``goodbyes``.
    """

    number: int
    local_date: date
    audience: int
    accepted: int
    bounced: int
    complained: int
    left: int

    def in_a_thousand(self, copies: int) -> float:
        """Give a count as a share of the copies that were taken."""
        return 1000 * copies / self.accepted if self.accepted else 0.0


def newest(session: Session, most: int, *, until: int | None = None) -> Sequence[Sent]:
    """Give the issues that began to leave last, oldest first.

    Args:
        session: for reading; six statements.
        most: how many.
        until: the newest to be given; None for whichever it is.
    """
    began = _began(session)
    spans = _spans(began)
    places = [place for place, (number, _) in enumerate(began) if until in (None, number)]
    numbers = [number for number, _ in began[places[0] :][:most]] if places else []
    rows = session.execute(
        select(col(Issue.number), col(Issue.local_date), col(Issue.audience))
        .where(col(Issue.number).in_(numbers))
        .order_by(col(Issue.sending_at), col(Issue.number))
    )
    accepted, grave = _accepted(session, numbers), _grave(session, numbers)
    left = goodbyes(session, {number: spans[number] for number in numbers})
    return [
        Sent(
            number=row.number,
            local_date=row.local_date,
            audience=row.audience or 0,
            accepted=accepted.get(row.number, 0),
            bounced=grave[row.number, OfCopy.BOUNCED],
            complained=grave[row.number, OfCopy.COMPLAINED],
            left=left[row.number].all,
        )
        for row in rows
    ]


def newest_while(session: Session, issue: Issue) -> Span | None:
    """Say while which time an issue was the newest; None when it has not begun to leave."""
    if issue.sending_at is None:
        return None
    later = select(func.min(col(Issue.sending_at))).where(
        col(Issue.sending_at) > issue.sending_at, col(Issue.number) != issue.number
    )
    return issue.sending_at, session.execute(later).scalar() or issue.sending_at + _BEYOND


def _began(session: Session) -> Sequence[tuple[int, datetime]]:
    """Give when each issue began to leave, newest first; an index has it, and the rows are long."""
    began = col(Issue.sending_at)
    rows = select(col(Issue.number), began).where(began.is_not(None))
    found = session.execute(rows.order_by(began.desc(), col(Issue.number).desc()))
    return [(number, at) for number, at in found]


def _spans(began: Sequence[tuple[int, datetime]]) -> Mapping[int, Span]:
    """Give while which time each issue was the newest; they come newest first."""
    ends = [began[0][1] + _BEYOND, *(at for _, at in began)] if began else []
    return {number: (at, end) for (number, at), end in zip(began, ends, strict=False)}


def _accepted(session: Session, numbers: Sequence[int]) -> Mapping[int, int]:
    rows = session.execute(
        select(col(Batch.issue_number), func.sum(col(Batch.accepted)))
        .where(col(Batch.issue_number).in_(numbers))
        .group_by(col(Batch.issue_number))
    )
    return {number: int(copies) for number, copies in rows}


def _grave(session: Session, numbers: Sequence[int]) -> Counter[tuple[int, str]]:
    rows = session.execute(
        select(col(Delivery.issue_number), col(Delivery.feedback), func.count())
        .where(col(Delivery.issue_number).in_(numbers), text(GRAVE))  # as its index has it
        .group_by(col(Delivery.issue_number), col(Delivery.feedback))
    )
    return Counter({(number, feedback): count for number, feedback, count in rows})
