"""The report on one issue: its books, what came back, who left, how they voted, what they followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from newsletter.clicks.figures import LinkFigures, of_issue
from newsletter.figures.copies import Copies, copies
from newsletter.figures.goodbyes import Goodbyes, goodbyes
from newsletter.figures.issues import Sent, newest, newest_while
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.rendering.views import Share
from newsletter.votes import storage
from newsletter.votes.closing import closed
from newsletter.votes.rules import Tally
from newsletter.votes.telling import told


@dataclass(frozen=True, slots=True)
class MatchUpVotes:
    """How readers voted on one match-up.

    Attributes:
        title: of the match-up.
        tool_a: name of the left tool.
        tool_b: name of the right one.
        tally: the votes.
        share: as it is told to readers; None while too few have voted.
    """

    title: str
    tool_a: str
    tool_b: str
    tally: Tally
    share: Share | None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one issue.

    Attributes:
        copies: what became of each.
        goodbyes: who left by it.
        votes: on its match-ups, in their order; None when this release cannot read the issue.
        is_open: whether votes are still taken.
        clicks: by link; None when they are not counted.
        compared: the issue that left before it, if one did, then this one, in short.
    """

    copies: Copies
    goodbyes: Goodbyes
    votes: Sequence[MatchUpVotes] | None
    is_open: bool
    clicks: Sequence[LinkFigures] | None
    compared: Sequence[Sent]


def report(session: Session, issue: Issue, *, votes_least: int, now: datetime) -> Report | None:
    """Gather what is known of an issue.

    Args:
        session: for reading; about ten statements.
        issue: which one.
        votes_least: from how many votes on a share is told.
        now: aware.

    Returns:
        None when it has not begun to leave.
    """
    span = newest_while(session, issue)
    if span is None:
        return None
    return Report(
        copies=copies(session, issue),
        goodbyes=goodbyes(session, {issue.number: span})[issue.number],
        votes=_votes(session, issue, votes_least),
        is_open=issue.number not in closed(session, [issue.number], now),
        clicks=of_issue(session, issue),
        compared=newest(session, 2, until=issue.number),
    )


def _votes(session: Session, issue: Issue, least: int) -> Sequence[MatchUpVotes] | None:
    view = frozen.readable(issue)
    if view is None:
        return None
    counted = storage.tally(session, issue.number)
    return [
        MatchUpVotes(
            title=row.title,
            tool_a=row.tool_a.name,
            tool_b=row.tool_b.name,
            tally=(tally := counted.get(row.entry_id, Tally())),
            share=told(tally, at_least=least),
        )
        for row in view.match_ups
    ]
