"""An issue leaves through a Postmark; what it tells afterwards reaches copies, readers and editors."""

from pathlib import Path

import pytest
from sqlmodel import col, select

from newsletter.database import Database
from newsletter.delivery.models import Delivery
from newsletter.testing.postmark.process import TOKEN, running_postmark
from subscribers.models import Subscriber
from subscribers.states import State
from tests.journeys.commands import SAMPLES, Operator

PASSWORD, SECRET = "a-password-of-the-tests", "a-second-one-of-the-tests"
KINDS = ["Delivery", "Bounce", "SpamComplaint", "Open", "Click", "SubscriptionChange"]


@pytest.mark.parametrize("shuffle", [None, 7])
def test_webhooks_and_lists_lead_to_the_same_end(
    database: Database, tmp_path: Path, shuffle: int | None
) -> None:
    with running_postmark(tmp_path / "log") as postmark:
        operator = Operator(
            tmp_path / "data",
            DATABASE_URL=database.engine.url.render_as_string(hide_password=False),
            TRANSPORT="postmark",
            POSTMARK_API_URL=postmark.url,
            POSTMARK_SERVER_TOKEN=TOKEN,
            FROM="Test Letter <digest@example.org>",
            BASE_URL="https://news.example.org",
            CHECK_LINKS="false",
            WEBHOOK_PASSWORD=PASSWORD,
            WEBHOOK_SECRET=SECRET,
        )
        readers = operator.readers(6)
        operator.must("content", "import", str(SAMPLES))
        operator.must("issue", "build")
        with operator.serving("--passive") as (site, _):
            postmark.webhooks(
                f"{site}/webhooks/postmark",
                user="postmark",
                password=PASSWORD,
                headers={"X-Webhook-Secret": SECRET},
                kinds=KINDS,
                copies=2,
                shuffle=shuffle,
            )
            operator.must("issue", "send", "1")
            postmark.events(
                {"kind": "Open", "to": readers[0]},
                {"kind": "Click", "to": readers[0]},
                {"kind": "Bounce", "to": readers[1]},
                {"kind": "SpamComplaint", "to": readers[2]},
                {"kind": "SubscriptionChange", "to": readers[3], "suppress": True},
                {"kind": "Bounce", "to": readers[4], "type": "SoftBounce"},
            )
            delivered = postmark.deliver()
            assert delivered["accepted"] == delivered["sent"] > len(readers)
            assert (delivered["waiting"], delivered["dropped"]) == (0, 0)
            assert _states(database) == [
                (State.ACTIVE, "delivered"),
                (State.BOUNCED, "bounced"),
                (State.COMPLAINED, "complained"),
                (State.UNSUBSCRIBED, "delivered"),
                (State.ACTIVE, "soft_bounced"),
                (State.ACTIVE, "delivered"),
            ]
        found = operator.json("subscribers", "sync")
        assert (found["complete"], found["new"], found["moved"]) == (True, 0, 0)
        assert found["lists"]["suppressions of broadcast"] == 3


def _states(database: Database) -> list[tuple[State, str | None]]:
    with database.reading() as session:
        rows = session.execute(
            select(Subscriber.state, Delivery.feedback)
            .join(Delivery, col(Delivery.subscriber_id) == col(Subscriber.id))
            .order_by(col(Subscriber.email))
        )
        return [(state, feedback) for state, feedback in rows]
