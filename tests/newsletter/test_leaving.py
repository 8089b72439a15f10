"""Leaving through the doors while letters wait: what is queued for somebody who left stays here."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.notices import LetterKind, NoticeRow, write_to
from newsletter.web.app import create_app
from subscribers.models import Subscriber
from subscribers.tokens import Purpose
from tests.factories import add_subscribers, store_comparisons
from tests.newsletter.sign_up.visiting import House

READERS = 4


@pytest.fixture
def house(service) -> House:
    """The service with readers, whose copies of an issue are frozen and wait."""
    house = House(service)
    with house.service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, READERS)
    desk = house.service.desk
    number = desk.build(desk.next_slot(), actor="test").number
    desk.start(number, actor="test")
    return house


def by_link(house: House, reader: Subscriber) -> None:
    token = house.service.signer.sign(Purpose.UNSUBSCRIBE, reader.public_id, issue=1)
    answer = TestClient(create_app(house.service)).post(f"/unsubscribe/{token}")
    assert answer.status_code == 200


def rows(session: Session) -> dict[str, tuple[str, str | None]]:
    found = session.execute(
        select(col(Subscriber.email), col(Delivery.state), col(Delivery.reason)).join(
            Delivery, col(Delivery.subscriber_id) == col(Subscriber.id)
        )
    )
    return {email: (state, reason) for email, state, reason in found}


def first(house: House) -> Subscriber:
    with house.service.database.reading() as session:
        return session.exec(select(Subscriber).order_by(col(Subscriber.id))).first()


def test_who_leaves_after_the_audience_was_frozen_gets_no_copy(house):
    leaver = first(house)
    by_link(house, leaver)

    house.service.desk.deliver()

    with house.service.database.reading() as session:
        books = rows(session)
    assert books[leaver.email] == (DeliveryState.SKIPPED, "unsubscribed")
    assert leaver.email not in house.letters("issue")
    assert len(house.letters("issue")) == READERS - 1


def test_who_takes_it_back_before_the_letter_leaves_still_gets_it_once(house):
    leaver = first(house)
    by_link(house, leaver)
    house.service.desk.send_letters()
    house.visitor().post(house.link("undo"), data={"choice": "back"})

    house.service.desk.deliver()

    assert house.letters("issue").count(leaver.email) == 1


LETTERS = (LetterKind.SUBSCRIBED, LetterKind.MANAGE)


@pytest.mark.parametrize("kind", LETTERS)
def test_single_letters_that_wait_are_cut_as_well(house, kind):
    leaver = first(house)
    with house.service.database.writing() as session:
        write_to(session, leaver.public_id, kind, key="waiting", now=house.now)
    by_link(house, leaver)

    house.service.desk.send_letters()

    assert house.letters(kind.value) == []
    assert house.letters("goodbye") == [leaver.email]
    with house.service.database.reading() as session:
        waiting = select(NoticeRow.state).where(NoticeRow.key == "waiting")
        assert session.exec(waiting).one() == "skipped"
