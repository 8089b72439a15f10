"""A reader's account in a browser: moves to another address, takes their data away, is forgotten."""

import json
import os
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Page

from tests.journeys.browser import page
from tests.journeys.commands import Operator
from tests.journeys.test_answering_a_letter import looks_right

Scheme = Literal["light", "dark"]
SCREENS: list[tuple[int, Scheme]] = [(360, "light"), (1000, "dark")]
SHOTS = os.environ.get("NEWSLETTER_TEST_SHOTS")
"""A folder for pictures of every page, to be looked at."""


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    operator = Operator(tmp_path_factory.mktemp("account") / "data", LOG_LEVEL="error")
    operator.readers(4)
    return operator


@pytest.fixture(scope="module")
def site(operator: Operator) -> Iterator[str]:
    with operator.serving("--passive") as (url, _):
        yield url


def links(operator: Operator, address: str, kind: str) -> list[str]:
    """Let letters leave, and give the links of a kind in somebody's mailbox, the oldest first."""
    operator.must("subscribers", "answer")
    files = sorted((operator.folder / "outbox").rglob("*.eml"), key=os.path.getmtime)
    messages = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    parts = [one.get_body(("plain",)) for one in messages if one["To"] == address]
    text = "\n".join(part.get_content() for part in parts if part is not None)
    return re.findall(rf"http://localhost(/{kind}/\S+)", text)


def looked_at(opened: Page, width: int, name: str) -> None:
    looks_right(opened, width)
    if SHOTS:
        opened.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def opens_preferences(operator: Operator, site: str, opened: Page, address: str) -> None:
    """Go the reader's way: the link of a letter mails a fresh one, and that one opens the page."""
    httpx.post(f"{site}/subscribe", data={"email": address})
    opened.goto(site + links(operator, address, "manage")[-1])
    opened.get_by_role("button", name="Mail me the link").click()
    opened.get_by_role("heading", name="Look into your mailbox").wait_for()
    opened.goto(site + links(operator, address, "manage")[-1])
    opened.get_by_role("heading", name="Your preferences").wait_for()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_reader_moves_to_another_address(operator, site, width, scheme):
    number = SCREENS.index((width, scheme)) + 1
    old, new = f"reader{number}@example.org", f"reader{number}@elsewhere.example"
    with page(width, scheme) as opened:
        opens_preferences(operator, site, opened, old)
        looked_at(opened, width, "preferences")
        opened.get_by_label("New address").fill(new)
        opened.get_by_role("button", name="Ask both mailboxes").click()
        opened.get_by_role("heading", name="Look into both mailboxes").wait_for()
        looked_at(opened, width, "asked")
        opened.get_by_role("link", name="Back to your preferences").click()
        opened.get_by_text("You asked for letters to go to r…@elsewhere.example").wait_for()
        looked_at(opened, width, "preferences-moving")

        for mailbox, words in ((old, "Yes, move them"), (new, "Yes, send it here")):
            opened.goto(site + links(operator, mailbox, "address")[-1])
            looked_at(opened, width, f"question-{'old' if mailbox == old else 'new'}")
            opened.get_by_role("button", name=words).click()
            opened.get_by_role("heading", name=re.compile("Noted|Done")).wait_for()
            looked_at(opened, width, f"answered-{'old' if mailbox == old else 'new'}")
        assert operator.json("subscribers", "show", new)["subscriber"]["state"] == "active"


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_reader_looks_at_their_data_and_is_forgotten(operator, site, width, scheme):
    reader = f"reader{SCREENS.index((width, scheme)) + 3}@example.org"
    with page(width, scheme) as opened:
        opens_preferences(operator, site, opened, reader)
        opened.get_by_role("button", name="Mail me my data").click()
        opened.get_by_role("heading", name="Look into your mailbox").wait_for()
        looked_at(opened, width, "data-sent")
        opened.goto(site + links(operator, reader, "export")[-1])
        looked_at(opened, width, "export")
        with opened.expect_download() as waiting:
            opened.get_by_role("button", name="Download my data").click()
        file = json.loads(Path(waiting.value.path()).read_text())
        assert waiting.value.suggested_filename == "my-data.json"
        assert file["subscriber"]["email"] == reader

        opened.goto(site + links(operator, reader, "manage")[-1])
        opened.get_by_role("button", name="Mail me a link to erase it").click()
        opened.get_by_role("heading", name="Look into your mailbox").wait_for()
        opened.goto(site + links(operator, reader, "erase")[-1])
        looked_at(opened, width, "erase")
        opened.get_by_role("button", name="Erase everything").click()
        opened.get_by_role("heading", name="You are forgotten").wait_for()
        looked_at(opened, width, "erased")

    assert operator.run("subscribers", "show", reader).returncode == 1
