"""The provider's own lists, compared whole: what no webhook brought is found there.

An hour without our site loses webhooks for ever. So its suppressions and bounces are fetched when a
process starts, if that was not done lately, and again every few hours. They become the same events
in the same inbox, and are folded like any other. A suppression that is missed on its list has ended.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar, get_args

import structlog
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from newsletter.database import Database
from newsletter.delivery.message import Stream
from newsletter.delivery.sent import Progress, silent
from newsletter.delivery.transport import Lists, Told
from newsletter.feedback import folding, inbox, reactivating, turns
from newsletter.feedback.folding import Folded
from newsletter.feedback.meanings import Reason
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.reading import ToldEvent, read
from newsletter.feedback.reopening import WRITTEN_TO, People, Reopening
from schedules.clock import Clock
from subscribers.models import StateChange, Subscriber
from subscribers.states import Event

log = structlog.get_logger()

TURN = "lists"
EVERY = timedelta(hours=6)
AGAIN = timedelta(minutes=15)
"""After a list that did not come, or a process that ended in the middle."""

FURTHEST_BACK = timedelta(days=45)
"""As long as Postmark keeps bounces, by default."""

OVERLAP = timedelta(days=2)
"""Bounces are listed by the day, and a late one may be listed under an earlier day."""

_LOT = 500

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Synced:
    """What a comparison came to.

    Attributes:
        listed: how many entries each list had; None for one that did not come.
        new: how many of them were no news from a webhook.
        moved: how many readers are in another state now.
        reopened: how many addresses the provider writes to again, after their reader's new yes.
        reactivated: how many suppressions had ended at the provider unheard.
        doubted: how many more are missed on a list: too many at once to believe it.
    """

    listed: Mapping[str, int | None]
    new: int = 0
    moved: int = 0
    reopened: int = 0
    reactivated: int = 0
    doubted: int = 0

    @property
    def complete(self) -> bool:
        """Say whether every list came."""
        return None not in self.listed.values()


@dataclass(frozen=True, slots=True)
class Syncing:
    """Compares the provider's lists with what is known here.

    Attributes:
        database: the truth.
        lists: what the provider keeps.
        clock: the present instant.
        pepper: hides addresses.
        streams: the provider's names of our streams.
    """

    database: Database
    lists: Lists
    clock: Clock
    pepper: bytes
    streams: Mapping[Stream, str]

    def run_due(self) -> Synced | None:
        """Compare, when the last time was long enough ago and no other process does it now."""
        now = self.clock()
        with self.database.writing() as session:
            if takes := turns.take(session, TURN, every=EVERY, now=now):
                began = now - EVERY + AGAIN  # until this one has ended well
                came = compared_at(session, now=now)
                turns.note(session, TURN, came.isoformat() if came else "", now=began)
        return self.run() if takes else None

    def reopen_due(self) -> int:
        """Have the provider write again to who said yes since the last comparison, or during it."""
        now = self.clock()
        with self.database.reading() as session:
            came = compared_at(session, now=now)
        furthest = now - FURTHEST_BACK
        return self._reopening.run_due(max(furthest, came - AGAIN) if came else furthest)

    def run(self, progress: Progress = silent, *, believe: bool = False) -> Synced:
        """Compare now.

        Args:
            progress: told of entries as they are compared.
            believe: lists also count that lack unusually many addresses; see ``reactivating``.
        """
        fetched = self._fetched()
        synced = self._reactivated(fetched, self._taken_in(fetched, progress), believe=believe)
        reopened = sum(self._reopen(stream, told) for stream, told in fetched.changes())
        synced = replace(synced, reopened=reopened)
        if synced.complete:
            with self.database.writing() as session:
                now = self.clock()
                turns.note(session, TURN, now.isoformat(), now=now)
        return synced

    def rehearse(self, progress: Progress = silent, *, believe: bool = False) -> Synced:
        """Say what a comparison would come to; nothing is changed, here or at the provider.

        Args:
            progress: as in ``run``.
            believe: likewise.
        """
        fetched, now = self._fetched(), self.clock()
        with self.database.writing() as session:
            new = sum(self._store(session, told, now) for told in fetched.lots(progress))
            _look_again(session)
            moved = self._folded(session, now)
            ended = self._missed(session, fetched, believe=believe)
            reactivated = self._end(session, ended.ends, now)
            moved += self._folded(session, now)
            returned = [
                _returned(session, some, self.pepper)
                for _, told in fetched.changes()
                for some in _lots(told)
            ]
            session.rollback()
        reopened = sum(map(len, returned))
        return Synced(fetched.sizes, new, moved.moved, reopened, reactivated, ended.doubted)

    def _folded(self, session: Session, now: datetime) -> Folded:
        total = Folded()
        while (lot := folding.fold_lot(session, self.streams.values(), now=now)).events:
            total += lot
        return total

    def _fetched(self) -> "_Fetched":
        now, lists = self.clock(), self.lists
        with self.database.reading() as session:
            since = _since(session, now)
        entries = {}
        for stream in get_args(Stream):
            entries["suppressions", stream] = lists.suppressions(stream)
            entries["bounces", stream] = lists.bounces(stream, since, now)
        return _Fetched(now, entries)

    def _taken_in(self, fetched: "_Fetched", progress: Progress) -> Synced:
        new = 0
        for told in fetched.lots(progress):
            with self.database.writing() as session:
                new += self._store(session, told, self.clock())
        with self.database.writing() as session:
            _look_again(session)
        folded = folding.fold_due(self.database, self.streams.values(), self.clock)
        return Synced(fetched.sizes, new, folded.moved)

    def _reactivated(self, fetched: "_Fetched", synced: Synced, *, believe: bool) -> Synced:
        """Let suppressions end that are missed on their list, once what it has is folded."""
        with self.database.reading() as session:
            ended = self._missed(session, fetched, believe=believe)
        new = 0
        for some in _lots(ended.ends):
            with self.database.writing() as session:
                new += self._end(session, some, self.clock())
        folded = folding.fold_due(self.database, self.streams.values(), self.clock)
        moved = synced.moved + folded.moved
        return replace(synced, moved=moved, reactivated=new, doubted=ended.doubted)

    def _missed(self, session: Session, fetched: "_Fetched", *, believe: bool) -> "_Ended":
        ended = _Ended()
        for stream, told in fetched.changes():
            name = self.streams[stream]
            listed = {inbox.hash_of(event.address, self.pepper) for event in map(read, told)}
            hashes = {hashed for hashed in listed if hashed}
            found = reactivating.missed(session, name, hashes, came_at=fetched.at)
            if believe or found.is_likely:
                ended.ends.extend(found.ends)
            else:
                ended.doubted += len(found.ends)
                log.warning(
                    "reactivations_doubted", stream=name, missed=len(found.ends), held=found.held
                )
        return ended

    def _end(self, session: Session, ends: Sequence[ToldEvent], now: datetime) -> int:
        return sum(
            inbox.store(session, end, source="list", pepper=self.pepper, now=now) for end in ends
        )

    def _store(self, session: Session, told: Sequence[Told], now: datetime) -> int:
        """Store what is new of some entries; most are not, and cost one question for all of them."""
        events = {inbox.key_of(event, self.pepper): event for event in map(read, told)}
        known = session.scalars(
            select(col(ProviderEvent.dedupe_key)).where(
                col(ProviderEvent.dedupe_key).in_(events),
                (col(ProviderEvent.source) == "list")
                | col(ProviderEvent.subscriber_id).is_not(None),
            )
        )
        new = events.keys() - set(known)
        return sum(
            inbox.store(session, events[key], source="list", pepper=self.pepper, now=now)
            for key in sorted(new)
        )

    @property
    def _reopening(self) -> Reopening:
        return Reopening(self.database, self.lists, self.clock, self.pepper, self.streams)

    def _reopen(self, stream: Stream, told: Sequence[Told]) -> int:
        """Have the provider write to those again who said yes after it had stopped."""
        people: People = {}
        for some in _lots(told):
            with self.database.reading() as session:
                people |= _returned(session, some, self.pepper)
        return self._reopening.reopen(stream, people)


@dataclass(slots=True)
class _Ended:
    """Suppressions that are missed on lists: which have ended, and how many more nobody believes in."""

    ends: list[ToldEvent] = field(default_factory=list)
    doubted: int = 0


@dataclass(frozen=True, slots=True)
class _Fetched:
    at: datetime
    entries: Mapping[tuple[str, Stream], Sequence[Told] | None]

    @property
    def sizes(self) -> Mapping[str, int | None]:
        return {
            f"{name} of {stream}": None if told is None else len(told)
            for (name, stream), told in self.entries.items()
        }

    def lots(self, progress: Progress) -> Iterator[Sequence[Told]]:
        for told in self.entries.values():
            for some in _lots(told or ()):
                yield some
                progress(len(some))

    def changes(self) -> Iterator[tuple[Stream, Sequence[Told]]]:
        for (name, stream), told in self.entries.items():
            if name == "suppressions" and told is not None:
                yield stream, told


def _lots(all_: Sequence[_Entry]) -> Iterator[Sequence[_Entry]]:
    for start in range(0, len(all_), _LOT):
        yield all_[start : start + _LOT]


def compared_at(session: Session, *, now: datetime) -> datetime | None:
    """Give the instant of the last comparison that came to its end; None when none is known of.

    One farther ahead than the next turn may be was written by a clock that was wrong: nobody knows
    when that was.
    """
    turn = turns.last(session, TURN)
    came = datetime.fromisoformat(turn.note) if turn is not None and turn.note else None
    return came if came is not None and came <= now + EVERY else None


def _since(session: Session, now: datetime) -> datetime:
    """Say from when on bounces are asked for: since the last whole comparison, if there was one."""
    came = compared_at(session, now=now)
    furthest = now - FURTHEST_BACK
    return max(furthest, came - OVERLAP) if came else furthest


def _look_again(session: Session) -> None:
    """Have those events folded once more that were nobody's when their lists came, and now are."""
    here = select(col(Subscriber.address_hash)).where(col(Subscriber.address_hash).is_not(None))
    session.execute(
        update(ProviderEvent)
        .where(
            col(ProviderEvent.subscriber_id).is_(None),
            col(ProviderEvent.source) == "list",
            col(ProviderEvent.address_hash).in_(here),
        )
        .values(folded_at=None)
    )


def _returned(session: Session, told: Sequence[Told], pepper: bytes) -> People:
    """Give the readers whose mailbox said yes after the provider had stopped writing.

    A complaint is not the provider's to forget, nor ours.
    """
    events = [event for event in map(read, told) if event.reason is not Reason.SPAM_COMPLAINT]
    stopped = {inbox.hash_of(event.address, pepper): event for event in events}
    said_yes = func.max(col(StateChange.at))
    who = (col(Subscriber.address_hash), col(Subscriber.email), col(Subscriber.public_id))
    rows = session.execute(
        select(*who, said_yes)
        .join(StateChange, col(StateChange.subscriber_id) == col(Subscriber.id))
        .where(
            col(Subscriber.address_hash).in_([hashed for hashed in stopped if hashed]),
            col(Subscriber.state).in_(WRITTEN_TO),
            col(StateChange.event) == Event.CONFIRMED,
        )
        .group_by(*who)
    )
    return {
        str(email): public_id
        for hashed, email, public_id, yes_at in rows
        if _is_before(stopped[hashed], yes_at)
    }


def _is_before(event: ToldEvent, yes_at: datetime) -> bool:
    return event.at is not None and event.at < yes_at
