"""The goodbye and its second thoughts in a browser: on a phone and at a desk, light and dark."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.journeys.browser import page
from tests.journeys.commands import SAMPLES, Operator
from tests.journeys.test_answering_a_letter import looks_right

Scheme = Literal["light", "dark"]
SCREENS: list[tuple[int, Scheme]] = [(360, "light"), (1000, "dark"), (320, "dark")]


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    operator = Operator(tmp_path_factory.mktemp("leaving") / "data")
    operator.readers(2 * len(SCREENS))
    operator.must("content", "import", str(SAMPLES))
    operator.must("schedule", "tick", "--now", "2099-11-23T09:00:00+00:00")
    return operator


@pytest.fixture(scope="module")
def site(operator: Operator) -> Iterator[str]:
    with operator.serving("--passive") as (url, _):
        yield url


def link(operator: Operator, address: str, kind: str) -> str:
    """Give a link of the newest letter to somebody that has one of a kind, as a path."""
    files = sorted(
        (operator.folder / "outbox").rglob("*.eml"), key=lambda file: file.stat().st_mtime
    )
    for file in reversed(files):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        found = re.search(rf"http://localhost(/{kind}/\S+)", body.get_content())
        if message["To"] == address and found:
            return found[1]
    raise LookupError(kind)


def state(operator: Operator, address: str) -> dict[str, object]:
    held: dict[str, object] = operator.json("subscribers", "show", address)["subscriber"]
    return held


def leaves(opened: Page, operator: Operator, site: str, address: str, width: int) -> None:
    opened.goto(site + link(operator, address, "unsubscribe"))
    looks_right(opened, width)
    opened.get_by_role("button", name="Unsubscribe").click()
    opened.get_by_role("heading", name="You are unsubscribed").wait_for()
    looks_right(opened, width)
    assert state(operator, address)["state"] == "unsubscribed"


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_somebody_leaves_and_wants_a_letter_a_month_instead(operator, site, width, scheme):
    reader = f"reader{1 + SCREENS.index((width, scheme))}@example.org"
    with page(width, scheme) as opened:
        leaves(opened, operator, site, reader, width)

        opened.get_by_role("button", name="One letter a month").click()
        opened.get_by_role("heading", name="You are subscribed again").wait_for()
        looks_right(opened, width)

    held = state(operator, reader)
    assert (held["state"], held["cadence"]) == ("active", "monthly")


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_the_letter_of_goodbye_leads_back(operator, site, tmp_path, width, scheme):
    reader = f"reader{1 + len(SCREENS) + SCREENS.index((width, scheme))}@example.org"
    with page(width, scheme) as opened:
        leaves(opened, operator, site, reader, width)
        operator.must("subscribers", "answer")

        opened.goto(site + link(operator, reader, "undo"))
        looks_right(opened, width)
        assert state(operator, reader)["state"] == "unsubscribed"
        opened.get_by_role("button", name="Undo, all as before").click()
        opened.get_by_role("heading", name="You are subscribed again").wait_for()
        looks_right(opened, width)

    assert state(operator, reader)["state"] == "active"
