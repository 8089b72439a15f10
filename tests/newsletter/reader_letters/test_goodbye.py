"""The receipt of a goodbye: to the mailbox itself, once a day, and only to who got letters."""

import pytest
from sqlmodel import col, select

from newsletter.leaving import leave
from newsletter.notices.rows import NoticeRow
from newsletter.service import Service
from subscribers import queries
from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.models import Subscriber, SuppressionReason
from subscribers.states import Event, State
from subscribers.suppression import block
from subscribers.tokens import Purpose
from tests.factories import MONDAY
from tests.newsletter.sign_up.visiting import INES, House


@pytest.fixture
def house(service: Service) -> House:
    house = House(service)
    house.confirmed(INES)
    house.post.sent.clear()
    return house


def public_id(house: House) -> str:
    reader = house.reader(INES)
    assert reader is not None
    return reader.public_id


def leaves(house: House) -> None:
    token = house.service.signer.sign(Purpose.UNSUBSCRIBE, public_id(house))
    assert house.visitor().post(f"/unsubscribe/{token}").status_code == 200


def happens(house: House, event: Event) -> None:
    with house.service.database.writing() as session:
        [reader] = queries.locked(session, col(Subscriber.public_id) == public_id(house))
        record(session, reader, event, now=house.now, actor=Actor.PROVIDER)


def goodbyes(house: House) -> list[str]:
    house.service.welcome()
    return house.letters("goodbye")


def test_who_left_is_told_and_the_link_takes_it_back(house):
    leaves(house)

    assert goodbyes(house) == [INES]
    assert house.visitor().get(house.link("undo")).status_code == 200
    assert house.visitor().post(house.link("undo"), data={"choice": "back"}).status_code == 200
    assert house.state(INES) is State.ACTIVE


def test_it_is_a_single_letter_with_one_link_and_nobodys_address(house):
    leaves(house)
    goodbyes(house)

    [(mailing, message)] = house.post.sent
    assert (mailing.stream, mailing.subject) == ("transactional", "You left Weekly Verdict")
    assert message.values.keys() == {"undo"}
    words = " ".join(mailing.text.fill(message.values).split())
    assert INES not in words
    assert "taken back for 24 hours" in words


def test_pressing_again_and_again_is_told_once(house):
    for _ in range(3):
        leaves(house)

    assert goodbyes(house) == [INES]


def test_who_comes_and_goes_all_day_is_told_once_a_day(house):
    for _ in range(3):
        leaves(house)
        goodbyes(house)
        house.visitor().post(house.link("undo"), data={"choice": "back"})
    assert len(house.letters("goodbye")) == 1

    house.later(days=1)
    leaves(house)

    assert goodbyes(house) == [INES, INES]


@pytest.mark.parametrize(
    "event", [Event.COMPLAINED, Event.HARD_BOUNCED, Event.SUPPRESSED_BY_OPERATOR]
)
def test_who_got_no_letters_is_not_written_to(house, event):
    happens(house, event)
    leaves(house)

    assert goodbyes(house) == []
    assert notices(house) == []


def test_who_never_said_yes_is_not_written_to(house):
    house.asks("omar@reader.example")
    house.service.welcome()
    omar = house.reader("omar@reader.example")
    with house.service.database.writing() as session:
        leave(session, omar.public_id, now=house.now, source="page")

    assert goodbyes(house) == []


@pytest.mark.parametrize(
    "event", [Event.COMPLAINED, Event.HARD_BOUNCED, Event.UNDONE, Event.ERASED]
)
def test_what_happens_before_it_leaves_keeps_it_back(house, event):
    leaves(house)
    happens(house, event)

    assert goodbyes(house) == []


def test_a_suppression_of_the_same_moment_keeps_it_back(house):
    leaves(house)
    with house.service.database.writing() as session:
        [reader] = queries.locked(session, col(Subscriber.public_id) == public_id(house))
        block(session, [reader.address_hash or ""], SuppressionReason.COMPLAINT, now=MONDAY)

    assert goodbyes(house) == []


def test_after_the_day_it_would_be_too_late_and_does_not_leave(house):
    leaves(house)
    house.later(hours=25)

    assert goodbyes(house) == []


def test_neither_an_address_nor_a_token_waits_in_its_row(house):
    leaves(house)

    [row] = notices(house)
    assert (row.recipient, row.key) == (public_id(house), "goodbye-2026-11-23")
    assert "@" not in str(row.model_dump(mode="json"))


def notices(house: House) -> list[NoticeRow]:
    with house.service.database.reading() as session:
        return list(session.exec(select(NoticeRow).where(NoticeRow.kind == "goodbye")))
