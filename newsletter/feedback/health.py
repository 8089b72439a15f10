"""Whether what the provider tells still comes through: asked by ``doctor``, which words the answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from newsletter.feedback import alarms, syncing
from newsletter.feedback.alarms import OfForm, OfIssue
from newsletter.feedback.models import ProviderEvent

FOLDED_WITHIN = timedelta(minutes=10)
"""The heartbeat folds every event; one that waits longer cannot be folded.

Nor can one that came farther ahead than that: the clock that stored it was wrong, and it would be told
of no sooner than that instant.
"""

COMPARED_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Health:
    """How the hearing is.

    Attributes:
        unfolded: events that are stored and came to nothing yet, though they should have.
        compared: whether the provider's lists came whole within the last day.
        of_issues: what editors have to know of the last day's letters.
        of_form: and of its confirmation letters.
    """

    unfolded: int
    compared: bool
    of_issues: list[OfIssue]
    of_form: OfForm | None


def examine(session: Session, *, now: datetime) -> Health:
    """Look at what was told in the last day."""
    unfolded = session.execute(
        select(func.count()).where(
            col(ProviderEvent.folded_at).is_(None),
            or_(
                col(ProviderEvent.received_at) < now - FOLDED_WITHIN,
                col(ProviderEvent.received_at) > now + FOLDED_WITHIN,
            ),
        )
    ).scalar_one()
    came = syncing.compared_at(session, now=now)
    return Health(
        unfolded=unfolded,
        compared=came is not None and now - came <= COMPARED_WITHIN,
        of_issues=alarms.of_issues(session, now=now),
        of_form=alarms.of_form(session, now=now),
    )
