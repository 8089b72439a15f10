"""A letter on Friday, a page with one button, and the Monday that follows, in a real browser."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize

from newsletter.editors.roles import Role
from tests.factories import add_subscribers, store_comparisons
from tests.journeys.browser import chromium
from tests.journeys.looking import faults
from tests.journeys.world import World, links, serving, world
from tests.newsletter.editors.people import secret_for

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
Scheme = Literal["light", "dark"]
SCREENS: list[tuple[int, Scheme, bool]] = [(1000, "light", True), (360, "dark", False)]
BASE = "http://localhost"
SHOTS = os.environ.get("NEWSLETTER_TEST_SHOTS")
"""A folder for pictures of every page, to be looked at."""

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def here(database, tmp_path):
    chosen = {"base_url": BASE, "time_zone": "Europe/Berlin", "policy": "held-unless-approved"}
    with world(database, tmp_path, **chosen) as made:
        made.now = FRIDAY - timedelta(hours=1)
        with database.writing() as session:
            store_comparisons(session, 2, now=made.now)
            add_subscribers(session, 3, now=made.now, pepper=made.service.pepper)
        made.now = FRIDAY
        made.service.prepare()
        yield made


def page_links(here: World) -> dict[str, str]:
    """Give the paths of the newest notice, by what they are for."""
    found = [link.removeprefix(BASE) for link in links(here.letters(kind="notice-")[-1])]
    return {path.rpartition("/")[2]: path for path in found}


class Looking:
    """An editor's browser that looks at every page it comes to."""

    def __init__(self, opened: Page, site: str) -> None:
        self.opened, self.site = opened, site
        self.wrong: dict[str, list[str]] = {}

    def at(self, name: str) -> None:
        if found := faults(self.opened):
            self.wrong[name] = found
        if SHOTS:
            width = self.opened.evaluate("innerWidth")
            self.opened.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)

    def signs_in(self, here: World) -> None:
        secret = secret_for(here.service, Role.EDITOR, now=here.now)
        self.opened.context.add_cookies([{"name": "editor", "value": secret, "url": self.site}])

    def goto(self, path: str) -> None:
        self.opened.goto(self.site + path)

    def press(self, button: str, told: str) -> None:
        self.opened.get_by_role("button", name=button).click()
        self.opened.get_by_role("status").filter(has_text=told).wait_for()

    def sees(self, heading: str) -> None:
        self.opened.get_by_role("heading", name=heading).wait_for()


@contextmanager
def browsing(here: World, width: int, scheme: Scheme, *, script: bool) -> Iterator[Looking]:
    """Open a browser; without script it loads none of ours, so that axe still can look."""
    with serving(here.service) as url, chromium() as browser:
        screen: ViewportSize = {"width": width, "height": 900}
        context = browser.new_context(viewport=screen, color_scheme=scheme)
        if not script:
            context.route("**/*.js", lambda route: route.abort())
        yield Looking(context.new_page(), url.replace("127.0.0.1", "localhost"))
        context.close()


@on_sqlite
@pytest.mark.parametrize(("width", "scheme", "script"), SCREENS)
def test_the_link_of_a_letter_leads_to_a_button_and_monday_obeys(here, width, scheme, script):
    with browsing(here, width, scheme, script=script) as editor:
        editor.goto(page_links(here)["hold"])
        editor.sees("Sign in")
        editor.signs_in(here)
        editor.goto(page_links(here)["hold"])
        editor.at("hold")
        editor.opened.get_by_label("Why, if you like to say").fill("the numbers look odd")
        editor.press("Hold issue 1", "It is held")
        editor.at("issue-held")
        editor.press("Release issue 1", "It is released")
        editor.opened.get_by_role("link", name="This week").click()
        editor.sees("The next issue leaves in")
        editor.at("week")
        editor.press("Approve issue 1", "It is approved")
        editor.at("issue-approved")

        here.now = MONDAY
        monday = Thread(target=here.service.run_tick)  # a browser's thread has a loop of its own
        monday.start()
        monday.join()
        editor.signs_in(here)
        editor.goto("/editor")
        editor.sees("Last issue")
        editor.at("week-after")

    assert len(here.letters(kind="issue-")) == 3
    assert editor.wrong == {}
