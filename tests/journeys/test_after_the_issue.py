"""An issue left through a Postmark with its clicks counted; its report says what the provider told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.database import Database
from newsletter.editors.roles import Role
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, LoopbackPostmark, running_postmark
from newsletter.wiring import build
from subscribers import signup
from subscribers.address import Address
from subscribers.consent import stated
from tests.journeys.world import serving, stock
from tests.newsletter.web.editing import signed_in, words

PASSWORD = "a-password-of-the-tests"
READERS = [f"reader{number}@example.org" for number in range(1, 6)]
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def postmark(tmp_path: Path) -> Iterator[LoopbackPostmark]:
    with running_postmark(tmp_path / "log", keep_bodies=True) as running:
        yield running


def wired(
    database: Database, postmark: LoopbackPostmark, folder: Path, **chosen: object
) -> Service:
    settings = load(
        data_dir=folder,
        base_url="http://localhost",
        database_url=database.engine.url.render_as_string(hide_password=False),
        transport="postmark",
        postmark_server_token=TOKEN,
        postmark_api_url=postmark.url,
        sender="Test Letter <digest@example.org>",
        postal_address="1 Test Street",
        check_links=False,
        webhook_password=PASSWORD,
        **chosen,
    )
    return build(settings, database=database)


def send(service: Service, database: Database) -> Issue:
    stock(database)
    with database.writing() as session:
        for address in READERS:
            consent = stated("a test", at=service.clock())
            signup.add(session, Address.parse(address), consent=consent, pepper=service.pepper)
    number = service.desk.build(service.desk.slots.next(), actor="test").number
    service.desk.send(number, actor="test")
    return service.desk.issue(number)


@on_sqlite
def test_bounces_goodbyes_and_clicks_are_in_the_report(database, postmark, tmp_path):
    service = wired(database, postmark, tmp_path, track_clicks=True)
    with serving(service) as site:
        postmark.webhooks(
            f"{site}/webhooks/postmark", user="postmark", password=PASSWORD,
            kinds=["Delivery", "Bounce", "SpamComplaint", "Click", "SubscriptionChange"],
        )  # fmt: skip
        issue = send(service, database)
        first, second = frozen.view(issue).match_ups[:2]
        later = (service.clock() + timedelta(hours=1)).isoformat()
        postmark.events(
            {"kind": "Click", "to": READERS[0], "link": first.url, "at": later},
            {"kind": "Click", "to": READERS[1], "link": first.url, "at": later},
            *({"kind": "Click", "to": READERS[2], "link": row.url, "at": later}
              for row in frozen.view(issue).match_ups[:6]),
            {"kind": "Bounce", "to": READERS[3]},
            {"kind": "SubscriptionChange", "to": READERS[4], "suppress": True},
        )  # fmt: skip
        assert postmark.deliver()["waiting"] == 0
    evening = service.clock() + timedelta(hours=2)
    replace(service.listener, clock=lambda: evening).count()

    shown = words(signed_in(service, Role.VIEWER).get(f"/editor/issues/{issue.number}/report").text)
    service.close()

    assert "Came back for good there is no such mailbox 1" in shown
    assert "at the provider, while it was the newest 1" in shown
    assert f"{first.title} 2 0 1" in shown
    assert f"{second.title} 0 0 1" in shown


@on_sqlite
def test_by_default_no_letter_has_a_pixel_or_a_tracked_link_and_nobody_counts(
    database, postmark, tmp_path
):
    service = wired(database, postmark, tmp_path)
    issue = send(service, database)
    left = [row for row in postmark.accepted() if row["Tag"] == f"issue-{issue.number}"]
    shown = words(signed_in(service, Role.VIEWER).get(f"/editor/issues/{issue.number}/report").text)
    service.close()

    assert len(left) == len(READERS)
    for row in left:
        assert "<img" not in row["HtmlBody"]
        assert "pm-no-track" not in row["HtmlBody"]
    assert "no link of this issue is tracked" in shown
    assert "Machine" not in shown
