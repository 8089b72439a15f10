"""Monday before Monday in a real browser: the issue, its letter in every look, and what is different."""

from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.journeys.commands import SAMPLES, Operator
from tests.journeys.looking import faults

INES = "ines@desk.example"
ISSUE = "/editor/issues/1"
SCREENS: list[tuple[int, Literal["light", "dark"]]] = [(1000, "light"), (360, "dark")]


@pytest.fixture(scope="module")
def operator(desk: Operator) -> Operator:
    desk.must("content", "import", str(SAMPLES))
    desk.must("issue", "build")
    desk.readers(3)
    desk.must("editors", "add", INES, "--role", "editor")
    return desk


def at_the_desk(operator: Operator, opened: Page) -> None:
    opened.goto(operator.must("editors", "link", INES).strip())
    opened.get_by_role("button", name="Sign in here").click()
    opened.get_by_role("heading", name="The next issue leaves in").wait_for()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_the_letter_is_looked_at_without_script_and_nothing_sticks_out(
    operator, site, browser, width, scheme
):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=False
    )
    opened = context.new_page()
    at_the_desk(operator, opened)
    opened.get_by_role("link", name="Issues").click()
    opened.locator(".issues a").first.click()
    opened.get_by_role("link", name="Look at the letter").click()
    letter = opened.frame_locator("#frame")
    letter.get_by_text("At a glance").first.wait_for()

    for look, heading in (
        ("Dark", None),
        ("Forced dark", "Nothing breaks"),
        ("Like Word", "Nothing breaks"),
    ):
        opened.get_by_role("link", name=look, exact=True).click()
        opened.locator(f"[aria-current]:text-is('{look}')").wait_for()
        letter.get_by_text("At a glance").first.wait_for()
        if heading:
            opened.get_by_text(heading).wait_for()
    opened.get_by_role("link", name="Plain text").click()
    opened.get_by_text("At a glance: who the panel would ship").wait_for()
    opened.get_by_label("A reader, by exact address").fill("reader1@example.org")
    opened.get_by_role("button", name="Show theirs").click()
    opened.get_by_text("What reader1@example.org gets: the whole issue.").wait_for()
    assert "@" not in opened.url
    context.close()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_every_page_of_an_issue_is_for_everybody(operator, site, browser, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    opened = context.new_page()
    at_the_desk(operator, opened)
    opened.goto(f"{site}{ISSUE}")
    opened.get_by_role("button", name="look", exact=False).click()
    opened.get_by_role("status").wait_for()
    wrong = {}
    for path in (
        "/editor/issues",
        ISSUE,
        f"{ISSUE}/difference?since=approved",
        "/editor/mailboxes",
        *(f"{ISSUE}/preview?look={look}" for look in ("phone", "text", "source", "word")),
    ):
        opened.goto(site + path)
        wrong[path] = faults(opened)
    context.close()

    assert {path: found for path, found in wrong.items() if found} == {}


def test_nothing_in_the_frame_reaches_out(operator, site, browser):
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    opened = context.new_page()
    told: list[str] = []
    opened.on("console", lambda message: told.append(message.text))
    at_the_desk(operator, opened)
    opened.goto(f"{site}{ISSUE}/raw")

    # A document of no origin: it has no cookie to read, and runs nothing that is written into it.
    assert opened.evaluate("self.origin") == "null"
    opened.evaluate("document.body.innerHTML += '<img src=x onerror=\"document.title=1\">'")
    opened.wait_for_timeout(200)
    assert opened.title() != "1"
    context.close()
