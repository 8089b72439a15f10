"""A wrong price is found on Tuesday: seen, corrected, and told to those who read it, in a real browser."""

from threading import Thread

import pytest

from tests.factories import add_subscribers, store_comparisons
from tests.journeys.test_editor_sees_monday import (
    BASE,
    FRIDAY,
    SCREENS,
    Looking,
    browsing,
    on_sqlite,
)
from tests.journeys.world import world

RIGHT = "Right is: Paid, from 9 dollars a month"


@pytest.fixture
def here(database, tmp_path):
    with world(database, tmp_path, base_url=BASE, time_zone="Europe/Berlin") as made:
        made.now = FRIDAY
        with database.writing() as session:
            store_comparisons(session, 2, now=made.now)
            add_subscribers(session, 3, now=made.now, pepper=made.service.pepper)
        desk = made.service.desk
        desk.build(desk.slots.next(), actor="test")
        desk.send(1, actor="test")
        yield made


def finds_the_line(editor: Looking) -> None:
    editor.goto("/editor/issues/1")
    editor.opened.get_by_role("link", name="Corrections").click()
    editor.opened.locator("summary").nth(1).click()
    editor.opened.get_by_label("Entry price of Left").first.check()
    editor.opened.get_by_label("What is right").fill("Paid, from 9 dollars a month")
    editor.at("correct")


def sees_and_publishes(editor: Looking) -> None:
    editor.opened.get_by_role("button", name="See how it would look").click()
    for frame in editor.opened.locator("iframe").all():
        frame.content_frame.get_by_text(RIGHT).first.wait_for()
    editor.at("correct-seen")
    # By key: a click right after scrolling past frames is taken for one into a frame.
    editor.opened.get_by_role("button", name="Publish it").press("Enter")
    editor.opened.get_by_role("status").filter(has_text="It is published").wait_for()
    editor.at("corrected")


@on_sqlite
@pytest.mark.parametrize(("width", "scheme", "script"), SCREENS)
def test_a_wrong_line_is_corrected_and_those_who_read_it_are_told(here, width, scheme, script):
    with browsing(here, width, scheme, script=script) as editor:
        editor.signs_in(here)
        finds_the_line(editor)
        sees_and_publishes(editor)
        editor.press("Send it to 3 readers", "They are told")
        letters = Thread(target=here.service.mailroom.send_letters)
        letters.start()
        letters.join()
        editor.opened.reload()
        editor.opened.get_by_text("3 accepted").wait_for()
        for page in ("/archive/1", "/editor/issues/1/corrections"):
            editor.goto(page)
            editor.opened.get_by_text(RIGHT).first.wait_for()
            editor.at(page.rpartition("/")[2])

    assert len(here.letters(kind="correction-")) == 3
    assert editor.wrong == {}
