from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import write_to
from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers.tokens import Purpose
from tests.factories import MONDAY, add_subscribers, store_comparisons

TOKEN = "a token that is only good for tests"
HERE = ("127.0.0.1", 50000)


class Heart:
    def is_beating(self) -> bool:
        return True

    def silence(self) -> timedelta:
        return timedelta(seconds=7)


def figures(text: str) -> dict[str, float]:
    """Read the figures as Prometheus does: by name and labels."""
    return {
        f"{one.name}{sorted(one.labels.items()) if one.labels else ''}": one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def ask(service: Service, host: str = "127.0.0.1", **more: Any) -> TestClient:
    return TestClient(create_app(service, Heart()), client=(host, 50000), **more)


@pytest.fixture
def busy(service: Service) -> Service:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        readers = add_subscribers(session, 3)
    service.desk.send(service.desk.build(service.desk.slots.next(), actor="t").number, actor="t")
    with service.database.writing() as session:
        write_to(session, readers[0].public_id, LetterKind.SUBSCRIBED, key="k", now=MONDAY)
    return service


def test_the_figures_say_how_the_service_is(busy):
    client = ask(busy)
    client.post("/subscribe", data={"email": "ines@reader.example"})

    found = figures(client.get("/metrics").text)

    assert found["newsletter_subscribers[('state', 'active')]"] == 3
    assert found["newsletter_subscribers[('state', 'pending')]"] == 0
    assert found["newsletter_deliveries[('issue', '1'), ('state', 'accepted')]"] == 3
    assert found["newsletter_sign_up_requests_waiting"] == 1
    assert found["newsletter_notices_waiting"] == 1
    assert found["newsletter_heartbeat_silence_seconds"] == 7
    assert found["newsletter_info[('version', '0.1.0')]"] == 1


def test_requests_are_counted_by_template_and_never_by_address(busy):
    client = ask(busy, raise_server_exceptions=False)
    token = busy.signer.sign(Purpose.UNSUBSCRIBE, "AAAAAAAAAAAA")
    client.get(f"/unsubscribe/{token}")
    client.head("/archive/1")
    client.get("/nothing/ines@reader.example")
    client.request("INES@READER.EXAMPLE", "/")
    client.get("/archive/ines@reader.example")

    text = client.get("/metrics").text
    found = figures(text)

    def count(method: str, route: str, status: int) -> float:
        labels = f"[('method', '{method}'), ('route', '{route}'), ('status', '{status}')]"
        return found[f"newsletter_http_requests_total{labels}"]

    assert count("GET", "/unsubscribe/{token}", 200) == 1
    assert count("GET", "/archive/{number}", 200) == 1
    assert count("GET", "/archive/{number}", 404) == 1
    assert count("GET", "none", 404) == 1
    assert count("other", "/", 405) == 1
    assert token not in text
    assert "example" not in text
    assert "@" not in text


def test_a_failure_is_counted_as_one(busy):
    app = create_app(busy)

    @app.get("/fails")
    def fails() -> None:
        raise ZeroDivisionError

    client = TestClient(app, client=HERE, raise_server_exceptions=False)
    client.get("/fails")

    assert 'route="/fails",status="500"} 1.0' in client.get("/metrics").text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine_may_look(busy, host):
    assert ask(busy, host).get("/metrics").status_code == 200


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "testclient", ""])
def test_others_see_that_there_is_nothing(busy, host):
    answer = ask(busy, host).get("/metrics")

    assert answer.status_code == 404
    assert "newsletter_" not in answer.text


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
def test_what_a_proxy_on_this_machine_passes_on_is_not_from_here(busy, header):
    assert ask(busy).get("/metrics", headers={header: "192.0.2.1"}).status_code == 404


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        ("Bearer wrong", 401),
        (f"Basic {TOKEN}", 401),
        ("Bearer", 401),
        (None, 401),
    ],
)
def test_from_elsewhere_the_api_token_opens_it(busy, authorization, status):
    opened = busy.settings.model_copy(update={"api_token": SecretStr(TOKEN)})
    client = ask(replace(busy, settings=opened), "192.0.2.1")

    answer = client.get(
        "/metrics", headers={"authorization": authorization} if authorization else {}
    )

    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert TOKEN not in answer.text


def test_where_nothing_beats_nothing_is_said_about_it(busy):
    text = TestClient(create_app(busy), client=HERE).get("/metrics").text

    assert "heartbeat" not in text
