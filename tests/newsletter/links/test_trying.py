from datetime import timedelta
from threading import Thread

import pytest
from sqlmodel import select

from newsletter.links import memory
from newsletter.links.answer import Answer
from newsletter.links.asking import Patience
from newsletter.links.models import LinkCheck
from newsletter.links.trying import try_links
from tests.factories import MONDAY

PATIENCE = Patience(each=20, together=20)
MINUTE = timedelta(minutes=1)


def test_a_link_that_is_alive_is_not_asked_again_within_a_day(database, site):
    for later in (timedelta(), timedelta(hours=23)):
        [answer] = try_links(database, [site.url("/200")], patience=PATIENCE, now=MONDAY + later)
        assert answer.status == 200

    assert site.asked.total() == 1


@pytest.mark.parametrize("path", ["/404", "/500"])
def test_a_link_that_is_dead_or_silent_is_asked_again_after_an_hour(database, site, path):
    def ask(later: timedelta) -> None:
        try_links(database, [site.url(path)], patience=PATIENCE, now=MONDAY + later)

    ask(timedelta())
    ask(timedelta(minutes=59))
    assert site.asked[f"GET {path}"] == 1
    ask(timedelta(minutes=60))
    assert site.asked[f"GET {path}"] == 2


def test_a_newer_answer_takes_the_place_of_an_older_one(database):
    with database.writing() as session:
        memory.remember(session, [Answer("https://example.org/", None, "silent")], MONDAY)
    with database.writing() as session:
        memory.remember(session, [Answer("https://example.org/", 200)], MONDAY + MINUTE)

    with database.reading() as session:
        [row] = session.exec(select(LinkCheck))
    assert (row.status, row.detail, row.checked_at) == (200, "", MONDAY + MINUTE)


def test_an_answer_from_a_rehearsal_of_a_later_day_is_not_believed_today(database):
    with database.writing() as session:
        memory.remember(session, [Answer("https://example.org/", 200)], MONDAY + MINUTE)

    with database.reading() as session:
        assert memory.recall(session, ["https://example.org/"], MONDAY) == {}


def test_answers_come_in_the_order_of_the_addresses_each_once(database, site):
    dead, alive = site.url("/404"), site.url("/200")
    try_links(database, [alive], patience=PATIENCE, now=MONDAY)

    answers = try_links(database, [dead, alive, dead], patience=PATIENCE, now=MONDAY)

    assert [answer.url for answer in answers] == [dead, alive]


def test_somebody_else_can_write_while_a_slow_page_is_waited_for(database, site):
    asking = Thread(
        target=lambda: try_links(database, [site.url("/slow")], patience=PATIENCE, now=MONDAY)
    )
    asking.start()
    assert site.reached.wait(20)

    with database.writing() as session:
        memory.remember(session, [Answer("https://example.org/", 200)], MONDAY)
    site.over.set()
    asking.join()

    with database.reading() as session:
        assert len(session.exec(select(LinkCheck)).all()) == 2
