"""A whole life on the list, unmistakable at every turn, and nothing of it left after erasing."""

import logging

import pytest
from structlog.testing import capture_logs

from newsletter.service import Service
from subscribers import wishes
from subscribers.address import Address
from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.models import Subscriber
from subscribers.queries import locked_by_address, suppression_of
from subscribers.states import Event, State
from subscribers.wishes import Wishes
from tests.factories import store_comparisons
from tests.newsletter.sign_up.visiting import House
from tests.newsletter.web.mailboxes import inbox, link, manage
from tests.snapshot import snapshot

FIRST, SECOND, THIRD = (
    f"quokka.{name}@{name}-mailbox.example" for name in ("umbra", "nova", "terra")
)
NAME, TAG, ZONE, PAGE = "Quokka Ninepenny", "marzipan", "Pacific/Chatham", "wombat-gazette.example"
BROWSER, NETWORK = "Aardvark/9.9", "203.0.113.77"
TOPIC, TOOL = "Thimbles", "bandersnatch-indexer"
WORDS = (
    "quokka", "ninepenny", "umbra", "nova-mailbox", "terra", "marzipan", "chatham", "wombat",
    "aardvark", "203.0.113", "thimbles", "bandersnatch", "grumble",
)  # fmt: skip
"""What would be recognised, in lower case, wherever it was left."""


@pytest.fixture
def house(service: Service) -> House:
    return House(service)


def signs_up(house: House) -> None:
    house.visitor(NETWORK).post(
        "/subscribe",
        data={"email": FIRST, "name": NAME, "tag": TAG, "timezone": ZONE},
        headers={"referer": f"https://{PAGE}/{TAG}?for=quokka", "user-agent": BROWSER},
    )
    house.service.welcome()
    assert house.visitor(NETWORK).post(link(house, FIRST, "confirm")).status_code == 200


def reads_and_votes(house: House) -> None:
    with house.service.database.writing() as session:
        store_comparisons(session, 3)
    desk = house.service.desk
    number = desk.build(desk.slots.next(), actor="test").number
    desk.dispatch.start(number, actor="test")
    desk.dispatch.deliver()
    voted = house.visitor().post(f"{link(house, FIRST, 'vote')}?on=1", data={"choice": "a"})
    assert voted.status_code == 200


def wishes_and_grumbles(house: House) -> None:
    with house.service.database.writing() as session:
        reader = locked_by_address(session, Address.parse(FIRST))
        assert reader is not None
        chosen = Wishes(topics=frozenset({TOPIC}), follows=frozenset({TOOL}))
        wishes.choose(session, reader.public_id, chosen, now=house.now, source="preferences")
        record(
            session,
            reader,
            Event.PAUSED,
            now=house.now,
            actor=Actor.OPERATOR,
            reason="grumble: wants a rest",
        )


def moves(house: House) -> None:
    house.later(days=2)
    house.visitor().post(f"{manage(house, FIRST)}/address", data={"email": SECOND})
    house.service.welcome()
    for mailbox in (FIRST, SECOND):
        path = link(house, mailbox, "address")
        assert house.visitor().post(path, data={"answer": "yes"}).status_code == 200
    assert house.state(SECOND) is State.PAUSED


def leaves_something_waiting(house: House) -> None:
    house.later(days=2)
    house.visitor().post(f"{manage(house, SECOND)}/address", data={"email": THIRD})
    house.visitor().post(manage(house, SECOND), data={"action": "mail"})
    house.visitor(NETWORK).post("/subscribe", data={"email": SECOND, "name": NAME})


def exports(house: House) -> str:
    house.visitor().post(f"{manage(house, SECOND)}/data", data={"send": "export"})
    house.service.mailroom.send_letters()
    text: str = house.visitor().post(link(house, SECOND, "export")).text
    return text


def is_erased(house: House) -> Subscriber:
    reader = house.reader(SECOND)
    assert reader is not None
    house.visitor().post(f"{manage(house, SECOND)}/data", data={"send": "erase"})
    house.service.mailroom.send_letters()
    house.visitor(NETWORK).post("/subscribe", data={"email": SECOND, "name": NAME})
    assert "You are forgotten" in house.visitor().post(link(house, SECOND, "erase")).text
    return reader


def test_a_whole_life_is_in_the_file_and_then_nowhere(house, caplog):
    caplog.set_level(logging.INFO)
    with capture_logs() as said:
        signs_up(house)
        reads_and_votes(house)
        wishes_and_grumbles(house)
        moves(house)
        leaves_something_waiting(house)
        file = exports(house).lower()
        reader = is_erased(house)
        left = repr(snapshot(house.service.database)).lower()

    not_in_the_file = {"umbra", "aardvark", "203.0.113"}  # never kept, or gone with the move
    assert {word for word in WORDS if word not in file} == not_in_the_file
    assert {word for word in WORDS if word in left} == set()
    assert {word for word in WORDS if word in f"{said!r}{caplog.text}".lower()} == set()
    with house.service.database.reading() as session:
        assert suppression_of(session, reader.address_hash or "") is not None


def test_a_letter_that_was_under_way_is_not_sent_to_somebody_who_was_erased(house):
    signs_up(house)
    house.visitor().post(f"{manage(house, FIRST)}/data", data={"send": "erase"})
    house.service.mailroom.send_letters()
    path = link(house, FIRST, "erase")
    house.visitor().post(f"{manage(house, FIRST)}/data", data={"send": "export"})

    house.visitor().post(path)
    house.service.mailroom.send_letters()

    assert inbox(house, FIRST, "export") == []
