"""One's own data, page by page: seen or erased by whoever reads the mailbox, and by nobody else."""

import io

import pytest
from httpx2 import Response

from newsletter import personal_data
from newsletter.reader_letters.own_data import LINK_FOR
from newsletter.service import Service
from subscribers.address import Address
from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.csv_reading import open_table
from subscribers.import_chunk import ImportTerms
from subscribers.import_report import ImportReport, Outcome
from subscribers.importing import import_table
from subscribers.models import Subscriber, SuppressionReason
from subscribers.queries import locked_by_public_id, suppression_of
from subscribers.states import Event, State
from subscribers.suppression import refuse
from subscribers.tokens import Purpose
from subscribers.unsubscribe import unsubscribe
from tests.newsletter.sign_up.visiting import INES, House
from tests.newsletter.web.mailboxes import inbox, link, manage
from tests.snapshot import changed, snapshot
from tests.suppression import is_suppressed

KINDS = ["export", "erase"]


@pytest.fixture
def house(service: Service) -> House:
    """Ines is on the list."""
    house = House(service)
    house.confirmed(INES)
    return house


def ines(house: House) -> Subscriber:
    found = house.reader(INES)
    assert found is not None
    return found


def asks(house: House, kind: str, purpose: Purpose = Purpose.MANAGE) -> Response:
    """Let Ines press a button, and the letter leave."""
    path = f"{manage(house, INES, purpose)}/data"
    answer: Response = house.visitor().post(path, data={"send": kind})
    house.service.welcome()
    return answer


def leaves(house: House) -> None:
    with house.service.database.writing() as session:
        unsubscribe(session, ines(house).public_id, now=house.now, source="page")


def test_the_preferences_have_the_buttons(house):
    page = house.visitor().get(manage(house, INES)).text

    assert f'action="{manage(house, INES)}/data"' in page
    assert 'value="export"' in page
    assert 'value="erase"' in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_button_brings_a_letter_and_the_letter_a_page_with_one_button(house, kind):
    assert "Look into your mailbox" in asks(house, kind).text

    path = link(house, INES, kind)
    before = snapshot(house.service.database)
    for method in ("GET", "HEAD"):
        answer = house.visitor().request(method, path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"

    assert house.visitor().get(path).text.count("<button") == 1
    assert changed(before, snapshot(house.service.database)) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_one_letter_of_a_kind_in_any_hour(house, kind):
    house.later(minutes=59)
    answers = []
    for _ in range(3):
        answers.append(asks(house, kind))
        house.later(minutes=10)

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.text.count("Look into your mailbox") for answer in answers} == {1}
    assert len(inbox(house, INES, kind)) == 1

    house.later(minutes=30)
    asks(house, kind)
    assert len(inbox(house, INES, kind)) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_three_letters_of_a_kind_in_any_day(house, kind):
    for _ in range(23):
        asks(house, kind)
        house.later(hours=1)

    assert len(inbox(house, INES, kind)) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_the_link_ends_after_an_hour_and_says_where_the_next_one_is(house, kind):
    asks(house, kind)
    path = link(house, INES, kind)

    house.later(minutes=10 + LINK_FOR.total_seconds() / 60)

    for answer in (house.visitor().get(path), house.visitor().post(path)):
        assert answer.status_code == 410
        assert "This link is too old" in answer.text
    assert house.state() is State.ACTIVE


def test_the_file_is_a_download_of_everything(house):
    house.visitor().post(f"{manage(house, INES)}/address", data={"email": "i@else.example"})
    asks(house, "export")

    answer = house.visitor().post(link(house, INES, "export"))

    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["cache-control"] == "no-store"
    whole = answer.json()
    assert whole["subscriber"]["email"] == INES
    assert [entry["event"] for entry in whole["consents"]] == [
        "requested",
        "mail_sent",
        "confirmed",
    ]
    assert [change["to_state"] for change in whole["state_changes"]] == ["pending", "active"]
    assert whole["address_change"]["new_email"] == "i@else.example"
    assert [letter["kind"] for letter in whole["letters"]] == [
        "confirm",
        "change_from",
        "change_to",
        "export",
    ]
    assert (whole["deliveries"], whole["votes"], whole["request"]) == ([], [], None)


def test_the_page_of_the_file_holds_nothing_of_it(house):
    asks(house, "export")

    page = house.visitor().get(link(house, INES, "export")).text

    assert "i…@reader.example" in page
    assert INES not in page


def test_the_button_erases_for_good_and_twice_is_once(house):
    asks(house, "erase")
    path = link(house, INES, "erase")
    assert "Erase everything about you?" in house.visitor().get(path).text

    answers = [house.visitor().post(path), house.visitor().post(path), house.visitor().get(path)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {"You are forgotten" in answer.text for answer in answers} == {True}
    assert {"keyed hash" in answer.text for answer in answers} == {True}
    assert house.reader() is None
    with house.service.database.reading() as session:
        assert is_suppressed(session, Address.parse(INES), pepper=house.service.pepper)


def test_after_erasing_every_other_link_answers_kindly_and_opens_nothing(house):
    for kind in KINDS:
        asks(house, kind)
    opening, asking = manage(house, INES), manage(house, INES, Purpose.PREFERENCES)
    file = link(house, INES, "export")
    house.visitor().post(link(house, INES, "erase"))
    sent = len(house.post.sent)

    assert house.visitor().get(file).status_code == 200
    assert house.visitor().post(file).status_code == 410
    assert "Nothing is held about you" in house.visitor().get(f"{opening}/data").text
    for path in (opening, asking):
        answer = house.visitor().post(f"{path}/data", data={"send": "export"})
        assert answer.status_code == 200
    house.service.welcome()
    assert len(house.post.sent) == sent


def test_who_is_forgotten_is_not_imported_again_and_comes_back_by_their_own_yes(house):
    erased = ines(house).id
    asks(house, "erase")
    house.visitor().post(link(house, INES, "erase"))

    house.later(days=2)
    terms = ImportTerms("they ticked a box", house.service.pepper, house.now)
    table = open_table(io.BytesIO(f"email\n{INES}\n".encode()))
    with house.service.database.writing() as session:
        report = ImportReport.of(import_table(session, table, terms))
    assert report.counts[Outcome.SUPPRESSED] == 1
    assert [line.reason for line in report.held_back] == ["the address is on the suppression list"]
    assert house.reader() is None

    house.confirmed(INES)
    assert house.state() is State.ACTIVE
    assert ines(house).id != erased
    with house.service.database.reading() as session:
        assert not is_suppressed(session, Address.parse(INES), pepper=house.service.pepper)


def test_who_left_may_still_see_and_erase(house):
    leaves(house)

    for kind in KINDS:
        answer = asks(house, kind, Purpose.PREFERENCES)
        assert answer.status_code == 200
        assert house.visitor().post(link(house, INES, kind)).status_code == 200

    assert house.reader() is None


def test_the_link_of_a_letter_tells_a_friend_nothing_and_shows_no_data(house):
    pages = []
    path = f"{manage(house, INES, Purpose.PREFERENCES)}/data"
    for change in (lambda _house: None, leaves):
        change(house)
        pages.append(house.visitor().get(path).text)
        pages.append(house.visitor().post(path, data={"send": "export"}).text)

    assert pages[0] == pages[2]
    assert pages[1] == pages[3]
    assert all("i…@" not in page for page in pages)


def test_who_wants_no_letter_ever_again_gets_none_about_their_data_either(house):
    opening = manage(house, INES)
    with house.service.database.writing() as session:
        refuse(session, ines(house).public_id, now=house.now)

    page = house.visitor().post(f"{opening}/data", data={"send": "export"})
    house.service.welcome()

    assert "no link can be mailed" in page.text
    assert inbox(house, INES, "export") == []


def test_a_no_that_came_before_the_letter_left_wins(house):
    house.visitor().post(f"{manage(house, INES)}/data", data={"send": "export"})
    with house.service.database.writing() as session:
        refuse(session, ines(house).public_id, now=house.now)

    house.service.welcome()

    assert inbox(house, INES, "export") == []


@pytest.mark.parametrize("body", [{}, {"send": ""}, {"send": "everything"}])
def test_a_form_of_somebody_elses_making_does_nothing(house, body):
    assert house.visitor().post(f"{manage(house, INES)}/data", data=body).status_code == 422
    house.service.welcome()
    assert len(house.post.sent) == 1


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (Event.COMPLAINED, SuppressionReason.COMPLAINT),
        (Event.HARD_BOUNCED, SuppressionReason.BOUNCE),
    ],
)
def test_a_stronger_reason_outlives_being_forgotten_a_second_time(house, event, reason):
    asks(house, "erase")
    house.visitor().post(link(house, INES, "erase"))
    house.later(days=2)
    house.asks(INES)
    house.service.welcome()
    reader = ines(house)
    with house.service.database.writing() as session:
        row = locked_by_public_id(session, reader.public_id)
        assert row is not None
        record(session, row, event, now=house.now, actor=Actor.PROVIDER)

    with house.service.database.writing() as session:
        personal_data.erase(session, reader.public_id, now=house.now)

    with house.service.database.reading() as session:
        kept = suppression_of(session, reader.address_hash or "")
        assert kept is not None
        assert kept.reason == reason
