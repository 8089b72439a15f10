"""Fifty invented readers in every state there is, made by the same calls that make real ones."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from newsletter import personal_data
from subscribers import signup, suppression
from subscribers.address import Address
from subscribers.changing import record
from subscribers.consent import Actor, Consent, ConsentEvent, stated
from subscribers.models import Subscriber
from subscribers.profile import profile
from subscribers.states import Event, State
from subscribers.unsubscribe import unsubscribe

FIRST_NAMES = (
    "Ada", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hana", "Ivo", "Jun",
    "Kemal", "Lena", "Marek", "Noor", "Otto", "Priya", "Quentin", "Rosa", "Sven", "Tara",
    "Uma", "Viktor", "Wanda", "Xenia", "Yusuf",
)  # fmt: skip
LAST_NAMES = ("Abel", "Öztürk")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Europe/Lisbon", None)

STATES: tuple[tuple[State, int], ...] = (
    (State.ACTIVE, 36),
    (State.PAUSED, 3),
    (State.PENDING, 3),
    (State.UNSUBSCRIBED, 3),
    (State.BOUNCED, 2),
    (State.COMPLAINED, 1),
    (State.SUPPRESSED, 1),
    (State.ERASED, 1),
)

WORDING = "Yes, send me the weekly comparison of AI tools. I can leave with one click."


def add_readers(session: Session, *, pepper: bytes, now: datetime) -> int:
    """Put the fifty on an empty list.

    Args:
        session: for writing.
        pepper: hides suppressed addresses.
        now: when they joined.

    Returns:
        How many there are.
    """
    states = [state for state, count in STATES for _ in range(count)]
    for (name, address, zone), state in zip(_people(), states, strict=True):
        _join(session, name, address, zone, state=state, pepper=pepper, now=now)
    return len(states)


def _people() -> Iterator[tuple[str, Address, str | None]]:
    for last in LAST_NAMES:
        for number, first in enumerate(FIRST_NAMES):
            family = last.translate({ord("Ö"): "Oe", ord("ü"): "ue"}).lower()
            address = Address.parse(f"{first.lower()}.{family}@example.org")
            yield f"{first} {last}", address, ZONES[number % len(ZONES)]


def _join(  # noqa: PLR0913  # a person is more than six facts
    session: Session,
    name: str,
    address: Address,
    zone: str | None,
    *,
    state: State,
    pepper: bytes,
    now: datetime,
) -> None:
    about = profile(name, timezone=zone, source="demo")
    if state is State.PENDING:
        asked = Consent(
            event=ConsentEvent.REQUESTED, source="/", at=now, wording=WORDING, wording_version="1"
        )
        signup.request(session, address, consent=asked, pepper=pepper, profile=about)
        return
    consent = stated("invented for the demo", at=now)
    subscriber, _ = signup.add(session, address, consent=consent, pepper=pepper, profile=about)
    _move(session, subscriber, address, state=state, pepper=pepper, now=now)


def _move(
    session: Session,
    subscriber: Subscriber,
    address: Address,
    *,
    state: State,
    pepper: bytes,
    now: datetime,
) -> None:
    events = {
        State.PAUSED: Event.PAUSED,
        State.BOUNCED: Event.HARD_BOUNCED,
        State.COMPLAINED: Event.COMPLAINED,
    }
    if state in events:
        record(session, subscriber, events[state], now=now, actor=Actor.PROVIDER)
    elif state is State.UNSUBSCRIBED:
        unsubscribe(session, subscriber.public_id, now=now, source="demo")
    elif state is State.SUPPRESSED:
        suppression.suppress(session, address, pepper=pepper, now=now)
    elif state is State.ERASED:
        personal_data.erase(session, subscriber.public_id, now=now)
