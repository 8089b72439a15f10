"""Published issues as everybody may read them: as frozen, and with their readers' shares once closed.

The shares are put in when a page is served. What was frozen stays what left; and an issue that can
still be voted on shows no running count, which would move the votes to come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.rendering.views import IssueView
from newsletter.votes import storage
from newsletter.votes.closing import closed
from newsletter.votes.rules import Tally
from newsletter.votes.telling import told


@dataclass(frozen=True, slots=True)
class Shown:
    """One published issue.

    Attributes:
        view: what it says now.
        published: when it began to leave.
        changed: when what it says last changed: when its votes were added, else ``published``.
    """

    view: IssueView
    published: datetime
    changed: datetime


def shown(
    session: Session, issues: Sequence[Issue], *, at_least: int, now: datetime
) -> list[Shown]:
    """Give issues as they are shown, in the order given; what cannot be read is left out.

    Args:
        session: a reading session; it is asked twice, however many issues there are.
        issues: that have begun to leave.
        at_least: from how many votes on a share means something.
        now: aware.
    """
    ended = closed(session, [issue.number for issue in issues], now)
    counted = storage.tallies(session, ended)
    return [
        _shown(
            view, issue.sending_at, ended.get(issue.number), counted.get(issue.number, {}), at_least
        )
        for issue in issues
        if issue.sending_at is not None and (view := frozen.readable(issue)) is not None
    ]


def _shown(
    view: IssueView,
    published: datetime,
    ended: datetime | None,
    counted: Mapping[int, Tally],
    at_least: int,
) -> Shown:
    cards = tuple(
        replace(card, share=told(counted.get(card.entry_id, Tally()), at_least=at_least))
        for card in view.cards
    )
    if ended is None or not any(card.share for card in cards):
        return Shown(view, published, published)
    return Shown(replace(view, cards=cards), published, ended)
