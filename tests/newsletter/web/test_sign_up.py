import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, select

from newsletter import personal_data
from newsletter.database import Database
from newsletter.service import Service
from newsletter.tables import metadata
from subscribers.address import Address
from subscribers.queries import consents_of
from subscribers.states import State
from subscribers.suppression import suppress
from subscribers.unsubscribe import unsubscribe
from tests.newsletter.sign_up.test_submission import INES as EMAIL
from tests.newsletter.sign_up.test_submission import RECORDED, TRAPS
from tests.newsletter.sign_up.visiting import INES, OMAR, House

STANDINGS = ("new", "asked", "pending", "active", "left", "suppressed", "erased")


@pytest.fixture
def house(service: Service) -> House:
    return House(service)


def lead_to(house: House, email: str, standing: str) -> None:
    """Let somebody stand somewhere before they are asked for (again)."""
    database, now = house.service.database, house.now
    if standing in ("active", "left", "erased"):
        house.confirmed(email)
    reader = house.reader(email)
    with database.writing() as session:
        if standing == "left" and reader:
            unsubscribe(session, reader.public_id, now=now, source="page")
        if standing == "erased" and reader:
            personal_data.erase(session, reader.public_id, now=now)
        if standing == "suppressed":
            pepper = house.service.pepper
            suppress(session, Address.parse(email), pepper=pepper, now=now)
    if standing in ("asked", "pending"):
        house.asks(email)
    if standing == "pending":
        house.service.welcome()


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collect what is said to the database, without the values."""
    said: list[str] = []

    def hear(connection, cursor, statement, parameters, context, executemany):
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)  # the writer shares its events
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def rows(house: House) -> dict[str, list[tuple[object, ...]]]:
    with house.service.database.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


def test_a_visitor_asks_gets_a_letter_and_confirms(house):
    answer = house.asks()
    assert answer.status_code == 200
    assert "Look into your mailbox" in answer.text
    assert house.letters() == []

    assert house.service.welcome() == 1
    assert house.letters("confirm") == [INES]
    assert house.state() == State.PENDING

    assert "You are subscribed" in house.visitor().post(house.link("confirm")).text
    assert house.state() == State.ACTIVE


def test_the_answer_and_the_work_are_the_same_whoever_is_asked_for(house):
    answers, work = [], []
    for number, standing in enumerate(STANDINGS):
        email = f"somebody{number}@reader.example"
        lead_to(house, email, standing)
        with statements(house.service.database) as said:
            answers.append(house.asks(email))
        work.append(list(said))

    stamps = re.compile(r'name="stamp" value="[^"]*"')
    assert {answer.status_code for answer in answers} == {200}
    assert len({stamps.sub("", answer.text) for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert work == [work[0]] * len(STANDINGS)
    assert 0 < len(work[0]) <= 4
    assert "subscribers" not in " ".join(work[0])


@pytest.mark.parametrize(
    ("standing", "letter"),
    [
        ("new", "confirm"),
        ("left", "confirm"),
        ("erased", "confirm"),
        ("active", "subscribed"),
        ("suppressed", None),
    ],
)
def test_what_is_mailed_depends_on_where_somebody_stands(house, standing, letter):
    lead_to(house, INES, standing)
    house.later(days=1)
    before = len(house.post.sent)

    house.asks()
    house.service.welcome()

    kinds = [mailing.key for mailing, _ in house.post.sent[before:]]
    assert kinds == ([letter] if letter else [])


def test_an_address_gets_one_letter_a_day_and_three_a_month(house):
    sent_at = []
    for hour in range(0, 24 * 40, 8):
        house.asks(host=f"192.0.{hour % 200}.1")
        sent_at += [hour] * house.service.welcome()
        house.later(hours=8)

    assert sent_at == [0, 24, 48, 24 * 30, 24 * 31, 24 * 32]


def test_all_addresses_that_lead_to_one_mailbox_share_its_letters(house):
    for number in range(12):
        house.asks(f"ines+{number}@reader.example", host=f"192.0.{number}.1")
        house.asks(f"o.mar+{number}@gmail.com", host=f"198.51.{number}.1")
        house.asks("omar"[:number] + "." * (0 < number < 4) + "omar"[number:] + "@googlemail.com")
        house.service.welcome()

    assert sorted(house.letters()) == ["ines+0@reader.example", "omar@googlemail.com"]


def test_somebody_subscribed_hears_so_once_a_day(house):
    house.confirmed()
    house.later(days=1)
    for _ in range(5):
        house.asks()
        house.service.welcome()

    assert house.letters("subscribed") == [INES]
    assert house.state() == State.ACTIVE
    assert house.visitor().get(house.link("manage")).status_code == 200
    assert house.visitor().get(house.link("unsubscribe")).status_code == 200


def test_a_letter_holds_nothing_that_was_typed(house):
    typed = {"name": "Buy my http://spam.example", "tag": "TYPED", "timezone": "Asia/Kathmandu"}

    house.asks(**typed)
    house.service.welcome()

    letter = house.last_letter()
    for word in ("spam.example", "TYPED", "Kathmandu"):
        assert word not in letter
    assert "Auto-Submitted: auto-generated" in letter
    reader = house.reader()
    assert reader is not None
    assert (reader.name, reader.tags, reader.timezone) == (
        typed["name"],
        ["TYPED"],
        "Asia/Kathmandu",
    )


def test_the_yes_is_kept_with_its_words_version_page_and_time(house):
    page = house.visitor().get("/").text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    house.later(seconds=10)
    asked_at = house.now

    house.asks(**hidden)
    house.later(minutes=1)
    house.service.welcome()

    reader = house.reader()
    with house.service.database.reading() as session:
        consent, _letter = consents_of(session, reader)
    assert consent.wording in page
    assert (consent.wording_version, consent.source) == ("2026-11-21", "http://localhost/")
    assert consent.at == asked_at
    assert "192.0.2" not in consent.origin != ""


def test_a_form_on_another_page_is_answered_and_its_page_kept_without_its_query(house):
    foreign = {
        "sec-fetch-site": "cross-site",
        "origin": "https://site.example",
        "referer": "https://site.example/about?reader=ines@reader.example#x",
    }

    answer = house.visitor().post("/subscribe", data={"email": INES}, headers=foreign)
    house.service.welcome()

    assert answer.status_code == 200
    with house.service.database.reading() as session:
        consent, _letter = consents_of(session, house.reader())
    assert consent.source == "https://site.example/about"
    assert consent.wording_version == "elsewhere"


@pytest.mark.parametrize("maker", RECORDED)
@pytest.mark.parametrize("kind", ["form", "multipart", "json"])
def test_forms_of_other_services_post_as_they_are(house, maker, kind):
    fields: dict[str, list[str]] = {}
    for name, value in RECORDED[maker]:
        fields.setdefault(name, []).append(value)
    sent: dict[str, dict[str, Any]] = {
        "form": {"data": fields},
        "multipart": {"files": [(name, (None, value)) for name, value in RECORDED[maker]]},
        "json": {"json": fields},
    }

    answer = house.visitor().post("/subscribe", **sent[kind])
    house.service.welcome()

    assert answer.status_code == 200
    assert house.state(EMAIL) == State.PENDING
    assert house.reader(EMAIL).name == "Ines"


@pytest.mark.parametrize("maker", TRAPS)
def test_a_robot_in_the_trap_is_answered_like_everybody_and_nothing_is_kept(house, maker):
    filled = {**dict(RECORDED[maker]), TRAPS[maker]: "http://spam.example"}
    before = rows(house)

    answer = house.visitor().post("/subscribe", data=filled)

    assert "Look into your mailbox" in answer.text
    assert rows(house) == before


def test_a_program_gets_json_and_sendys_gets_its_one(house):
    as_json = house.visitor().post("/subscribe", json={"email": INES})
    asked_for = house.visitor().post(
        "/subscribe", data={"email": OMAR}, headers={"accept": "application/json"}
    )
    sendy = house.asks("pia@reader.example", boolean="true")

    assert as_json.json() == asked_for.json() == {"data": {"has_optin": True}, "suggestion": None}
    assert (sendy.text, sendy.headers["content-type"]) == ("1", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "email", ["", "ines", "ines@", "a@b@c", "ines@reader.example\0", "x" * 300]
)
def test_what_is_no_address_is_refused_in_words_that_repeat_nothing(house, email):
    before = rows(house)

    answer = house.asks(email)

    assert answer.status_code == 422
    assert "This is not an address" in answer.text
    assert "reader.example" not in answer.text
    assert house.visitor().post("/subscribe", json={"email": email}).status_code == 422
    assert house.asks(email, boolean="true").text == "Invalid email address."
    assert rows(house) == before


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"email": 1}', b"\xff"])
def test_json_that_says_nothing_is_refused(house, body):
    headers = {"content-type": "application/json"}

    assert house.visitor().post("/subscribe", content=body, headers=headers).status_code == 422


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_broken_multipart_is_refused(house, kind):
    headers = {"content-type": kind}

    answer = house.visitor().post("/subscribe", content=b"--x\r\n\r\nno", headers=headers)

    assert answer.status_code == 422


def test_a_form_longer_than_any_is_not_read(house):
    assert house.asks(name="x" * 30_000).status_code == 413


def test_a_slip_is_suggested_and_never_enforced(house):
    answer = house.asks("ines@outlok.com")
    house.service.welcome()

    assert "Did you mean outlook.com?" in answer.text
    assert house.letters() == ["ines@outlok.com"]


def test_spellings_of_one_mailbox_are_one_person(house):
    for email in (" Ines@Reader.Example\u00a0", "INES@READER.EXAMPLE", INES):
        house.asks(email)
    house.service.welcome()

    assert len(house.letters()) == 1


def test_a_name_in_another_script_is_written_as_mail_needs_it(house):
    house.asks("ines@bücher.example")
    house.service.welcome()

    assert house.letters() == ["ines@xn--bcher-kva.example"]


@pytest.mark.parametrize("field", ["next", "redirect_after_subscription_pending"])
def test_a_form_sends_on_only_where_the_publisher_allows(service, field):
    allowed = "https://site.example/thanks"
    settings = service.settings.model_copy(update={"redirects": f"{allowed},https://b.example"})
    house = House(replace(service, settings=settings))

    sent_on = house.asks(**{field: allowed})
    refused = [
        house.asks(**{field: target})
        for target in (f"{allowed}/more", "https://evil.example", "//evil.example", "javascript:0")
    ]

    assert (sent_on.status_code, sent_on.headers["location"]) == (303, allowed)
    assert [answer.status_code for answer in refused] == [200] * 4
    assert all("location" not in answer.headers for answer in refused)


@pytest.mark.parametrize("path", ["/", "/subscribe", "/subscribe/challenge", "/embed"])
def test_looking_at_the_form_changes_nothing(house, path):
    before = rows(house)

    for method in ("GET", "HEAD"):
        assert house.visitor().request(method, path).status_code in (200, 204)

    assert rows(house) == before


def test_a_form_is_not_kept_by_caches(house):
    for path in ("/", "/subscribe"):
        assert house.visitor().get(path).headers["cache-control"] == "no-store"
    assert house.asks().headers["cache-control"] == "no-store"


def test_a_letter_that_was_under_way_is_stopped_by_a_no(house):
    house.asks()
    house.service.reception.answer()
    with house.service.database.writing() as session:
        suppress(session, Address.parse(INES), pepper=house.service.pepper, now=house.now)

    assert house.service.welcome() == 0
    assert house.letters() == []


def test_whoever_is_erased_has_nothing_waiting_either(house):
    house.confirmed()
    house.later(days=2)
    house.asks()
    with house.service.database.writing() as session:
        reader = house.reader()
        assert personal_data.export(session, reader)["request"]["email"] == INES
        personal_data.erase(session, reader.public_id, now=house.now)

    assert INES not in str(rows(house))


def test_an_erased_person_comes_back_by_their_own_yes_and_not_by_an_import(house):
    lead_to(house, INES, "erased")
    house.later(days=2)

    house.asks()
    house.service.welcome()
    house.visitor().post(house.link("confirm"))

    assert house.state() == State.ACTIVE
