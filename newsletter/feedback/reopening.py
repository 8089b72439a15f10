"""Who said yes again is written to again by the provider too: asked for as soon as there is a yes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from newsletter.database import Database
from newsletter.delivery.message import Stream
from newsletter.delivery.transport import Lists
from newsletter.feedback import folding, inbox, readers, turns, verdicts
from newsletter.feedback.meanings import OF_REASON, Reason
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.reading import ToldEvent
from schedules.clock import Clock
from subscribers.models import StateChange, Subscriber
from subscribers.states import Event, State

TURN = "reopening"
AGAIN = timedelta(minutes=15)
"""After addresses that the provider did not open, or a process that ended in the middle."""

WRITTEN_TO = (State.ACTIVE, State.PAUSED)
"""Whom the provider is asked to write to again: their yes stands."""

_STOPS = [str(reason) for reason, one in OF_REASON.items() if one.reader in verdicts.STOPS]

People = dict[str, str]
"""Public ids of readers by their address."""


@dataclass(frozen=True, slots=True)
class Reopening:
    """Asks the provider to write again to who said yes after it had stopped.

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

    def run_due(self, since: datetime) -> int:
        """Ask for everybody who said yes lately; one statement and no call when nobody waits.

        Args:
            since: yeses before this instant were seen to with the lists.

        Returns:
            How many addresses were opened.
        """
        with self.database.reading() as session:
            waiting = self._waiting(session, since)
        if not waiting:
            return 0
        now = self.clock()
        with self.database.writing() as session:
            if not turns.take(session, TURN, every=AGAIN, now=now):
                return 0
        opened = sum(self.reopen(stream, people) for stream, people in waiting.items())
        if opened == sum(map(len, waiting.values())):
            with self.database.writing() as session:
                turns.note(session, TURN, "", now=now - AGAIN)  # the next yes need not wait
        return opened

    def reopen(self, stream: Stream, people: People) -> int:
        """Ask for some people, and write down for whom the provider said yes.

        Returns:
            How many they are.
        """
        opened = self.lists.reopen(stream, list(people)) if people else []
        now = self.clock()
        if opened:
            with self.database.writing() as session:
                for address in opened:
                    event = self._event(stream, address, people[address], now)
                    inbox.store(session, event, source="answer", pepper=self.pepper, now=now)
                folding.fold_lot(session, self.streams.values(), now=now)
        return len(opened)

    def _event(self, stream: Stream, address: str, public_id: str, now: datetime) -> ToldEvent:
        return ToldEvent(
            kind=OF_REASON[Reason.REACTIVATED].kind,
            reason=Reason.REACTIVATED,
            at=now,
            stream=self.streams[stream],
            address=address,
            reader=public_id,
            key=("reopened", stream, public_id, now.isoformat()),
        )

    def _waiting(self, session: Session, since: datetime) -> dict[Stream, People]:
        """Find who said yes lately and is still not written to, by what was told of them."""
        met = _said_yes(session, since)
        told = folding.told(session, [readers.id_of(one) for one, _ in met]) if met else {}
        found: dict[Stream, People] = defaultdict(dict)
        for reader, yes_at in met:
            still = verdicts.waiting(readers.on_reader(reader, told[readers.id_of(reader)]), yes_at)
            for stream, name in self.streams.items():
                if name in still and reader.email:
                    found[stream][reader.email] = reader.public_id
        return found


def _said_yes(session: Session, since: datetime) -> Sequence[tuple[Subscriber, datetime]]:
    """Find who said yes lately, of those to whom the provider ever stopped writing."""
    yes = (
        select(col(StateChange.subscriber_id), func.max(col(StateChange.at)).label("at"))
        .where(col(StateChange.event) == Event.CONFIRMED, col(StateChange.at) > since)
        .group_by(col(StateChange.subscriber_id))
        .subquery()
    )
    stopped = exists().where(
        col(ProviderEvent.subscriber_id) == col(Subscriber.id),
        col(ProviderEvent.reason).in_(_STOPS),
    )
    found = (
        select(Subscriber, yes.c.at)
        .join(yes, yes.c.subscriber_id == col(Subscriber.id))
        .where(col(Subscriber.state).in_(WRITTEN_TO), stopped)
    )
    return [(reader, yes_at) for reader, yes_at in session.execute(found)]
