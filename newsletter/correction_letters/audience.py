"""Who got a wrong line: found in the frozen letters, issue and editions, and counted in the books."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from newsletter.corrections.lines import IN_EVERY_FORM, Part
from newsletter.corrections.models import Correction
from newsletter.delivery.models import PUT_OFF, Delivery, DeliveryState
from newsletter.delivery.reconciling.rules import Reason
from newsletter.editions.ledger import Letter
from newsletter.editions.models import Edition
from newsletter.issues import frozen, store
from newsletter.issues.models import Issue, IssueItem
from newsletter.notices.rows import NoticeRow
from newsletter.rendering.environment import inert_text
from subscribers.models import Subscriber
from subscribers.queries import away, receivable

BOUNCED = "bounced"
"""What the provider told of a copy that nobody got after all."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody whose letter had the wrong line, and who of them gets a letter about it.

    Attributes:
        had: how many they are: a copy of theirs was accepted, or may have been.
        told: who of them was written to about this correction, or is about to be.
        bounced: whose copies all came back, of the others.
        away: who of the rest cannot be written to: they left, are suppressed, or take a break.
    """

    had: int
    told: int
    bounced: int
    away: int

    @property
    def goes(self) -> int:
        """Give how many get it."""
        return self.had - self.told - self.bounced - self.away


def key_of(correction: Correction) -> str:
    """Give what a reader is told once for."""
    return f"correction {correction.id}"


def audience(session: Session, correction: Correction, *, now: datetime) -> Audience:
    """Count who got the wrong line, by one statement that reads each copy once.

    Each reader is looked up among those who were told by row, as public ids are too long to be
    quick; and once only, which the offset sees to: without it a database asks again for each count.
    """
    told = select(col(NoticeRow.subscriber_id)).where(col(NoticeRow.corrects) == correction.id)
    got = _readers(letters_with(session, correction))
    reader = got.c.subscriber_id
    becomes = case(
        (reader.in_(told), "told"), (got.c.came_back, "bounced"), (reader.in_(away(now)), "away")
    )
    each = select(becomes.label("becomes")).offset(0).subquery()
    of = (func.count().filter(each.c.becomes == one) for one in ("told", "bounced", "away"))
    return Audience(*session.execute(select(func.count(), *of).select_from(each)).one())


def waiting_for_it(
    session: Session, correction: Correction, *, now: datetime
) -> Select[int | None, str]:
    """Select the readers (row id, public id) who get the letter, told before or not."""
    copies = _copies(letters_with(session, correction)).where(~_bounced(), receivable(now))
    reader = col(Subscriber.id) == col(Delivery.subscriber_id)
    whom = col(Subscriber.id), col(Subscriber.public_id)
    return copies.join(Subscriber, reader).with_only_columns(*whom).distinct()


def letters_with(session: Session, correction: Correction) -> Collection[Letter]:
    """Find the letters that had the wrong line: the issue, its editions, and later ones."""
    issue = store.get(session, correction.issue_number)
    if correction.comparison_id is None:
        return list(_with_own_line(session, issue, correction))
    return list(_with_match_up(session, issue, correction, correction.comparison_id))


def _with_own_line(session: Session, issue: Issue, correction: Correction) -> Iterator[Letter]:
    """The issue itself; of its editions, whose opening is counted anew, those that say the same."""
    yield issue.number, None
    said = " ".join(inert_text(correction.said).split())
    rendered = select(col(Edition.number), col(Edition.subject), col(Edition.text)).where(
        col(Edition.issue_number) == issue.number, col(Edition.content_hash) != ""
    )
    for number, subject, plain in session.execute(rendered):
        where = subject if correction.part == Part.SUBJECT else plain
        if said in " ".join(where.split()):
            yield issue.number, number


def _with_match_up(
    session: Session, issue: Issue, correction: Correction, comparison_id: int
) -> Iterator[Letter]:
    """The letters that brought this match-up of this issue, had room for the line, and no correction.

    An edition takes a match-up from the issue under whose number it leaves, or else from the latest
    one before it; another issue's card of the same comparison was frozen on its own.
    """
    row = next(one for one in frozen.view(issue).match_ups if one.entry_id == comparison_id)
    card = "" if correction.part in IN_EVERY_FORM else f'id="{row.anchor}"'
    if card in issue.html:
        yield issue.number, None
    holding = _issues_with(session, comparison_id)
    for number, edition, left_at in session.execute(_editions_with(session, correction, card)):
        sources = [place for place in holding if place <= (left_at, number)]
        if sources and max(sources)[1] == issue.number:
            yield number, edition


def _issues_with(session: Session, comparison_id: int) -> Collection[tuple[datetime, int]]:
    """Give the issues that held a comparison, each as its place in the order of leaving."""
    holding = select(col(Issue.sending_at), col(Issue.number)).join(
        IssueItem, col(IssueItem.issue_number) == col(Issue.number)
    )
    left = holding.where(
        col(IssueItem.comparison_id) == comparison_id, col(Issue.sending_at).is_not(None)
    )
    return {(at, number) for at, number in session.execute(left)}


def _editions_with(session: Session, correction: Correction, card: str) -> Any:
    """Select the editions with a comparison; what reads a whole letter comes last, and is seldom asked."""
    issue = aliased(Issue)
    items = "," + col(Edition.items_key) + ","
    return (
        select(col(Edition.issue_number), col(Edition.number), col(Issue.sending_at))
        .join(Issue, col(Issue.number) == col(Edition.issue_number))
        .join(issue, col(issue.number) == correction.issue_number)
        .where(
            col(Issue.sending_at) >= col(issue.sending_at),
            items.contains(f",{correction.comparison_id},", autoescape=True),
            col(Edition.content_hash) != "",
            _place(session, col(Edition.html), card) > 0,
            _place(session, col(Edition.content), _as_frozen(correction)) == 0,
        )
    )


def _place(session: Session, column: Any, words: str) -> ColumnElement[int]:
    """Find words in a large text: ten times as quick as LIKE, which cares about case."""
    if session.get_bind().dialect.name == "sqlite":
        return func.instr(column, words)
    return func.strpos(column, words)


def _as_frozen(correction: Correction) -> str:
    """Give what stands in the frozen content of an edition that told of a correction itself."""
    told = {"right": correction.right, "said": correction.said}
    return json.dumps(told, ensure_ascii=False)[1:-1]


def _readers(letters: Collection[Letter]) -> Any:
    """Select who got one of the letters, each reader once, and whether all that they got came back."""
    copies, reader = _copies(letters), col(Delivery.subscriber_id)
    if len({number for number, _ in letters}) == 1:  # where nobody can have two of them
        return copies.with_only_columns(reader, _bounced().label("came_back")).subquery()
    came_back = func.min(case((_bounced(), 1), else_=0)) == 1
    each = copies.with_only_columns(reader, came_back.label("came_back"))
    return each.group_by(reader).subquery()


def _copies(letters: Collection[Letter]) -> Select[Any]:
    """Select the copies of letters, accepted or in doubt.

    A copy in doubt may have arrived: to be told of a slip in a letter that one never saw is the
    lesser harm, and nobody is told twice.
    """
    accepted = col(Delivery.state) == DeliveryState.ACCEPTED.value
    reason = func.coalesce(col(Delivery.reason), "")
    did_not_leave = or_(reason == Reason.ABSENT.value, reason.startswith(PUT_OFF))
    arrived = or_(accepted, and_(col(Delivery.attempt_id).is_not(None), ~did_not_leave))
    return select(col(Delivery.subscriber_id)).where(_of_letters(letters), arrived)


def _of_letters(letters: Collection[Letter]) -> ColumnElement[bool]:
    numbers = {number for number, _ in letters}
    return or_(false(), *(_of_issue(number, letters) for number in sorted(numbers)))


def _of_issue(number: int, letters: Collection[Letter]) -> ColumnElement[bool]:
    editions = [edition for of, edition in letters if of == number and edition is not None]
    which = [col(Delivery.edition).in_(editions)] if editions else []
    if (number, None) in letters:
        which.append(col(Delivery.edition).is_(None))
    return and_(col(Delivery.issue_number) == number, or_(*which))


def _bounced() -> ColumnElement[bool]:
    return func.coalesce(col(Delivery.feedback), "") == BOUNCED
