"""Who said yes again is written to again by the provider too: asked for as soon as there is a yes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, bindparam, select
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

_A_YES: BindParameter[str] = bindparam("yes", Event.CONFIRMED.value, literal_execute=True)
"""Written into the statement, or the index of yeses is not found."""

_LOT = 500

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
        found: dict[Stream, People] = defaultdict(dict)
        said_yes = list(_said_yes(session, since).items())
        for start in range(0, len(said_yes), _LOT):
            yes_at = dict(said_yes[start : start + _LOT])
            met = _stopped(session, yes_at)
            told = folding.told(session, yes_at) if met else {}
            for reader in met:
                who = readers.id_of(reader)
                here = readers.of_mailbox(reader, told[who])
                still = verdicts.waiting(readers.on_reader(reader, here), yes_at[who])
                for stream, name in self.streams.items():
                    if name in still and reader.email:
                        found[stream][reader.email] = reader.public_id
        return found


def _said_yes(session: Session, since: datetime) -> dict[int, datetime]:
    """Find who said yes lately, and when last; asked alone, for planners then begin with the index."""
    found = session.execute(
        select(col(StateChange.subscriber_id), col(StateChange.at))
        .where(col(StateChange.event) == _A_YES, col(StateChange.at) > since)
        .order_by(col(StateChange.at))
    )
    return {row.subscriber_id: row.at for row in found}


def _stopped(session: Session, ids: Collection[int]) -> Sequence[Subscriber]:
    """Find those of some readers on the list to whom the provider ever stopped writing."""
    stopped = select(col(ProviderEvent.subscriber_id)).where(
        col(ProviderEvent.subscriber_id).in_(ids), col(ProviderEvent.reason).in_(_STOPS)
    )
    return session.scalars(
        select(Subscriber).where(
            col(Subscriber.id).in_(stopped), col(Subscriber.state).in_(WRITTEN_TO)
        )
    ).all()
