"""People for these tests: one required argument, the rest sensible."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, SQLModel

from subscribers.address import Address, address_hash
from subscribers.changing import Newcomer, enter, record
from subscribers.consent import Actor, Consent, ConsentEvent, stated
from subscribers.models import Subscriber, SuppressionReason
from subscribers.profile import Profile
from subscribers.states import Event, State
from subscribers.suppression import block

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PEPPER = b"a pepper of thirty-two bytes ...."

TABLES = [
    SQLModel.metadata.tables[name]
    for name in (
        *("subscribers", "consents", "state_changes", "suppressions", "address_changes"),
        *("imports", "import_marks"),
    )
]
"""Our own tables, for tests that make many databases."""

INES = Address.parse("ines@reader.example")
OMAR = Address.parse("omar@reader.example")

_WAY = {
    State.PENDING: (Event.ASKED,),
    State.ACTIVE: (Event.IMPORTED_WITH_CONSENT,),
    State.PAUSED: (Event.IMPORTED_WITH_CONSENT, Event.PAUSED),
    State.UNSUBSCRIBED: (Event.IMPORTED_WITH_CONSENT, Event.UNSUBSCRIBED),
    State.BOUNCED: (Event.IMPORTED_WITH_CONSENT, Event.HARD_BOUNCED),
    State.COMPLAINED: (Event.IMPORTED_WITH_CONSENT, Event.COMPLAINED),
    State.SUPPRESSED: (Event.IMPORTED_WITH_CONSENT, Event.SUPPRESSED_BY_OPERATOR),
    State.ERASED: (Event.IMPORTED_WITH_CONSENT, Event.ERASED),
}


def yes(event: ConsentEvent = ConsentEvent.CONFIRMED, *, at: datetime = NOW) -> Consent:
    """A reader's own words on a page of ours."""
    return Consent(
        event=event,
        source="https://letters.example.org/",
        at=at,
        wording="Send me the weekly verdict. I can leave with one click.",
        wording_version="2026-11",
    )


def make_subscriber(
    session: Session,
    address: Address = INES,
    *,
    state: State = State.ACTIVE,
    profile: Profile | None = None,
    at: datetime = NOW,
) -> Subscriber:
    """Lead somebody onto the list and on to a state."""
    first, *others = _WAY[state]
    hashed = address_hash(address.key, PEPPER)
    newcomer = Newcomer(
        address=address,
        address_hash=hashed,
        event=first,
        consent=stated("a paper list at the meetup", at=at),
        profile=profile or Profile(source="operator"),
    )
    (id_,) = enter(session, [newcomer])
    subscriber = session.get_one(Subscriber, id_)
    for event in others:
        record(session, subscriber, event, now=at, actor=Actor.READER)
    if state == State.SUPPRESSED:
        block(session, [hashed], SuppressionReason.OPERATOR, now=at)
    session.flush()
    return subscriber
