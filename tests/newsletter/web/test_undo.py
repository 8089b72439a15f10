"""A goodbye is taken back: within a day, by whoever said it, once, and with fewer letters if wanted."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response

from newsletter import personal_data
from newsletter.service import Service
from subscribers import queries
from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.models import Subscriber
from subscribers.pausing import pause
from subscribers.states import Event, State
from subscribers.tokens import Purpose
from subscribers.unsubscribe import unsubscribe
from subscribers.wishes import Wishes, choose, wishes_of
from tests.factories import MONDAY
from tests.newsletter.sign_up.visiting import House
from tests.snapshot import changed, snapshot

INES = "ines@reader.example"


@pytest.fixture
def house(service: Service) -> House:
    """The service with Ines on the list."""
    house = House(service)
    house.confirmed(INES)
    return house


def person(house: House) -> Subscriber:
    found = house.reader(INES)
    assert found is not None
    return found


def leaves(house: House) -> str:
    """Let Ines press the button of a letter; give the address of the buttons she then sees."""
    token = house.service.signer.sign(Purpose.UNSUBSCRIBE, person(house).public_id, issue=1)
    page = house.visitor().post(f"/unsubscribe/{token}").text
    found = re.search(r'action="(/undo/[\w-]+)"', page)
    assert found is not None
    return found[1]


def presses(house: House, path: str, choice: str | None) -> Response:
    data = {"choice": choice} if choice is not None else {}
    answer: Response = house.visitor().post(path, data=data)
    return answer


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_it_changes_nothing(house, method):
    path = leaves(house)
    before = snapshot(house.service.database)

    answer = house.visitor().request(method, path)

    assert answer.status_code == 200
    assert changed(before, snapshot(house.service.database)) == {}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"


def test_the_page_has_the_same_buttons_and_says_until_when(house):
    page = house.visitor().get(leaves(house)).text

    assert re.findall(r'value="([\w-]+)"', page) == ["back", "monthly", "pause-4"]
    assert "24 November 2026 at 09:00" in page
    assert "i…@reader.example" in page
    assert INES not in page


def test_undo_brings_back_what_was(house):
    with house.service.database.writing() as session:
        wishes = Wishes(cadence="weekly", topics=frozenset({"coding"}), follows=frozenset({"fox"}))
        choose(session, person(house).public_id, wishes, now=MONDAY, source="test")

    answer = presses(house, leaves(house), "back")

    assert "You are subscribed again" in answer.text
    assert (person(house).state, wishes_of(person(house))) == (State.ACTIVE, wishes)


def test_a_letter_a_month_instead(house):
    answer = presses(house, leaves(house), "monthly")

    assert "once a month" in answer.text
    assert (person(house).state, person(house).cadence) == (State.ACTIVE, "monthly")
    assert person(house).tailored


def test_a_break_of_four_weeks_instead_ends_with_the_letter_of_its_last_day(house):
    answer = presses(house, leaves(house), "pause-4")

    assert "no letter until Monday 21 December 2026" in answer.text
    assert person(house).state is State.PAUSED
    assert person(house).paused_until == datetime(2026, 12, 21, tzinfo=UTC)


@pytest.mark.parametrize("choice", ["back", "monthly", "pause-4"])
@pytest.mark.parametrize("again", ["back", "monthly", "pause-4"])
def test_a_second_press_changes_nothing_more(house, choice, again):
    path = leaves(house)
    presses(house, path, choice)
    before = snapshot(house.service.database)

    answer = presses(house, path, again)

    assert answer.status_code == 200
    assert "You are subscribed" in answer.text
    assert changed(before, snapshot(house.service.database)) == {}


@pytest.mark.parametrize("choice", [None, "", "weekly", "BACK", "back\x00"])
def test_an_unknown_wish_is_asked_again_and_changes_nothing(house, choice):
    path = leaves(house)
    before = snapshot(house.service.database)

    answer = presses(house, path, choice)

    assert answer.status_code == 422
    assert answer.text.count("<button") == 3
    assert changed(before, snapshot(house.service.database)) == {}


def test_a_letter_a_month_is_not_offered_to_who_gets_no_more(house):
    with house.service.database.writing() as session:
        monthly = Wishes(cadence="monthly")
        choose(session, person(house).public_id, monthly, now=MONDAY, source="test")

    assert 'value="monthly"' not in house.visitor().get(leaves(house)).text


def too_late(answer: Response) -> bool:
    return answer.status_code == 410 and 'href="/subscribe"' in answer.text


def test_after_a_day_it_is_said_kindly_that_it_is_too_late(house):
    path = leaves(house)
    house.later(hours=24, minutes=11)
    before = snapshot(house.service.database)

    assert too_late(house.visitor().get(path))
    assert too_late(presses(house, path, "back"))
    assert changed(before, snapshot(house.service.database)) == {}


def complains(session, reader):
    record(session, reader, Event.COMPLAINED, now=MONDAY, actor=Actor.PROVIDER)


def bounces(session, reader):
    record(session, reader, Event.HARD_BOUNCED, now=MONDAY, actor=Actor.PROVIDER)


def is_erased(session, reader):
    personal_data.erase(session, reader.public_id, now=MONDAY)


def is_suppressed(session, reader):
    record(session, reader, Event.SUPPRESSED_BY_OPERATOR, now=MONDAY, actor=Actor.OPERATOR)


@pytest.mark.parametrize("happens", [complains, bounces, is_erased, is_suppressed])
def test_what_happened_since_outranks_it(house, happens):
    path = leaves(house)
    with house.service.database.writing() as session:
        reader = queries.locked_by_public_id(session, person(house).public_id)
        happens(session, reader)
    before = snapshot(house.service.database)

    assert too_late(house.visitor().get(path))
    assert too_late(presses(house, path, "back"))
    assert changed(before, snapshot(house.service.database)) == {}


def test_what_an_operator_did_is_not_taken_back(house):
    token = undo_token_of(house)
    with house.service.database.writing() as session:
        unsubscribe(session, person(house).public_id, now=MONDAY, source="x", actor=Actor.OPERATOR)

    assert too_late(presses(house, f"/undo/{token}", "back"))
    assert house.state(INES) is State.UNSUBSCRIBED


def undo_token_of(house: House) -> str:
    until = MONDAY + timedelta(days=1)
    return house.service.signer.sign(Purpose.UNDO, person(house).public_id, expires=until)


def test_somebody_who_is_resting_is_told_so_and_stays_at_rest(house):
    with house.service.database.writing() as session:
        until = MONDAY + timedelta(weeks=2)
        pause(session, person(house).public_id, until=until, now=MONDAY)
    before = snapshot(house.service.database)

    answer = presses(house, f"/undo/{undo_token_of(house)}", "back")

    assert "no letter until Monday 7 December 2026" in answer.text
    assert changed(before, snapshot(house.service.database)) == {}


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}]
)
def test_no_other_page_presses_it(house, headers):
    path = leaves(house)

    assert house.visitor().post(path, data={"choice": "back"}, headers=headers).status_code == 403
    assert house.state(INES) is State.UNSUBSCRIBED


def test_a_page_that_hides_where_it_is_may(house):
    path = leaves(house)
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}

    assert house.visitor().post(path, data={"choice": "back"}, headers=headers).status_code == 200


def test_the_links_of_the_last_page_are_good(house):
    page = presses(house, leaves(house), "back").text

    for path in re.findall(r'href="(/(?:manage|unsubscribe)/[\w-]+)"', page):
        assert house.visitor().get(path).status_code == 200
