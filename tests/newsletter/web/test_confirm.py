import pytest
from sqlalchemy import select

from newsletter.service import Service
from newsletter.tables import metadata
from subscribers.consent import ConsentEvent
from subscribers.queries import consents_of
from subscribers.states import State
from subscribers.tokens import EXPIRING, Purpose
from subscribers.unsubscribe import unsubscribe
from tests.factories import MONDAY
from tests.newsletter.sign_up.visiting import INES, House
from tests.newsletter.web.conftest import BOTH

pytestmark = BOTH


@pytest.fixture
def house(service: Service) -> House:
    """Ines has asked, and her letter has come."""
    house = House(service)
    house.asks()
    house.service.welcome()
    return house


def rows(house: House) -> list[list[tuple[object, ...]]]:
    with house.service.database.engine.connect() as connection:
        return [
            [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        ]


@pytest.mark.parametrize("kind", ["confirm", "never"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_link_of_the_letter_changes_nothing(house, kind, method):
    before = rows(house)

    answer = house.visitor().request(method, house.link(kind))

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert rows(house) == before


def test_the_page_shows_the_words_the_masked_address_and_one_button(house):
    page = house.visitor().get(house.link("confirm")).text

    assert "i…@reader.example" in page
    assert "Send me Weekly Verdict by e-mail once a week." in page
    assert page.count("<button") == page.count("<h1") == 1


def test_the_button_subscribes_with_the_evidence(house):
    house.later(hours=71)

    answer = house.visitor().post(house.link("confirm"), headers={"origin": "null"})

    assert answer.status_code == 200
    assert "You are subscribed" in answer.text
    reader = house.reader()
    assert reader is not None
    assert reader.state == State.ACTIVE
    with house.service.database.reading() as session:
        asked, _letter, said_yes = consents_of(session, reader)
    assert asked.event == ConsentEvent.REQUESTED
    assert (said_yes.event, said_yes.at) == (ConsentEvent.CONFIRMED, house.now)
    assert (said_yes.source, said_yes.wording_version) == ("http://localhost/confirm", "2026-11-21")
    assert len(said_yes.token_hash) == 64


def test_pressing_it_again_says_so_kindly(house):
    link = house.link("confirm")
    house.visitor().post(link)
    house.later(hours=1)

    again, shown = house.visitor().post(link), house.visitor().get(link)

    assert (again.status_code, shown.status_code) == (200, 200)
    assert "You are subscribed already" in again.text
    assert "You are subscribed already" in shown.text


def test_after_three_days_the_page_offers_to_ask_again(house):
    link = house.link("confirm")
    house.later(hours=72, seconds=1)

    for answer in (house.visitor().get(link), house.visitor().post(link)):
        assert answer.status_code == 410
        assert 'href="/subscribe"' in answer.text
    assert house.state() == State.PENDING


def test_a_request_without_a_yes_is_forgotten_after_a_week_and_its_link_stays_kind(house):
    link, never = house.link("confirm"), house.link("never")
    house.later(days=7, seconds=1)

    house.service.welcome()

    assert house.reader() is None
    assert INES not in str(rows(house))
    assert house.visitor().get(link).status_code == 410
    assert house.visitor().post(link).status_code == 410
    for answer in (house.visitor().get(never), house.visitor().post(never)):
        assert answer.status_code == 200
        assert "Nothing is held about you" in answer.text


def test_a_yes_of_before_leaving_brings_nobody_back(house):
    link = house.link("confirm")
    house.visitor().post(link)
    reader = house.reader()
    with house.service.database.writing() as session:
        unsubscribe(session, reader.public_id, now=house.now, source="page")

    assert house.visitor().get(link).status_code == 410
    assert house.visitor().post(link).status_code == 410
    assert house.state() == State.UNSUBSCRIBED


def test_never_means_never_and_is_said_once_or_again(house):
    confirm, never = house.link("confirm"), house.link("never")

    first, second = house.visitor().post(never), house.visitor().post(never)

    assert first.status_code == second.status_code == 200
    assert "You will not hear from us again" in first.text
    assert house.state() == State.SUPPRESSED
    assert house.visitor().post(confirm).status_code == 410
    assert "You will not hear" in house.visitor().get(never).text
    for _ in range(5):
        house.later(days=2)
        assert "Look into your mailbox" in house.asks().text
        house.service.welcome()
    assert house.letters() == [INES]


def test_never_outlives_a_confirmed_subscription(house):
    never = house.link("never")
    house.visitor().post(house.link("confirm"))
    house.later(days=300)

    house.visitor().post(never)

    assert house.state() == State.SUPPRESSED


@pytest.mark.parametrize("made_for", [purpose for purpose in Purpose if purpose != Purpose.CONFIRM])
def test_a_token_made_for_something_else_confirms_nothing(house, made_for):
    assert refused(house, "confirm", made_for) == {404}
    assert house.state() == State.PENDING


@pytest.mark.parametrize("made_for", [purpose for purpose in Purpose if purpose != Purpose.NEVER])
def test_a_token_made_for_something_else_refuses_nothing(house, made_for):
    assert refused(house, "never", made_for) == {404}
    assert house.state() == State.PENDING


def refused(house: House, page: str, made_for: Purpose) -> set[int]:
    reader = house.reader()
    assert reader is not None
    until = MONDAY.replace(day=30) if made_for in EXPIRING else None
    token = house.service.signer.sign(made_for, reader.public_id, expires=until)
    visitor = house.visitor()
    return {visitor.request(method, f"/{page}/{token}").status_code for method in ("GET", "POST")}


def test_a_damaged_link_leads_nowhere(house):
    for kind in ("confirm", "never"):
        link = house.link(kind)
        for place in range(len(f"/{kind}/"), len(link)):
            changed = link[:place] + ("A" if link[place] != "A" else "B") + link[place + 1 :]
            assert house.visitor().post(changed).status_code == 404
    assert house.state() == State.PENDING


def test_a_yes_or_a_never_that_another_site_sends_is_refused(house):
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}

    for kind in ("confirm", "never"):
        assert house.visitor().post(house.link(kind), headers=foreign).status_code == 403
    assert house.state() == State.PENDING
