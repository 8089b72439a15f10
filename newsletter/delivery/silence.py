"""Copies that were accepted and never heard of again: a day later they neither arrived nor came back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.delivery.books import NO_WORD, afterwards
from newsletter.delivery.lines import DELIVERED
from newsletter.issues import store

HEARD_WITHIN = timedelta(days=1)
LOOKS_BACK = timedelta(days=8)
"""Who is told daily has been told of everything older."""

FEW = 0.01
"""A share of copies that may be unheard of: some mailboxes are full, some servers slow."""


@dataclass(frozen=True, slots=True)
class Silence:
    """What a provider says nothing of, though it tells of arrivals.

    Attributes:
        issue: number of the issue.
        copies: how many of its accepted copies nothing is known of, at least one.
        accepted: how many were accepted.
    """

    issue: int
    copies: int
    accepted: int

    @property
    def is_grave(self) -> bool:
        """Say whether that is more than some mailboxes' and servers' fault."""
        return self.copies > FEW * self.accepted


def silence(
    session: Session, issue_number: int, began: datetime | None, *, now: datetime
) -> Silence | None:
    """Say what is missed of one issue; None while it is too early, or nothing is.

    Args:
        session: for reading.
        issue_number: of the issue.
        began: when it began to leave, if it did.
        now: aware.
    """
    if began is None or now - began <= HEARD_WITHIN:
        return None
    told = afterwards(session, issue_number)
    copies = told.get(NO_WORD, 0)
    return (
        Silence(issue_number, copies, sum(told.values())) if copies and DELIVERED in told else None
    )


def grave_silences(session: Session, *, now: datetime) -> Iterator[Silence]:
    """Give the recent issues of which too many copies are missed, the newest first."""
    for number, began in store.published_numbers(session).items():
        if now - began <= LOOKS_BACK:
            found = silence(session, number, began, now=now)
            if found is not None and found.is_grave:
                yield found
