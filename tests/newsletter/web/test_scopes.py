"""Each token before each door: it opens its own and no other."""

import pytest
from fastapi.testclient import TestClient

from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers.models import Subscriber
from subscribers.tokens import EXPIRING, Purpose
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.votes.leaving import begin_to_leave

DOORS = {
    "unsubscribe": Purpose.UNSUBSCRIBE,
    "manage": Purpose.PREFERENCES,
    "vote": Purpose.VOTE,
    "confirm": Purpose.CONFIRM,
    "never": Purpose.NEVER,
}


@pytest.fixture
def reader(service: Service) -> Subscriber:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        [reader] = add_subscribers(session, 1)
    begin_to_leave(service)
    return reader


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_opens_its_own_door_and_no_other(service, reader, purpose, door):
    until = MONDAY.replace(day=30) if purpose in EXPIRING else None
    token = service.signer.sign(purpose, reader.public_id, issue=1, expires=until)

    status = TestClient(create_app(service)).get(f"/{door}/{token}").status_code

    assert status == (200 if DOORS[door] is purpose else 404)
