"""What editors have to know of: not somebody's mailbox, but our letter, our name or our form."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from newsletter.delivery.message import Outcome
from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.feedback.meanings import OF_REASON, Alarm, OfReader
from newsletter.feedback.models import ProviderEvent
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import NoticeRow

LOOKS_BACK = timedelta(days=1)

AT_LEAST: Mapping[Alarm, int] = {
    Alarm.DNS: 1,
    Alarm.CONFIGURATION: 1,
    Alarm.CONTENT: 3,
    Alarm.SENDER: 3,
}
"""Copies of an issue from which on it is an alarm: one server's mood is none."""

ONE_IN = 200
"""So many accepted copies, of which one is told of, are an alarm where that is more than AT_LEAST."""

BOUNCES_AT_LEAST, BOUNCES_ONE_IN = 5, 5
COMPLAINTS_AT_LEAST, COMPLAINTS_ONE_IN = 2, 100
"""Of the confirmation letters of a day: somebody types addresses of others into the form."""

_CERTAIN = frozenset({Alarm.DNS, Alarm.CONFIGURATION})
_REASONS = {str(reason): one.alarm for reason, one in OF_REASON.items() if one.alarm}
_CLOSING = {
    str(reason): one.reader
    for reason, one in OF_REASON.items()
    if one.accepted and one.reader in (OfReader.HARD, OfReader.COMPLAINED)
}


@dataclass(frozen=True, slots=True)
class OfIssue:
    """An alarm about an issue: how many of its copies that were accepted met it."""

    issue: int
    alarm: Alarm
    copies: int
    accepted: int


@dataclass(frozen=True, slots=True)
class OfForm:
    """An alarm about the form: how many confirmation letters of a day came back, or were spam."""

    letters: int
    bounced: int
    complained: int


def of_issues(session: Session, *, now: datetime) -> list[OfIssue]:
    """Give the alarms of the last day, the earliest issue first."""
    copies = func.count(func.distinct(col(ProviderEvent.subscriber_id)))
    rows = session.execute(
        select(col(ProviderEvent.issue_number), col(ProviderEvent.reason), copies)
        .where(
            col(ProviderEvent.folded_at) > now - LOOKS_BACK,
            col(ProviderEvent.occurred_at) > now - LOOKS_BACK,
            col(ProviderEvent.issue_number).is_not(None),
            col(ProviderEvent.reason).in_(_REASONS),
        )
        .group_by(col(ProviderEvent.issue_number), col(ProviderEvent.reason))
    )
    counted: Counter[tuple[int, Alarm]] = Counter()
    for issue, reason, count in rows:
        counted[issue, _REASONS[reason]] += count
    found = [
        OfIssue(issue, alarm, count, _accepted(session, issue))
        for (issue, alarm), count in sorted(counted.items())
    ]
    return [one for one in found if _is_alarming(one)]


def of_form(session: Session, *, now: datetime) -> OfForm | None:
    """Give the alarm about the confirmation letters of the last day; None while all is well."""
    since = now - LOOKS_BACK
    letters = session.execute(
        select(func.count()).where(
            col(NoticeRow.kind) == LetterKind.CONFIRM.value,
            col(NoticeRow.state) == Outcome.ACCEPTED.value,
            col(NoticeRow.settled_at) > since,
        )
    ).scalar_one()
    rows = session.execute(
        select(col(ProviderEvent.reason), func.count(func.distinct(ProviderEvent.subscriber_id)))
        .where(
            col(ProviderEvent.folded_at) > since,
            col(ProviderEvent.occurred_at) > since,
            col(ProviderEvent.issue_number).is_(None),
            col(ProviderEvent.subscriber_id).is_not(None),
            col(ProviderEvent.source) != "list",
            col(ProviderEvent.reason).in_(_CLOSING),
        )
        .group_by(col(ProviderEvent.reason))
    )
    counted: Counter[OfReader] = Counter()
    for reason, count in rows:
        counted[_CLOSING[reason]] += count
    bounced, complained = counted[OfReader.HARD], counted[OfReader.COMPLAINED]
    many_bounced = bounced >= max(BOUNCES_AT_LEAST, letters / BOUNCES_ONE_IN)
    many_complained = complained >= max(COMPLAINTS_AT_LEAST, letters / COMPLAINTS_ONE_IN)
    return OfForm(letters, bounced, complained) if many_bounced or many_complained else None


def _is_alarming(found: OfIssue) -> bool:
    enough = found.copies >= AT_LEAST[found.alarm]
    return enough and (found.alarm in _CERTAIN or found.copies * ONE_IN >= found.accepted)


def _accepted(session: Session, issue: int) -> int:
    return int(
        session.execute(
            select(func.count()).where(
                col(Delivery.issue_number) == issue,
                col(Delivery.state) == DeliveryState.ACCEPTED.value,
            )
        ).scalar_one()
    )
