"""A reader's own wishes: how often, on which topics, about which tools; each replaced by a later one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from subscribers import profile
from subscribers.changing import keep, reader_for_change
from subscribers.consent import Consent, ConsentEvent
from subscribers.errors import (
    FollowsNothing,
    InvalidWish,
    TooManyWishes,
)
from subscribers.models import Subscriber
from subscribers.profile import CADENCES, MOST_FOLLOWED, MOST_TOPICS


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants in their letters.

    Attributes:
        cadence: "weekly"; "monthly", with the first issue of a month; or "followed", whenever an
            issue holds a tool they follow, and of it only that.
        topics: groups of categories; none for all. Of no effect on the cadence "followed".
        follows: slugs of tools.
    """

    cadence: str = CADENCES[0]
    topics: frozenset[str] = frozenset()
    follows: frozenset[str] = frozenset()


def wishes_of(subscriber: Subscriber | Row[Any]) -> Wishes:
    """Read the wishes of a row, which has these three columns at least."""
    return Wishes(subscriber.cadence, frozenset(subscriber.topics), frozenset(subscriber.follows))


def choose(
    session: Session, public_id: str, wishes: Wishes, *, now: datetime, source: str
) -> Subscriber:
    """Keep what somebody wants from now on; the same wishes again change nothing.

    Once somebody had wishes of their own their letters are worked out apart for good: who was
    monthly and is weekly again still waits for what the weeks between brought.

    Args:
        session: a writing session; answer only after it has committed.
        public_id: from the token.
        wishes: all of them.
        now: aware.
        source: where it was said, such as "preferences".

    Raises:
        UnknownSubscriber: when the id is not on the list.
        HasLeft: when the person has left: nothing new is kept about them.
        InvalidWish: for a cadence that does not exist; FollowsNothing for letters that wait for
            a tool when none is followed; TooManyWishes.
    """
    _check(wishes)
    subscriber = reader_for_change(session, public_id)
    if wishes_of(subscriber) == wishes:
        return subscriber
    if wishes.cadence != subscriber.cadence:
        keep(session, subscriber, Consent(event=ConsentEvent.CHANGED, source=source, at=now))
    subscriber.cadence = wishes.cadence
    subscriber.topics, subscriber.follows = sorted(wishes.topics), sorted(wishes.follows)
    subscriber.tailored = subscriber.tailored or is_tailored(wishes)
    session.add(subscriber)
    session.flush()
    return subscriber


def is_tailored(wishes: Wishes) -> bool:
    """Say whether a letter for such wishes may differ from everybody's."""
    return profile.is_tailored(wishes.cadence, wishes.topics)


def _check(wishes: Wishes) -> None:
    if wishes.cadence not in CADENCES:
        raise InvalidWish(f"no cadence {wishes.cadence!r}; one of {', '.join(CADENCES)}")
    _check_names(wishes.topics, MOST_TOPICS, "topics")
    _check_names(wishes.follows, MOST_FOLLOWED, "tools")
    if wishes.cadence == "followed" and not wishes.follows:
        raise FollowsNothing


def _check_names(names: Collection[str], most: int, what: str) -> None:
    if len(names) > most:
        raise TooManyWishes(f"more than {most} {what}; leave some out")
