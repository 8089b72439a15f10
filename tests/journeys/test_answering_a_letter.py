"""What a reader does from the letter, in a browser on a phone: votes; and what scanners do."""

import html
import re
from collections.abc import Iterator
from email import message_from_bytes, policy

import httpx
import pytest
from playwright.sync_api import Page

from tests.journeys.browser import page
from tests.journeys.commands import SAMPLES, Operator

LABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, button')]
  .every(one => one.labels.length ? one.labels[0].innerText.trim() : one.innerText.trim())"""
FINGERS_FIT = """() => [...document.querySelectorAll('button, .button, select, .choice, input[type=date]')]
  .every(one => one.getBoundingClientRect().height >= 44)"""


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    operator = Operator(tmp_path_factory.mktemp("answers") / "data")
    operator.readers(2)
    operator.must("content", "import", str(SAMPLES))
    operator.must("schedule", "tick", "--now", "2099-11-23T09:00:00+00:00")
    return operator


@pytest.fixture(scope="module")
def site(operator: Operator) -> Iterator[str]:
    with operator.serving("--passive") as (url, _):
        yield url


def letter(operator: Operator, address: str) -> str:
    """Give the HTML of somebody's copy."""
    for file in sorted((operator.folder / "outbox").rglob("*.eml")):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = message.get_body(("html",))
        if message["To"] == address and body is not None:
            content: str = body.get_content()
            return content
    raise LookupError(address)


def links(operator: Operator, address: str, kind: str) -> list[str]:
    """Give the paths of the links of a kind, as somebody would follow them."""
    found = re.findall(rf'href="http://localhost(/{kind}/[^"]+)"', letter(operator, address))
    return [html.unescape(path) for path in found]


def held(operator: Operator, address: str) -> dict[str, object]:
    whole = operator.json("subscribers", "show", address)
    return {"state": whole["subscriber"]["state"], "votes": [v["choice"] for v in whole["votes"]]}


def looks_right(opened: Page, width: int) -> None:
    opened.wait_for_load_state("load")  # a heading can be there before the style is
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.evaluate("document.documentElement.lang") == "en"
    assert opened.locator("h1").count() == 1
    assert opened.evaluate(LABELLED)
    assert opened.evaluate(FINGERS_FIT)


def test_scanners_open_every_link_of_a_letter_and_nothing_happens(operator, site):
    reader = "reader2@example.org"
    paths = [
        path for kind in ("vote", "manage", "unsubscribe") for path in links(operator, reader, kind)
    ]
    assert len(paths) >= 4

    with httpx.Client(base_url=site) as robot, page(1000) as opened:
        for path in paths:
            assert robot.head(path).status_code == robot.get(path).status_code == 200
            opened.goto(site + path)
            opened.wait_for_load_state("networkidle")

    assert held(operator, reader) == {"state": "active", "votes": []}


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (320, "dark")])
def test_a_reader_votes_from_the_letter_and_changes_their_mind(operator, site, width, scheme):
    reader = "reader1@example.org"
    with page(width, scheme) as opened:
        opened.goto(site + next(path for path in links(operator, reader, "vote") if "?b=" in path))
        looks_right(opened, width)
        assert opened.locator("input:checked").get_attribute("value") == "b"
        opened.get_by_role("button", name=re.compile("my vote")).click()
        opened.get_by_role("heading", name="Recorded: you would ship").wait_for()
        looks_right(opened, width)

        opened.get_by_role("link", name="Change it").click()
        opened.get_by_label("Neither").check()
        opened.get_by_role("button", name="Change my vote").click()
        opened.get_by_role("heading", name="Recorded: you would ship neither").wait_for()

    assert held(operator, reader)["votes"] == ["neither"]
