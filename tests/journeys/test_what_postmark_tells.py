"""An issue leaves through a Postmark; what it tells afterwards reaches copies, readers and editors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

from newsletter.cli import app
from newsletter.database import Database
from newsletter.delivery.models import Delivery
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, LoopbackPostmark, running_postmark
from newsletter.wiring import build
from subscribers import signup
from subscribers.address import Address
from subscribers.consent import stated
from subscribers.models import Subscriber
from subscribers.states import State
from tests.journeys.world import serving, stock

PASSWORD, SECRET = "a-password-of-the-tests", "a-second-one-of-the-tests"
READERS = [f"reader{number}@example.org" for number in range(1, 7)]
KINDS = ["Delivery", "Bounce", "SpamComplaint", "Open", "Click", "SubscriptionChange"]


@pytest.fixture
def postmark(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LoopbackPostmark]:
    """Give a Postmark by which the letters of the service and of commands leave."""
    for name, value in {
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "TRANSPORT": "postmark",
        "POSTMARK_SERVER_TOKEN": TOKEN,
        "FROM": "Test Letter <digest@example.org>",
        "POSTAL_ADDRESS": "1 Test Street",
        "BASE_URL": "https://news.example.org",
        "CHECK_LINKS": "false",
        "WEBHOOK_PASSWORD": PASSWORD,
        "WEBHOOK_SECRET": SECRET,
    }.items():
        monkeypatch.setenv(f"NEWSLETTER_{name}", value)
    with running_postmark(tmp_path / "log") as running:
        monkeypatch.setenv("NEWSLETTER_POSTMARK_API_URL", running.url)
        yield running


@pytest.mark.parametrize("shuffle", [None, 7])
def test_webhooks_and_lists_lead_to_the_same_end(
    database: Database, postmark: LoopbackPostmark, shuffle: int | None
) -> None:
    with _wired(database) as service, serving(service) as site:
        postmark.webhooks(
            f"{site}/webhooks/postmark",
            user="postmark",
            password=PASSWORD,
            headers={"X-Webhook-Secret": SECRET},
            kinds=KINDS,
            copies=2,
            shuffle=shuffle,
        )
        service.desk.send(
            service.desk.build(service.desk.slots.next(), actor="test").number, actor="test"
        )
        postmark.events(
            {"kind": "Open", "to": READERS[0]},
            {"kind": "Click", "to": READERS[0]},
            {"kind": "Bounce", "to": READERS[1]},
            {"kind": "SpamComplaint", "to": READERS[2]},
            {"kind": "SubscriptionChange", "to": READERS[3], "suppress": True},
            {"kind": "Bounce", "to": READERS[4], "type": "SoftBounce"},
        )
        delivered = postmark.deliver()
        assert delivered["accepted"] == delivered["sent"] > len(READERS)
        assert (delivered["waiting"], delivered["dropped"]) == (0, 0)
        assert _states(database) == [
            (State.ACTIVE, "delivered"),
            (State.BOUNCED, "bounced"),
            (State.COMPLAINED, "complained"),
            (State.UNSUBSCRIBED, "delivered"),
            (State.ACTIVE, "soft_bounced"),
            (State.ACTIVE, "delivered"),
        ]
        found = orjson.loads(CliRunner().invoke(app, ["subscribers", "sync", "--json"]).stdout)
        assert (found["complete"], found["new"], found["moved"]) == (True, 0, 0)
        assert found["lists"]["suppressions of broadcast"] == 3


@contextmanager
def _wired(database: Database) -> Iterator[Service]:
    """Give a service with six readers."""
    service = build(load())
    stock(database)
    with database.writing() as session:
        for address in READERS:
            consent = stated("a test", at=service.clock())
            signup.add(session, Address.parse(address), consent=consent, pepper=service.pepper)
    try:
        yield service
    finally:
        service.close()


def _states(database: Database) -> list[tuple[State, str | None]]:
    with database.reading() as session:
        rows = session.execute(
            select(Subscriber.state, Delivery.feedback)
            .join(Delivery, col(Delivery.subscriber_id) == col(Subscriber.id))
            .order_by(col(Subscriber.email))
        )
        return [(state, feedback) for state, feedback in rows]
