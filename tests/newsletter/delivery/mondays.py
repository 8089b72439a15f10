"""A service whose Mondays are lived through, beat after beat, and that remembers who got what when."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from newsletter.database import Database
from newsletter.delivery.message import Message, Outcome, Receipt
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.settings import load
from newsletter.wiring import build
from subscribers import signup
from subscribers.address import Address
from subscribers.consent import Consent, ConsentEvent, stated
from subscribers.models import Subscriber
from subscribers.profile import profile
from tests.factories import PEPPER, SEEN, store_comparisons

SLOT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Monday at nine in Berlin."""


class Mondays:
    """The service of a newsletter in Berlin, on a clock that tests set."""

    def __init__(self, database: Database, folder: Path, **settings: object) -> None:
        self.database = database
        self.now = SLOT - timedelta(hours=40)
        self.copies: defaultdict[str, list[datetime]] = defaultdict(list)
        self.transport = MemoryTransport(self._accept)
        folder.mkdir(exist_ok=True)
        usual: dict[str, object] = {
            "data_dir": folder,
            "database_url": database.engine.url.render_as_string(hide_password=False),
            "base_url": "http://localhost",
            "postal_address": "1 Test Street",
            "editors": "editor@example.org",
            "time_zone": "Europe/Berlin",
            "batch_size": 2,
        }
        self.service = build(
            load(**(usual | settings)),
            clock=lambda: self.now,
            database=database,
            transport=self.transport,
        )
        with database.writing() as session:
            store_comparisons(session, 2)
        self.beat(SLOT - timedelta(hours=40))  # the slot of the week before was nobody's to miss

    def beat(self, now: datetime | None = None) -> None:
        """Do what ``newsletter serve`` does at each beat."""
        self.now = now or self.now
        self.service.run_tick()
        self.service.dispatch.deliver()

    def live(
        self,
        first: datetime = SLOT - timedelta(hours=25),
        last: datetime = SLOT + timedelta(hours=25),
        *,
        every: timedelta = timedelta(hours=1),
    ) -> None:
        """Beat from one instant to another."""
        while first <= last:
            self.beat(first)
            first += every

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.database.writing() as session:
            yield session

    def _accept(self, message: Message) -> Receipt:
        if "notice" not in message.delivery_id:
            self.copies[message.to].append(self.now)
        return Receipt(Outcome.ACCEPTED, provider_id=message.delivery_id)


def add_reader(
    session: Session, name: str, zone: str | None = None, *, now: datetime = SEEN
) -> Subscriber:
    """Put somebody on the list who lives in a zone."""
    known = profile("", timezone=zone)
    about = replace(known, timezone=zone)  # also a zone that this machine does not know any more
    address = Address.parse(f"{name}@example.org")
    consent = stated("a test", at=now)
    return signup.add(session, address, consent=consent, pepper=PEPPER, profile=about)[0]


def ask(session: Session, name: str, zone: str | None, *, now: datetime = SEEN) -> str:
    """Ask for the newsletter without confirming; give the public id."""
    consent = Consent(
        event=ConsentEvent.REQUESTED, source="/", at=now, wording="Yes.", wording_version="1"
    )
    address = Address.parse(f"{name}@example.org")
    about = profile("", timezone=zone)
    requested = signup.request(session, address, consent=consent, pepper=PEPPER, profile=about)
    assert requested.subscriber is not None
    return requested.subscriber.public_id


def confirm(session: Session, public_id: str, *, now: datetime) -> None:
    """Say yes at an instant."""
    consent = Consent(
        event=ConsentEvent.CONFIRMED, source="/confirm", at=now, wording="Yes.", wording_version="1"
    )
    assert signup.confirm(session, public_id, consent=consent)
