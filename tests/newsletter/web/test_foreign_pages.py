"""A script on somebody else's page may ask for the newsletter, as a form there may, and no more."""

import pytest
from fastapi.testclient import TestClient

from newsletter.service import Service
from newsletter.web.app import create_app
from tests.newsletter.sign_up.visiting import INES, House
from tests.newsletter.web.routes import doors

ORIGIN = {"origin": "https://site.example"}
PREFLIGHT = {
    **ORIGIN,
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
}
ASKING = ("/subscribe", "/subscription/form", "/api/public/subscription")


@pytest.fixture
def client(service: Service) -> TestClient:
    return TestClient(create_app(service))


@pytest.mark.parametrize("path", ASKING)
def test_a_script_may_ask_before_it_posts_and_read_the_answer(client, path):
    allowed = client.options(path, headers=PREFLIGHT)
    answer = client.post(path, json={"email": INES}, headers=ORIGIN)

    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-methods"] == "POST"
    assert "content-type" in allowed.headers["access-control-allow-headers"].lower()
    for one in (allowed, answer):
        assert one.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in one.headers
    assert answer.json() == {"data": {"has_optin": True}, "suggestion": None}


@pytest.mark.parametrize("path", ASKING)
def test_a_refusal_can_be_read_there_too(client, path):
    answer = client.post(path, json={"email": "ines"}, headers=ORIGIN)

    assert answer.status_code == 422
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["detail"]


OTHERS = [door for door in doors() if door.method == "GET" or door.path not in ASKING]


@pytest.mark.parametrize("door", OTHERS, ids="".join)
def test_nothing_else_can_be_read_by_a_script_of_another_page(client, door):
    answer = client.request(door.method, door.path, headers=ORIGIN)
    allowed = client.options(door.path, headers=PREFLIGHT)

    assert "access-control-allow-origin" not in answer.headers
    assert ("access-control-allow-origin" in allowed.headers) == (door.path in ASKING)


@pytest.mark.parametrize("wanted", [("DELETE", "content-type"), ("POST", "authorization")])
def test_a_script_that_wants_more_is_told_so(client, wanted):
    method, header = wanted
    asked = {
        **ORIGIN,
        "access-control-request-method": method,
        "access-control-request-headers": header,
    }

    assert client.options("/subscribe", headers=asked).status_code == 400


def test_listmonks_addresses_are_answered_as_listmonk_does(service):
    house = House(service)

    as_program = house.visitor().post("/api/public/subscription", data={"email": INES, "l": "x"})
    as_form = house.visitor().post("/subscription/form", data={"email": INES, "l": "x"})
    house.service.welcome()

    assert as_program.json()["data"] == {"has_optin": True}
    assert "Look into your mailbox" in as_form.text
    assert house.letters("confirm") == [INES]
