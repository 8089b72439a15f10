"""Published issues as everybody may read them: as frozen, with corrections, and with shares once closed.

Both are put in when a page is served. What was frozen stays what left; and an issue that can
still be voted on shows no running count, which would move the votes to come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from newsletter.corrections import store as corrections
from newsletter.corrections.models import Correction
from newsletter.corrections.showing import corrected
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
        changed: when what it says last changed: when its votes were added, or the last word about a
            correction was said, else ``published``.
    """

    view: IssueView
    published: datetime
    changed: datetime


def shown(
    session: Session, issues: Sequence[Issue], *, at_least: int, now: datetime
) -> list[Shown]:
    """Give issues as they are shown, in the order given; what cannot be read is left out.

    Args:
        session: a reading session; it is asked thrice, however many issues there are.
        issues: that have begun to leave.
        at_least: from how many votes on a share means something.
        now: aware.
    """
    numbers = [issue.number for issue in issues]
    ended, said = closed(session, numbers, now), corrections.of_issues(session, numbers)
    counted = storage.tallies(session, ended)
    whole = [
        _shown(
            view, issue.sending_at, ended.get(issue.number), counted.get(issue.number, {}), at_least
        )
        for issue in issues
        if issue.sending_at is not None and (view := frozen.readable(issue)) is not None
    ]
    return [_corrected(one, said.get(one.view.number, ())) for one in whole]


def _corrected(one: Shown, said: Sequence[Correction]) -> Shown:
    if not said:
        return one
    changed = max(one.changed, *(row.made_at for row in said))
    return replace(one, view=corrected(one.view, said), changed=changed)


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
