"""Who with wishes of their own gets which edition of an issue, or none this time."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, select

from newsletter.editions.choosing import Choice, Reason
from newsletter.editions.models import Edition
from newsletter.editions.planning import plans
from newsletter.editions.shelf import Shelf
from newsletter.issues.models import Issue


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one reader gets.

    Attributes:
        subscriber_id: row id.
        timezone: the reader's, None for the newsletter's own.
        edition: its number; None for the whole issue, or for nothing.
        reason: why there is no letter this time, as the books call it; None when there is one.
    """

    subscriber_id: int
    timezone: str | None
    edition: int | None = None
    reason: str | None = None


def assignments(session: Session, issue: Issue, who: ColumnElement[bool]) -> Iterator[Assignment]:
    """Work out the letter of each tailored reader, in id order; editions are opened on the way.

    The list of readers is streamed and never whole in memory.

    Args:
        session: a writing session.
        issue: that begins to leave.
        who: which rows of ``subscribers``; of them only those that are tailored are read.
    """
    editions = _Editions(session, issue.number)
    for plan in plans(session, issue, who, Shelf(session)):
        if isinstance(plan.outcome, Reason):
            yield Assignment(plan.subscriber_id, plan.timezone, reason=plan.outcome.value)
        else:
            number = editions.number_of(plan.outcome)
            yield Assignment(plan.subscriber_id, plan.timezone, edition=number)


class _Editions:
    """The editions of one issue by what is in them; a choice nobody had before opens the next."""

    def __init__(self, session: Session, issue_number: int) -> None:
        self._session, self._issue_number = session, issue_number
        known = session.exec(select(Edition).where(Edition.issue_number == issue_number))
        self._numbers = {(row.kind, row.items_key): row.number for row in known}

    def number_of(self, choice: Choice) -> int | None:
        """Give the number of the edition for a choice; None for the whole issue."""
        if choice.kind == "issue":
            return None
        place = choice.kind, ",".join(map(str, choice.items))
        if place not in self._numbers:
            self._numbers[place] = self._open(choice, items_key=place[1])
        return self._numbers[place]

    def _open(self, choice: Choice, *, items_key: str) -> int:
        number = len(self._numbers) + 1
        self._session.add(
            Edition(
                issue_number=self._issue_number,
                number=number,
                kind=choice.kind,
                items=list(choice.items),
                items_key=items_key,
            )
        )
        self._session.flush()
        return number
