"""A suppression that ended at the provider unheard is missed on its list: what tells so, and is believed.

Only the provider's own word is taken back by this, as by the webhook that was lost: whoever left, was
suppressed here or complained stays off the list. Where it was taken back wrongly, the provider refuses
the next letter, and that closes the reader again.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, Select, exists, select
from sqlmodel import Session, col

from newsletter.feedback import folding, readers, verdicts
from newsletter.feedback.meanings import OF_REASON, Reason
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.reading import ToldEvent
from subscribers.models import Subscriber, Suppression, SuppressionReason
from subscribers.states import State

LAG = timedelta(hours=1)
"""So far apart may be what belongs together: a bounce and its suppression, a suppression and its place
on the list, the provider's clock and ours. All that is known of is seconds; a webhook that may still
bring the news itself is tried for about as long as this.

A suppression ends so long after it was last told of, for a list that came as long after that again. So
nothing done since is hidden by it, and it ends at one instant whoever finds out, and when.
"""

AT_ONCE, ONE_IN = 3, 20
"""So many readers, or one in so many of those that the stream keeps off the list, may be missed at once.

A person reactivates a few. An answer that was cut, an empty one, or the list of another account lacks
more.
"""

_LOT = 500


@dataclass(frozen=True, slots=True)
class Missed:
    """Who is missed on the list of a stream.

    Attributes:
        ends: the end of each one's suppression, as events.
        held: how many readers are off the list by suppressions of that stream.
        found: how many of them are on it.
    """

    ends: Sequence[ToldEvent]
    held: int
    found: int

    @property
    def is_likely(self) -> bool:
        """Say whether these are few enough to believe the list, and not all of several."""
        is_anothers = self.held > 1 and self.found == 0
        return len(self.ends) <= max(AT_ONCE, self.held // ONE_IN) and not is_anothers


def missed(session: Session, stream: str, listed: Collection[str], *, came_at: datetime) -> Missed:
    """Compare whom a stream's suppressions keep off the list with the provider's own list of them.

    Args:
        session: for reading; every event has to be folded.
        stream: the provider's name of it.
        listed: keyed hashes of all addresses on its list, which came whole.
        came_at: when it was asked for; aware.
    """
    held = session.execute(_held(stream)).all()
    gone = [row for row in held if row[1] not in listed]
    over = [end for end in _ends(session, stream, gone) if end.at and end.at < came_at - LAG]
    over.sort(key=lambda end: end.key)  # one order, so no deadlock
    return Missed(over, held=len(held), found=len(held) - len(gone))


def _held(stream: str) -> Select[int | None, str | None]:
    """Select who is off the list, was ever suppressed on a stream, and not by another word as well."""
    return select(col(Subscriber.id), col(Subscriber.address_hash)).where(
        col(Subscriber.state).in_((State.BOUNCED, State.SUPPRESSED)),
        col(Subscriber.unsubscribed_at).is_(None),
        col(Subscriber.address_hash).is_not(None),
        exists().where(
            col(ProviderEvent.subscriber_id) == col(Subscriber.id),
            col(ProviderEvent.stream) == stream,
            col(ProviderEvent.reason).in_(verdicts.LISTED),
        ),
        ~exists().where(
            col(Suppression.address_hash) == col(Subscriber.address_hash),
            col(Suppression.reason) != SuppressionReason.BOUNCE,
        ),
    )


def _ends(
    session: Session, stream: str, gone: Sequence[Row[int | None, str | None]]
) -> Iterator[ToldEvent]:
    for start in range(0, len(gone), _LOT):
        ids = [who for who, _ in gone[start : start + _LOT] if who is not None]
        met = session.scalars(select(Subscriber).where(col(Subscriber.id).in_(ids))).all()
        told = folding.told(session, ids)
        for reader, cuts in readers.kept_off_by_a_provider(session, met):
            events = readers.on_reader(reader, told[readers.id_of(reader)])
            since = verdicts.suppressed_since(events, stream, cuts)
            if since is not None and reader.email:
                yield _end(reader.email, stream, since)


def _end(address: str, stream: str, since: datetime) -> ToldEvent:
    """Give what the webhook would have told, of the one instant that is known."""
    return ToldEvent(
        kind=OF_REASON[Reason.REACTIVATED].kind,
        reason=Reason.REACTIVATED,
        at=since + LAG,
        stream=stream,
        address=address,
        key=("ended", stream, address.casefold(), since.isoformat()),
    )
