"""A yes can be proved: what was asked for, what letter left, what was answered, and nothing more."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from newsletter import personal_data
from newsletter.cli.subscriber_reports import person_lines
from newsletter.delivery.message import Message, Outcome, Receipt
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.notices.sending import LEASE, send_notices
from newsletter.reader_letters.writing import ReaderLetters
from newsletter.service import Service
from newsletter.sign_up.privacy import VERSION
from subscribers.consent import Actor, ConsentEvent
from subscribers.models import ConsentEntry
from subscribers.queries import consents_of
from tests.newsletter.sign_up.visiting import INES, House


@pytest.fixture
def house(service: Service) -> House:
    return House(service)


def evidence(house: House, email: str = INES) -> list[ConsentEntry]:
    reader = house.reader(email)
    assert reader is not None
    with house.service.database.reading() as session:
        return consents_of(session, reader)


def send(house: House, transport: MemoryTransport, later: timedelta = timedelta()) -> int:
    desk, now = house.service.desk, house.now + later
    letters = ReaderLetters(desk.dispatch.sender.letterhead, desk.press.brand)
    sender = replace(
        desk.dispatch.sender, transport=transport, clock=lambda: now, timer=lambda: now
    )
    return send_notices(sender, letters)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_letter_that_asked_is_proved_by_its_number_its_words_and_its_link(house):
    house.asks()
    house.later(minutes=1)
    house.service.welcome()
    mailing, message = house.post.sent[-1]
    house.later(minutes=1)
    house.visitor().post(house.link("confirm"))

    asked, sent, confirmed = evidence(house)
    assert [asked.event, sent.event, confirmed.event] == ["requested", "mail_sent", "confirmed"]
    assert (sent.actor, sent.message_id) == (Actor.SERVICE, message.delivery_id)
    words = mailing.text.fill(message.values) + mailing.html.fill_html(message.values)
    assert sent.message_hash == sha(words)
    assert sent.token_hash == confirmed.token_hash == sha(message.values["confirm"])
    assert asked.at < sent.at < confirmed.at


def test_every_request_and_every_yes_names_the_privacy_notice_that_was_shown(house):
    house.asks()
    house.service.welcome()
    assert 'href="/privacy"' in house.visitor().get(house.link("confirm")).text
    house.visitor().post(house.link("confirm"))

    notices = {entry.event: entry.privacy_version for entry in evidence(house)}
    assert notices[ConsentEvent.REQUESTED] == notices[ConsentEvent.CONFIRMED] == VERSION


def test_nothing_is_kept_of_the_browser_or_of_where_somebody_is(house):
    house.visitor().post(
        "/subscribe",
        data={"email": INES},
        headers={"user-agent": "Lynx/2.9", "accept-language": "de-CH"},
    )
    house.service.welcome()

    kept = str([entry.model_dump() for entry in evidence(house)])
    assert {entry.user_agent + entry.locale for entry in evidence(house)} == {""}
    for word in ("Lynx", "de-CH", "192.0.2"):
        assert word not in kept


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.UNKNOWN, Outcome.NOT_TAKEN])
def test_a_letter_that_may_not_have_left_proves_nothing(house, outcome):
    house.asks()
    house.service.reception.answer()

    send(house, MemoryTransport(lambda _: Receipt(outcome)))

    assert [entry.event for entry in evidence(house)] == [ConsentEvent.REQUESTED]


def test_a_letter_that_was_refused_at_first_is_proved_once_when_it_leaves(house):
    house.asks()
    house.service.reception.answer()
    send(house, MemoryTransport(lambda _: Receipt(Outcome.NOT_TAKEN)))

    for hours in (1, 2):
        send(house, MemoryTransport(), timedelta(hours=hours))

    assert [entry.event for entry in evidence(house)] == ["requested", "mail_sent"]


def test_after_a_crash_the_letter_leaves_again_and_that_one_is_proved(house):
    class Dies(MemoryTransport):
        def send(self, mailing, messages, **options):
            super().send(mailing, messages, **options)
            raise ZeroDivisionError

    house.asks()
    house.service.reception.answer()
    with pytest.raises(ZeroDivisionError):
        send(house, Dies())

    assert send(house, MemoryTransport(), LEASE + timedelta(seconds=1)) == 1
    sent = evidence(house)[-1]
    assert (sent.event, sent.at) == (
        ConsentEvent.MAIL_SENT,
        house.now + LEASE + timedelta(seconds=1),
    )


def test_an_answer_that_comes_too_late_leaves_the_proof_to_who_sent_it_again(house):
    class Slow(MemoryTransport):
        def send(self, mailing, messages, **options):
            send(house, MemoryTransport(), 2 * LEASE)
            return [Receipt(Outcome.ACCEPTED, provider_id="late")]

    house.asks()
    house.service.reception.answer()
    send(house, Slow())

    assert [entry.message_id for entry in evidence(house)][1:] != ["late"]
    assert [entry.event for entry in evidence(house)] == ["requested", "mail_sent"]


def test_who_is_erased_while_the_letter_is_under_way_stays_erased(house):
    def erasing(message: Message) -> Receipt:
        with house.service.database.writing() as session:
            reader = house.reader()
            personal_data.erase(session, reader.public_id, now=house.now)
        return Receipt(Outcome.ACCEPTED, provider_id="afterwards")

    house.asks()
    house.service.reception.answer()
    before = evidence(house)[0].subscriber_id

    assert send(house, MemoryTransport(erasing)) == 1
    with house.service.database.reading() as session:
        rows = session.exec(select(ConsentEntry)).all()
    assert {row.subscriber_id for row in rows} == {before}
    assert [row.message_id for row in rows if row.message_id] == []


def test_other_letters_are_no_evidence(house):
    house.confirmed()
    house.later(days=1)
    before = len(evidence(house))

    house.asks()
    assert house.service.welcome() == 1

    assert house.letters("subscribed") == [INES]
    assert len(evidence(house)) == before


def test_an_operator_sees_the_proof(house):
    house.confirmed()
    with house.service.database.reading() as session:
        lines = person_lines(personal_data.export(session, house.reader()))

    [line] = [line for line in lines if "mail_sent" in line]
    assert "by service: the letter that asks for a yes (confirm." in line
