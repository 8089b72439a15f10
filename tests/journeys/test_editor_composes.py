"""An editor composes an issue in a real browser: with mouse and keys, and on a phone without script."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from newsletter.issues import frozen
from tests.journeys.test_editor_sees_monday import BASE, Looking, browsing, on_sqlite
from tests.journeys.world import World, stock, world

FRIDAY = datetime(2026, 11, 20, 14, tzinfo=UTC)
COMPOSE = "/editor/issues/1/compose"


@pytest.fixture
def here(database, tmp_path):
    with world(database, tmp_path, base_url=BASE) as made:
        made.now = FRIDAY
        stock(database)
        made.service.desk.build(made.service.desk.slots.next(), actor="test")
        yield made


def titles(here: World) -> list[str]:
    return [card.title for card in frozen.view(here.service.desk.issue(1)).cards]


def shows(opened: Page, expected: list[str]) -> None:
    """Wait until the page has the match-ups in this order, and the letter beside it, too."""
    numbered = [f"{place}. {title}" for place, title in enumerate(expected, start=1)]
    expect(opened.locator(".cards h3")).to_have_text(numbered)
    first = opened.frame_locator(".letter").get_by_text(expected[0]).first
    first.wait_for()
    opened.wait_for_load_state("load")  # a key that comes before the script is lost


@on_sqlite
def test_with_mouse_and_keys_the_letter_follows_and_all_of_it_is_taken_back(here):
    with browsing(here, 1300, "light", script=True) as editor:
        opened = at_the_page(editor, here)
        before = titles(here)
        first, second, third, *rest = before
        editor.at("compose")

        opened.locator("#cards").evaluate("heading => heading.scrollIntoView()")
        opened.locator(".handle").nth(2).drag_to(opened.locator(".cards > li").first)
        shows(opened, [third, first, second, *rest])
        opened.keyboard.press("Alt+ArrowDown")
        shows(opened, [first, third, second, *rest])
        opened.keyboard.press("Alt+ArrowDown")
        shows(opened, before)
        opened.get_by_label("Subject").fill("A subject of our own")
        opened.get_by_role("button", name="Save the words").click()
        opened.get_by_text("reworded the subject").wait_for()
        assert here.service.desk.issue(1).subject == "A subject of our own"
        editor.at("compose-changed")

        for _ in range(4):
            opened.get_by_role("button", name="Undo").click()
            opened.get_by_text("It was taken back").wait_for()
        expect(opened.get_by_role("button", name="Undo")).to_have_count(0)
        shows(opened, before)
    assert editor.wrong == {}


@on_sqlite
def test_on_a_phone_without_script_the_buttons_do_the_same(here):
    with browsing(here, 360, "dark", script=False) as editor:
        opened = at_the_page(editor, here)
        first, second, third, *rest = titles(here)
        editor.at("compose")

        opened.get_by_role("button", name=f"Move {second} up").click()
        shows(opened, [second, first, third, *rest])
        opened.get_by_role("button", name=f"Ban {third}", exact=True).click()
        opened.get_by_text(f"banned {third}").wait_for()
        assert third not in titles(here)
        opened.get_by_role("link", name=f"Words and quotes of {second}").click()
        editor.sees(second)
        opened.get_by_label("First sentence").fill("In one plain sentence: both.")
        opened.get_by_role("button", name="Save the sentences").click()
        opened.get_by_role("status").filter(has_text="changed the verdict").wait_for()
        editor.at("compose-card")
        opened.get_by_label("Second sentence").fill("One calls it “a miracle”.")
        opened.get_by_role("button", name="Save the sentences").click()
        opened.get_by_text("Not kept: “a miracle” is not in any review").wait_for()
        editor.at("compose-card-refused")
    assert editor.wrong == {}


def at_the_page(editor: Looking, here: World) -> Page:
    editor.signs_in(here)
    editor.goto("/editor/issues/1")
    editor.opened.get_by_role("link", name="Compose it").click()
    editor.sees("Compose issue 1")
    return editor.opened
