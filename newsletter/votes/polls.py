"""The poll on one issue, as one reader meets it: what can be answered, what was, and until when.

Leaving the list does not end a reader's vote: the letter was theirs to read, and the answer is about
tools, not about letters. Erasing does: a new vote would need the name that was just forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from newsletter.errors import NewsletterError
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.rendering.views import IssueView, Row
from newsletter.votes import storage
from newsletter.votes.rules import Choice, is_open
from subscribers import queries
from subscribers.models import Subscriber
from subscribers.states import State


class NoSuchPoll(NewsletterError):
    """There is nothing of this kind to vote on."""

    code = "no-such-poll"


class PollClosed(NewsletterError):
    """The next issue has begun to leave, so this one can no longer be voted on."""

    code = "poll-closed"


class VoterErased(NewsletterError):
    """This reader was erased; a new vote would have to name them."""

    code = "voter-erased"


@dataclass(frozen=True, slots=True)
class Poll:
    """The match-ups of one issue with one reader's answers.

    Attributes:
        issue: as it was frozen, whatever the catalogue says today.
        is_open: whether answers are still taken from anybody.
        erased: whether this reader is no longer known.
        answers: this reader's, by the row id of the comparison.
    """

    issue: IssueView
    is_open: bool
    erased: bool
    answers: Mapping[int, Choice]

    def match_up(self, comparison: str) -> Row:
        """Give the match-up that a link names by its row id.

        Raises:
            NoSuchPoll: when the issue has no such item.
        """
        for row in self.issue.match_ups:
            if str(row.entry_id) == comparison:
                return row
        raise NoSuchPoll

    def undecided_after(self, answered: Row) -> Row | None:
        """Give the next match-up without an answer, beginning anew after the last one."""
        rows = self.issue.match_ups
        place = rows.index(answered)
        waiting = (row for row in (*rows[place + 1 :], *rows[:place]))
        return next((row for row in waiting if row.entry_id not in self.answers), None)


def poll(session: Session, public_id: str, number: int, *, now: datetime) -> Poll:
    """Read the poll on an issue for one reader.

    Args:
        session: a session of either kind.
        public_id: the reader's, from the token.
        number: the issue's, from the token.
        now: aware.

    Raises:
        NoSuchPoll: when the issue has not begun to leave, or nobody has the id.
    """
    voter = queries.by_public_id(session, public_id)
    if voter is None:
        raise NoSuchPoll
    return _poll(session, voter, number, now)


def vote(
    session: Session,
    public_id: str,
    number: int,
    *,
    comparison: str,
    choice: Choice,
    now: datetime,
) -> Poll:
    """Record a reader's answer to one match-up, or change it; call as often as you like.

    Args:
        session: a writing session; answer only after it has committed.
        public_id: the reader's, from the token.
        number: the issue's, from the token.
        comparison: the row id of one of the issue's items.
        choice: the answer.
        now: aware.

    Returns:
        The poll with the answer in it.

    Raises:
        NoSuchPoll: when the issue has not begun to leave or has no such item, or nobody has the id.
        VoterErased: when the reader was erased.
        PollClosed: when the next issue has begun to leave.
    """
    voter = queries.locked_by_public_id(session, public_id)
    if voter is None:
        raise NoSuchPoll
    current = _poll(session, voter, number, now)
    row = current.match_up(comparison)
    if current.erased:
        raise VoterErased
    if not current.is_open:
        raise PollClosed
    storage.cast(session, voter, issue=number, comparison=row.entry_id, choice=choice, now=now)
    return replace(current, answers={**current.answers, row.entry_id: choice})


def _poll(session: Session, voter: Subscriber, number: int, now: datetime) -> Poll:
    issue = session.get(Issue, number)
    if issue is None or issue.sending_at is None:
        raise NoSuchPoll
    return Poll(
        issue=frozen.view(issue),
        is_open=is_open_on(session, number, now),
        erased=voter.state == State.ERASED,
        answers=storage.choices_of(session, voter, number),
    )


def is_open_on(session: Session, number: int, now: datetime) -> bool:
    """Say whether an issue that has begun to leave can still be voted on."""
    return is_open(_next_began(session, number), now)


def _next_began(session: Session, number: int) -> datetime | None:
    """Say when the first later issue began to leave, whatever its number."""
    later = (
        select(Issue.sending_at)
        .where(Issue.number > number, col(Issue.sending_at).is_not(None))
        .order_by(col(Issue.sending_at))
        .limit(1)
    )
    return session.exec(later).first()
