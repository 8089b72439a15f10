"""From a letter to the preferences, through the mailbox; on a phone and at a desk, with and without script."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from newsletter.notices.letters import LetterKind
from subscribers import queries
from subscribers.address import Address
from subscribers.models import Subscriber
from subscribers.states import State
from tests.journeys.browser import page, violations
from tests.journeys.every_letter import ISSUE, READER, an_issue
from tests.journeys.test_answering_a_letter import looks_right
from tests.journeys.world import World, paths, serving, world

Scheme = Literal["light", "dark"]
SCREENS: list[tuple[int, Scheme]] = [(360, "light"), (1000, "dark")]

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def here(database: Any, tmp_path: Any) -> Iterator[World]:
    with world(database, tmp_path / "data") as made:
        an_issue(made)
        yield made


def held(here: World, address: str = READER) -> Subscriber:
    with here.service.database.reading() as session:
        reader = queries.by_address(session, Address.parse(address))
    assert reader is not None
    return reader


def link(here: World, kind: str) -> str:
    """Give the link to the preferences in the reader's newest letter of a kind."""
    [path] = paths(here.letter(READER, kind), "manage/")
    return path


def through_the_mailbox(here: World, site: str, opened: Page) -> None:
    """Follow the letter's link, have a fresh one mailed, and open that."""
    opened.goto(site + link(here, ISSUE))
    opened.get_by_role("button", name="Mail me the link to my preferences").click()
    opened.get_by_role("heading", name="Look into your mailbox").wait_for()
    here.deliver()
    opened.goto(site + link(here, LetterKind.MANAGE))


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_reader_chooses_what_comes_and_when(here, width, scheme):
    with serving(here.service) as site, page(width, scheme) as opened:
        through_the_mailbox(here, site, opened)
        looks_right(opened, width)

        opened.get_by_label("Once a month").check()
        opened.get_by_label("Developer Tools").check()
        opened.get_by_role("button", name="Save what I get").click()
        opened.get_by_text(
            "Saved: you get Weekly Verdict once a month, on Developer Tools."
        ).wait_for()

        opened.get_by_label("Find a tool by its name").fill("lantern")
        opened.get_by_role("button", name="Find").click()
        opened.get_by_role("button", name="Follow Lanternfold").click()
        opened.get_by_text("Saved: you follow Lanternfold").wait_for()
        looks_right(opened, width)

        opened.get_by_label("Time zone").select_option("Asia/Kathmandu")
        opened.get_by_label("Language of dates").select_option("de")
        opened.get_by_role("button", name="Save where I am").click()
        opened.get_by_text("with dates in Deutsch").wait_for()

        opened.get_by_role("button", name="8 weeks").click()
        opened.get_by_text("Saved: no letter until").wait_for()
        looks_right(opened, width)
        assert held(here).state is State.PAUSED
        opened.get_by_role("button", name="Send me letters again").click()
        opened.get_by_text("Saved: letters come again.").wait_for()

    reader = held(here)
    assert (reader.state, reader.cadence, reader.topics) == (
        State.ACTIVE,
        "monthly",
        ["Developer Tools"],
    )
    assert (len(reader.follows), reader.timezone, reader.locale) == (1, "Asia/Kathmandu", "de")


def test_without_script_it_works_the_same(here):
    with serving(here.service) as site, page(360) as opened:
        browser = opened.context.browser
        assert browser is not None
        plain = browser.new_context(java_script_enabled=False).new_page()
        through_the_mailbox(here, site, plain)

        plain.get_by_label("Only when a tool I follow appears").check()
        plain.get_by_role("button", name="Save what I get").click()
        plain.get_by_text("Nothing was changed: follow a tool first").wait_for()
        assert plain.get_by_label("Only when a tool I follow appears").is_checked()

    assert held(here).cadence == "weekly"


@pytest.mark.parametrize(("script", "zone"), [(True, "America/Lima"), (False, None)])
def test_a_newcomer_is_where_their_browser_is_as_far_as_it_says(here, script, zone):
    newcomer = "ines@reader.example"
    with serving(here.service) as site, page(360) as opened:
        browser = opened.context.browser
        assert browser is not None
        theirs = browser.new_context(timezone_id="America/Lima", java_script_enabled=script)
        visit = theirs.new_page()
        visit.goto(site)
        here.now += timedelta(seconds=30)
        visit.get_by_label("Your e-mail address").fill(newcomer)
        visit.get_by_role("button", name="Subscribe").click()
        visit.get_by_role("heading", name="Look into your mailbox").wait_for()
        here.deliver()
        [confirm] = paths(here.letter(newcomer), "confirm/")
        visit.goto(site + confirm)
        visit.get_by_role("button", name="Yes, subscribe me").click()
        visit.get_by_role("heading", name="You are subscribed").wait_for()

    assert (held(here, newcomer).state, held(here, newcomer).timezone) == (State.ACTIVE, zone)


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_wrong(here, width, scheme):
    with serving(here.service) as site, page(width, scheme) as opened:
        opened.goto(site + link(here, ISSUE))
        assert violations(opened) == []
        through_the_mailbox(here, site, opened)
        opened.get_by_label("Find a tool by its name").fill("a")
        opened.get_by_role("button", name="Find").click()
        assert violations(opened) == []
        opened.get_by_label("Only when a tool I follow appears").check()
        opened.get_by_role("button", name="Save what I get").click()
        opened.get_by_role("alert").wait_for()
        assert violations(opened) == []
