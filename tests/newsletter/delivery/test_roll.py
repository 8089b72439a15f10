"""The roll of an issue names each copy's reader, and what became of it."""

import csv
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from newsletter.delivery.models import Delivery
from newsletter.delivery.roll import CAME_BACK, Which, write_roll
from newsletter.feedback.meanings import OfCopy
from subscribers.models import Subscriber
from tests.factories import MONDAY
from tests.newsletter.feedback.telling import ISSUE, issue_to

STATES: dict[int, dict[str, Any]] = {
    1: {"state": "accepted", "provider_id": "a-1", "feedback": "delivered"},
    2: {"state": "accepted", "provider_id": "a-2"},
    3: {"state": "accepted", "provider_id": "a-3", "feedback": "bounced"},
    4: {"state": "rejected", "reason": "406", "settled_at": MONDAY},
    5: {"state": "skipped", "reason": "unsubscribed"},
    6: {"state": "held", "reason": "not-proved"},
    7: {"state": "unknown"},
    8: {"state": "queued"},
}


def _reader(session, number):
    email = f"reader{number}@example.org"
    return session.exec(select(Subscriber).where(Subscriber.email == email)).one()


@pytest.fixture
def roll(service):
    issue_to(service, len(STATES))
    with service.database.writing() as session:
        for place, values in STATES.items():
            of_reader = update(Delivery).where(
                col(Delivery.subscriber_id) == _reader(session, place).id
            )
            plain = {"provider_id": None, "feedback": None, "reason": None}
            session.execute(of_reader.values(**{**plain, **values}))

    def written(which=Which.ALL):
        content = StringIO(newline="")
        with service.database.reading() as session:
            count = write_roll(session, ISSUE, content, which=which)
        rows = list(csv.DictReader(StringIO(content.getvalue())))
        assert len(rows) == count
        return rows

    return written


def test_every_copy_is_in_it_once_with_its_reader_and_its_reason(roll):
    rows = roll()

    assert [(row["email"], row["state"], row["reason"]) for row in rows] == [
        (f"reader{place}@example.org", values["state"], values.get("reason", ""))
        for place, values in STATES.items()
    ]
    assert rows[0]["provider_id"] == "a-1"
    assert rows[3]["settled_at"] == MONDAY.isoformat()


@pytest.mark.parametrize(
    ("which", "places"),
    [
        (Which.MISSED, [3, 4, 5, 6, 7, 8]),
        (Which.SILENT, [2]),
        (Which.HELD, [6]),
        (Which.ACCEPTED, [1, 2, 3]),
    ],
)
def test_some_of_them_can_be_asked_for(roll, service, which, places):
    with service.database.reading() as session:
        wanted = [_reader(session, place).public_id for place in places]

    assert [row["uuid"] for row in roll(which)] == wanted


def test_what_did_not_arrive_is_all_that_is_worse_than_arriving_and_no_complaint():
    arrived = {OfCopy.DEFERRED, OfCopy.DELIVERED, OfCopy.COMPLAINED}

    assert set(CAME_BACK) == set(OfCopy) - arrived
