"""An owner brings a list in, finds a reader, and takes the list back, in a real browser without script."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.journeys.commands import Operator
from tests.journeys.looking import faults

INES = "ines@desk.example"
SCREENS: list[tuple[int, Literal["light", "dark"]]] = [(1000, "light"), (360, "dark")]


@pytest.fixture(scope="module")
def operator(desk: Operator) -> Operator:
    desk.must("editors", "add", INES, "--role", "owner")
    desk.must("subscribers", "suppress", "gone@example.org", "--reason", "asked by phone")
    return desk


def list_of(count: int, folder: Path) -> Path:
    lines = [f"reader{n}@example.org,“Reader {n}” <b>,Malmö" for n in range(1, count + 1)]
    file = folder / "readers of the old site.csv"
    file.write_text("\n".join(("E-mail,Name,Town", *lines, "no address,x,y", "gone@example.org,,")))
    return file


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_list_comes_in_one_of_it_is_found_and_it_is_taken_back(  # noqa: PLR0915  # one story
    operator, site, browser, tmp_path, width, scheme
):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=False
    )
    opened: Page = context.new_page()
    # axe is a script: what a page looks like is seen in a second window, with the same cookie
    looking = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    wrong: dict[str, list[str]] = {}

    def look(name: str) -> None:
        looking.clear_cookies()
        looking.add_cookies(context.cookies())
        window = looking.new_page()
        window.goto(opened.url)
        for more in window.locator("summary").all():
            if not more.evaluate("one => one.parentElement.open"):
                more.click()
        wrong[name] = faults(window)
        window.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        window.close()

    opened.goto(operator.must("editors", "link", INES).strip())
    opened.get_by_role("button", name="Sign in here").click()
    opened.get_by_role("link", name="Readers", exact=True).click()
    opened.get_by_role("link", name="Import a list").click()
    look("empty")
    opened.get_by_label("File").set_input_files(list_of(400, tmp_path))
    opened.get_by_role("button", name="Upload").click()
    opened.get_by_role("heading", name="What is in the file").wait_for()
    look("columns")
    opened.get_by_label("Where and how these people agreed").fill("the old site’s form")
    opened.get_by_role("button", name="Try it out").click()
    opened.get_by_role("heading", name="What would happen").wait_for()
    look("rehearsed")
    opened.get_by_role("button", name="Import the list").click()
    opened.get_by_role("heading", name="The list is in").wait_for()
    look("done")

    number = width // 4  # another reader on the other screen: this one is suppressed by then
    opened.goto(f"{site}/editor/subscribers")
    look("readers")
    opened.get_by_label("Whole address, or id").fill(f"Reader{number}@example.org")
    opened.get_by_role("button", name="Look up").click()
    opened.get_by_role("heading", name="Reader ").wait_for()
    assert f"reader{number}" not in opened.url.lower() + opened.title().lower()
    opened.get_by_role("button", name="Show the whole address").click()
    opened.get_by_text(f"reader{number}@example.org").wait_for()
    opened.get_by_text("Suppress", exact=True).click()
    opened.get_by_label("Why, without an address").first.fill("asked by phone")
    opened.get_by_role("button", name="Suppress this reader").click()
    opened.get_by_text("No letter goes to this reader any more").wait_for()
    look("reader")
    opened.get_by_role("link", name="Erase this reader").click()
    look("erase")
    opened.goto(f"{site}/editor/subscribers/suppressions")
    look("suppressions")

    opened.goto(f"{site}/editor/subscribers/import")
    opened.get_by_text("Take it back").click()
    opened.get_by_role("button", name="Take the import back").click()
    opened.get_by_role("heading", name="The list is in").wait_for()
    assert operator.json("subscribers", "count")["active"] == 0
    opened.get_by_role("button", name="Import another list").click()
    opened.get_by_text("The file is deleted").wait_for()
    context.close()
    looking.close()

    assert {name: found for name, found in wrong.items() if found} == {}
