"""Leaving through the doors while letters wait: what is queued for somebody who left stays here."""

import re
from contextlib import closing

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import NoticeRow, write_to
from newsletter.service import Service
from newsletter.settings import load
from newsletter.web.app import create_app
from newsletter.wiring import build
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.tokens import Purpose
from subscribers.unsubscribe import undo
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.inbound.letters import payload
from tests.newsletter.sign_up.visiting import House

READERS = 4


@pytest.fixture
def house(service: Service) -> House:
    """The service with readers, whose copies of an issue are frozen and wait."""
    house = House(service)
    with house.service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, READERS)
    desk = house.service.desk
    number = desk.build(desk.slots.next(), actor="test").number
    desk.dispatch.start(number, actor="test")
    return house


def by_link(house: House, reader: Subscriber) -> None:
    token = house.service.signer.sign(Purpose.UNSUBSCRIBE, reader.public_id, issue=1)
    answer = TestClient(create_app(house.service)).post(f"/unsubscribe/{token}")
    assert answer.status_code == 200


def rows(session: Session) -> dict[str | None, tuple[str, str | None]]:
    found = session.execute(
        select(col(Subscriber.email), col(Delivery.state), col(Delivery.reason)).join(
            Delivery, col(Delivery.subscriber_id) == col(Subscriber.id)
        )
    )
    return {email: (state, reason) for email, state, reason in found}


def first(house: House) -> Subscriber:
    with house.service.database.reading() as session:
        return session.exec(select(Subscriber).order_by(col(Subscriber.id)).limit(1)).one()


def test_who_leaves_after_the_audience_was_frozen_gets_no_copy(house):
    leaver = first(house)
    by_link(house, leaver)

    house.service.dispatch.deliver()

    with house.service.database.reading() as session:
        books = rows(session)
    assert books[leaver.email] == (DeliveryState.SKIPPED, "unsubscribed")
    assert leaver.email not in house.letters("issue")
    assert len(house.letters("issue")) == READERS - 1


def test_who_takes_it_back_before_the_letter_leaves_still_gets_it_once(house):
    leaver = first(house)
    by_link(house, leaver)
    house.service.mailroom.send_letters()
    house.visitor().post(house.link("undo"), data={"choice": "back"})

    house.service.dispatch.deliver()

    assert house.letters("issue").count(leaver.email) == 1


@pytest.mark.parametrize(("choice", "told"), [("back", 0), ("monthly", 1), ("pause-4", 1)])
def test_the_mailbox_is_told_when_a_link_of_its_letter_made_letters_fewer(house, choice, told):
    leaver = first(house)
    by_link(house, leaver)
    house.service.mailroom.send_letters()

    house.visitor().post(house.link("undo"), data={"choice": choice})
    house.service.mailroom.send_letters()

    assert house.letters("fewer") == [leaver.email] * told


MAILBOX = "0123456789abcdef0123456789abcdef"


def test_who_is_put_out_again_after_a_receipt_that_never_left_is_told(house):
    reader = first(house)
    by_link(house, reader)
    with house.service.database.writing() as session:
        undo(session, reader.public_id, now=house.now, source="page")
    house.service.welcome()
    assert house.letters("goodbye") == []

    for _ in range(2):
        by_link(house, reader)
        house.service.welcome()

    assert house.letters("goodbye") == [reader.email]


def test_a_letter_names_an_address_and_a_mail_to_it_is_heard(service, tmp_path):
    settings = load(
        data_dir=tmp_path / "data",
        database_url=service.settings.database,
        base_url="http://localhost",
        postal_address="1 Test Street",
        inbound_address=f"{MAILBOX}@inbound.postmarkapp.com",
        webhook_password="a-password-of-the-tests",
    )
    with closing(build(settings, clock=lambda: MONDAY)) as wired:
        house = House(wired)
        with wired.database.writing() as session:
            store_comparisons(session, 2)
            add_subscribers(session, 1)
        desk = house.service.desk
        issue = desk.build(desk.slots.next(), actor="test")
        found = {finding.code for finding in desk.inspector.findings(issue, MONDAY)}
        desk.dispatch.start(issue.number, actor="test")
        desk.dispatch.deliver()
        address = re.search(rf"<mailto:{MAILBOX}\+(\w+)@[\w.]+\?subject=", house.last_letter())
        assert address is not None
        mail = payload(MailboxHash=address[1], FromFull={"Email": "somebody@else.example"})
        answer = house.visitor().post(
            "/webhooks/postmark", json=mail, auth=("postmark", "a-password-of-the-tests")
        )
        assert house.state("reader1@example.org") is State.UNSUBSCRIBED

    assert answer.status_code == 200
    assert not found & {"one-click-missing", "preflight-broken", "left-over-mark"}


LETTERS = (LetterKind.SUBSCRIBED, LetterKind.MANAGE)


@pytest.mark.parametrize("kind", LETTERS)
def test_single_letters_that_wait_are_cut_as_well(house, kind):
    leaver = first(house)
    with house.service.database.writing() as session:
        write_to(session, leaver.public_id, kind, key="waiting", now=house.now)
    by_link(house, leaver)

    house.service.mailroom.send_letters()

    assert house.letters(kind.value) == []
    assert house.letters("goodbye") == [leaver.email]
    with house.service.database.reading() as session:
        waiting = select(NoticeRow.state).where(NoticeRow.key == "waiting")
        assert session.exec(waiting).one() == "skipped"
