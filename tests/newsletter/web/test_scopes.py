"""Each token before each door: it opens its own and no other, and what is new is stated first."""

import pytest
from fastapi.testclient import TestClient

from newsletter.service import Service
from newsletter.web import guard
from newsletter.web.app import DOORS as ROOMS
from newsletter.web.app import create_app
from subscribers.models import Subscriber
from subscribers.tokens import Purpose
from tests.factories import add_subscribers, store_comparisons
from tests.newsletter.votes.leaving import begin_to_leave
from tests.newsletter.web.doors import DOORS, OWN, SHUT, token_for
from tests.snapshot import changed, snapshot


@pytest.fixture
def reader(service: Service) -> Subscriber:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        [reader] = add_subscribers(session, 1)
    begin_to_leave(service)
    return reader


def test_every_address_with_a_token_is_in_the_table():
    paths = {route.path for room in ROOMS for route in room.router.routes}

    assert {path for path in paths if "token" in path} == set(DOORS)


def test_every_purpose_has_a_door():
    assert {purpose for _, purpose in OWN} == set(Purpose)


@pytest.mark.parametrize("door", DOORS)
def test_an_address_with_a_token_is_kept_from_caches_and_search_engines(door):
    headers = guard.security_headers(door.format(token="anything"))

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("door", DOORS)
def test_no_other_token_opens_a_door_and_nothing_happens(service, reader, door):
    client, before = TestClient(create_app(service)), snapshot(service.database)
    foreign = [purpose for purpose in Purpose if purpose not in DOORS[door]]

    answers = {
        purpose: (client.get(path).status_code, client.post(path).status_code)
        for purpose in foreign
        for path in [door.format(token=token_for(service, purpose, reader.public_id))]
    }

    assert answers == dict.fromkeys(foreign, SHUT)
    assert changed(before, snapshot(service.database)) == {}


@pytest.mark.parametrize(("door", "purpose"), OWN)
def test_a_token_opens_its_own_door_and_looking_changes_nothing(service, reader, door, purpose):
    client, before = TestClient(create_app(service)), snapshot(service.database)
    path = door.format(token=token_for(service, purpose, reader.public_id))

    looked = client.get(path).status_code
    heard = client.head(path).status_code
    untouched = changed(before, snapshot(service.database))
    pressed = client.post(path).status_code

    assert (looked, pressed) == DOORS[door][purpose]
    assert heard == looked
    assert untouched == {}
