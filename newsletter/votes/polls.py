"""The poll on one issue, as one reader meets it: what can be answered, what was, and until when.

Leaving the list does not end a reader's vote: the letter was theirs to read, and the answer is about
tools, not about letters. Erasing does: a new vote would need the name that was just forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from newsletter.errors import NewsletterError
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.rendering.views import IssueView, Row
from newsletter.votes import storage
from newsletter.votes.closing import closed
from newsletter.votes.rules import Choice
from subscribers import queries
from subscribers.models import Subscriber
from subscribers.states import State


class NoSuchPoll(NewsletterError):
    """There is nothing of this kind to vote on."""

    code = "no-such-poll"


class PollUnreadable(NewsletterError):
    """Another release froze this issue, and this one cannot read it; ask again after the next."""

    code = "poll-unreadable"


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

    def match_up(self, place: int) -> Row:
        """Give the match-up that a link names by its place in the issue, from 1.

        Raises:
            NoSuchPoll: when the issue has no such place.
        """
        if not 1 <= place <= len(self.issue.match_ups):
            raise NoSuchPoll
        return self.issue.match_ups[place - 1]

    def answer_on(self, place: int) -> Choice | None:
        """Give this reader's answer to the match-up in a place, if there is one."""
        return self.answers.get(self.match_up(place).entry_id)

    def undecided_after(self, place: int) -> int | None:
        """Give the place of the next match-up without an answer, beginning anew after the last."""
        count = len(self.issue.match_ups)
        following = (*range(place + 1, count + 1), *range(1, place))
        return next((other for other in following if self.answer_on(other) is None), None)


def poll(session: Session, public_id: str, number: int, *, now: datetime) -> Poll:
    """Read the poll on an issue for one reader.

    Args:
        session: a session of either kind.
        public_id: the reader's, from the token.
        number: the issue's, from the token.
        now: aware.

    Raises:
        NoSuchPoll: when the issue has not begun to leave, or nobody has the id.
        PollUnreadable: when this release cannot read the issue.
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
    place: int,
    choice: Choice,
    now: datetime,
) -> Poll:
    """Record a reader's answer to one match-up, or change it; call as often as you like.

    Args:
        session: a writing session; answer only after it has committed.
        public_id: the reader's, from the token.
        number: the issue's, from the token.
        place: of the match-up in the issue, from 1.
        choice: the answer.
        now: aware.

    Returns:
        The poll with the answer in it.

    Raises:
        NoSuchPoll: when the issue has not begun to leave or has no such place, or nobody has the id.
        VoterErased: when the reader was erased.
        PollClosed: when the next issue has begun to leave.
    """
    voter = queries.locked_by_public_id(session, public_id)
    if voter is None:
        raise NoSuchPoll
    current = _poll(session, voter, number, now)
    row = current.match_up(place)
    if current.erased:
        raise VoterErased
    if not current.is_open:
        raise PollClosed
    storage.cast(session, voter, issue=number, comparison=row.entry_id, choice=choice, now=now)
    return replace(current, answers={**current.answers, row.entry_id: choice})


def _poll(session: Session, voter: Subscriber, number: int, now: datetime) -> Poll:
    issue = session.get(Issue, number)
    if issue is None or not issue.has_begun:
        raise NoSuchPoll
    if (view := frozen.readable(issue)) is None:
        raise PollUnreadable
    return Poll(
        issue=view,
        is_open=number not in closed(session, [number], now),
        erased=voter.state == State.ERASED,
        answers=storage.choices_of(session, voter, number),
    )
