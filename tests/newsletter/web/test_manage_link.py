"""The link that every letter holds: it names nobody, and can only have a fresh one mailed."""

from datetime import timedelta

import pytest
from sqlmodel import select

from newsletter import personal_data
from newsletter.notices.rows import NoticeRow
from newsletter.service import Service
from newsletter.web.manage_link import MAIL
from subscribers.pausing import pause
from subscribers.suppression import refuse
from subscribers.tokens import Purpose
from subscribers.unsubscribe import unsubscribe
from tests.factories import add_subscribers
from tests.newsletter.sign_up.visiting import House
from tests.newsletter.web.mailboxes import inbox, link, manage
from tests.snapshot import changed, snapshot

READER, OTHER = "reader1@example.org", "reader2@example.org"
DAY = timedelta(hours=24)


@pytest.fixture
def house(service: Service) -> House:
    with service.database.writing() as session:
        add_subscribers(session, 2)
    return House(service)


def in_letter(house: House, address: str = READER) -> str:
    return manage(house, address, Purpose.PREFERENCES)


def public_id(house: House, address: str = READER) -> str:
    reader = house.reader(address)
    assert reader is not None
    return reader.public_id


def ordered(house: House) -> list[tuple[str, str]]:
    with house.service.database.reading() as session:
        return [(row.kind, row.recipient) for row in session.exec(select(NoticeRow))]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("query", ["", "?action=mail", "?find=alpha&action=pause-4"])
def test_opening_it_changes_nothing_and_mails_nothing(house, method, query):
    before = snapshot(house.service.database)

    answer = house.visitor().request(method, in_letter(house) + query)

    assert answer.status_code == 200
    assert changed(before, snapshot(house.service.database)) == {}


def test_the_page_says_nothing_about_the_reader_and_something_to_a_friend(house):
    page = house.visitor().get(in_letter(house)).text

    assert "Mail me the link to my preferences" in page
    assert page.count("<button") == 1
    for personal in ("r…@", "example.org", "once a week", "Next letter"):
        assert personal not in page
    assert 'href="/subscribe"' in page
    assert 'href="/archive"' in page


def test_the_button_mails_a_link_that_opens_the_preferences_for_a_day(house):
    answer = house.visitor().post(in_letter(house), data={"action": MAIL})
    house.service.welcome()

    assert answer.status_code == 200
    assert "We have written to the address that the letter was sent to" in answer.text
    assert READER not in answer.text
    mailed = link(house, READER, "manage")
    assert "Next letter" in house.visitor().get(mailed).text
    house.now += DAY
    assert house.visitor().get(mailed).status_code == 410
    assert inbox(house, OTHER) == []


def test_nothing_that_a_form_says_can_be_done_with_it_but_that(house):
    before = house.reader(READER)

    house.visitor().post(in_letter(house), data={"action": "pause-4", "cadence": "monthly"})

    assert house.reader(READER) == before
    assert ordered(house) == [("manage", public_id(house))]


def test_there_is_one_letter_an_hour_whoever_presses_and_with_whatever_link(house):
    for _ in range(5):
        house.visitor().post(in_letter(house))
        house.visitor().post(f"{in_letter(house)}?again")
    house.service.welcome()
    assert len(inbox(house, READER)) == 1

    house.later(minutes=30)
    house.visitor().post(in_letter(house, OTHER))
    house.later(minutes=30)
    house.visitor().post(in_letter(house))
    house.service.welcome()

    assert (len(inbox(house, READER)), len(inbox(house, OTHER))) == (2, 1)


def test_there_are_three_letters_a_day_for_whoever_has_a_forwarded_letter(house):
    for _ in range(24):
        house.visitor().post(in_letter(house))
        house.service.welcome()
        house.later(hours=1)
    assert len(inbox(house, READER)) == 3

    house.visitor().post(in_letter(house))
    house.service.welcome()
    assert len(inbox(house, READER)) == 4


def leave(session, person, now):
    unsubscribe(session, person, now=now, source="page")


def erase(session, person, now):
    personal_data.erase(session, person, now=now)


def never(session, person, now):
    refuse(session, person, now=now)


@pytest.mark.parametrize("go", [leave, erase, never])
def test_who_has_gone_gets_no_letter_and_nobody_is_told(house, go):
    path, stays = in_letter(house), in_letter(house, OTHER)
    with house.service.database.writing() as session:
        go(session, public_id(house), house.now)

    asked, kept = house.visitor().get(path), house.visitor().get(stays)
    mailed, written = house.visitor().post(path), house.visitor().post(stays)
    house.service.welcome()

    assert asked.text.replace(path, stays) == kept.text
    assert (mailed.status_code, mailed.text) == (written.status_code, written.text)
    assert inbox(house, READER, "manage") == []
    assert len(inbox(house, OTHER)) == 1


def test_who_leaves_before_the_letter_does_gets_none(house):
    house.visitor().post(in_letter(house))
    with house.service.database.writing() as session:
        leave(session, public_id(house), house.now)

    house.service.welcome()

    assert inbox(house, READER, "manage") == []


def test_who_takes_a_break_still_gets_the_link_that_ends_it(house):
    with house.service.database.writing() as session:
        pause(session, public_id(house), until=house.now + DAY, now=house.now)

    house.visitor().post(in_letter(house))
    house.service.welcome()

    assert len(inbox(house, READER)) == 1


def test_a_link_that_has_ended_offers_a_new_one_and_does_nothing_else(house):
    ended = manage(house, READER)
    house.now += DAY
    before = snapshot(house.service.database)

    asked = house.visitor().get(ended)
    late = house.visitor().post(ended, data={"action": "pause-4"})

    assert (asked.status_code, late.status_code) == (410, 410)
    assert asked.text == late.text
    assert "This link has ended" in late.text
    assert changed(before, snapshot(house.service.database)) == {}

    assert house.visitor().post(ended, data={"action": MAIL}).status_code == 200
    house.service.welcome()
    assert house.visitor().get(link(house, READER, "manage")).status_code == 200


@pytest.mark.parametrize("purpose", [Purpose.MANAGE, Purpose.PREFERENCES])
def test_raising_the_epoch_withdraws_both_links(house, purpose):
    path = manage(house, READER, purpose)
    with house.service.database.writing() as session:
        session.merge(house.reader(READER)).token_epoch = 1

    assert house.visitor().get(path).status_code == 404
    assert house.visitor().post(path, data={"action": MAIL}).status_code == 404
    assert ordered(house) == []


def test_an_ended_link_that_was_withdrawn_mails_nothing(house):
    path = manage(house, READER)
    house.now += DAY
    with house.service.database.writing() as session:
        session.merge(house.reader(READER)).token_epoch = 1

    assert house.visitor().post(path, data={"action": MAIL}).status_code == 404
    assert ordered(house) == []


def test_what_leads_nowhere_looks_alike(house):
    sign = house.service.signer.sign
    url = in_letter(house)
    paths = [
        url[:-1] + ("A" if url[-1] != "A" else "B"),
        f"/manage/{sign(Purpose.VOTE, public_id(house), issue=7)}",
        f"/manage/{sign(Purpose.UNSUBSCRIBE, public_id(house), issue=7)}",
        f"/manage/{sign(Purpose.EXPORT, public_id(house), expires=house.now + DAY)}",
        f"/manage/{sign(Purpose.PREFERENCES, 'AAAAAAAAAAAA')}",
        "/manage/nonsense",
    ]

    answers = [house.visitor().get(path) for path in paths]
    answers += [house.visitor().post(path, data={"action": MAIL}) for path in paths]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert ordered(house) == []


def test_the_link_in_a_test_letter_says_what_it_is(house):
    assert "This was a test letter" in house.visitor().get("/manage/test").text
    assert house.visitor().post("/manage/test").status_code == 404


def test_another_site_cannot_have_letters_sent(house):
    answer = house.visitor().post(in_letter(house), headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert ordered(house) == []


@pytest.mark.parametrize("purpose", [Purpose.MANAGE, Purpose.PREFERENCES])
def test_the_pages_are_neither_stored_nor_indexed_nor_told_on(house, purpose):
    path = manage(house, READER, purpose)

    for answer in (
        house.visitor().get(path),
        house.visitor().post(path, data={"action": "resume"}),
    ):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["referrer-policy"] == "no-referrer"
