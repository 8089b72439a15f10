"""Votes in the database: cast or changed, read back, counted, and left without a person."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from newsletter.votes.models import Vote
from newsletter.votes.rules import Choice, Tally
from subscribers.models import Subscriber


def cast(
    session: Session,
    voter: Subscriber,
    *,
    issue: int,
    comparison: int,
    choice: Choice,
    now: datetime,
) -> None:
    """Record a vote, or change the one that is there.

    The voter must come from ``subscribers.queries.locked``: with that row held, the second of two
    simultaneous votes sees the first, and no vote gets a name back while its voter is erased.

    Args:
        session: a writing session.
        voter: whose vote it is.
        issue: number of the issue.
        comparison: row id of an item of that issue.
        choice: the answer.
        now: aware.
    """
    vote = session.exec(
        select(Vote)
        .where(
            Vote.issue_number == issue,
            Vote.comparison_id == comparison,
            Vote.subscriber_id == voter.id,
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if vote is None:
        vote = Vote(
            issue_number=issue,
            comparison_id=comparison,
            subscriber_id=voter.id,
            choice=choice.value,
            cast_at=now,
            changed_at=now,
        )
    elif vote.choice != choice.value:
        vote.choice, vote.changed_at = choice.value, now
    session.add(vote)
    session.flush()


def choices_of(session: Session, voter: Subscriber, issue: int) -> Mapping[int, Choice]:
    """Give one reader's answers to an issue, by the row id of the comparison."""
    found = select(Vote.comparison_id, Vote.choice).where(
        Vote.issue_number == issue, Vote.subscriber_id == voter.id
    )
    return {comparison: Choice(choice) for comparison, choice in session.exec(found)}


def votes_of(session: Session, subscriber: Subscriber) -> list[Vote]:
    """Read all votes of one reader, in the order they were first cast."""
    found = select(Vote).where(Vote.subscriber_id == subscriber.id)
    return list(session.exec(found.order_by(col(Vote.cast_at), col(Vote.id))))


def tally(session: Session, issue: int) -> Mapping[int, Tally]:
    """Count the votes on an issue by the row id of the comparison; one without votes is missing."""
    return tallies(session, [issue]).get(issue, {})


def tallies(session: Session, issues: Collection[int]) -> Mapping[int, Mapping[int, Tally]]:
    """Count the votes on several issues at once, by number; one without votes is missing."""
    counted = session.exec(
        select(Vote.issue_number, Vote.comparison_id, Vote.choice, func.count())
        .where(col(Vote.issue_number).in_(issues))
        .group_by(col(Vote.issue_number), col(Vote.comparison_id), col(Vote.choice))
    )
    counts: defaultdict[int, defaultdict[int, dict[str, int]]]
    counts = defaultdict(lambda: defaultdict(dict))
    for issue, comparison, choice, count in counted:
        counts[issue][comparison][choice] = count
    return {
        issue: {comparison: Tally(**count) for comparison, count in of_issue.items()}
        for issue, of_issue in counts.items()
    }


def disown(session: Session, subscriber: Subscriber) -> None:
    """Make the votes of somebody who is erased nobody's; they count on."""
    session.execute(
        update(Vote).where(col(Vote.subscriber_id) == subscriber.id).values(subscriber_id=None)
    )
