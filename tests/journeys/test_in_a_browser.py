"""The letter and the way out, as a reader meets them: on a desktop, on phones, in the dark."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.journeys.browser import page
from tests.journeys.commands import SAMPLES, Operator

SMALLEST_FONT = """() => Math.min(...[...document.querySelectorAll('body *')]
  .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
                 && one.getClientRects().length)
  .map(one => parseFloat(getComputedStyle(one).fontSize))
  .filter(size => size > 2))"""
LOADED = "() => performance.getEntriesByType('resource').map(one => one.name)"


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    operator = Operator(tmp_path_factory.mktemp("browser") / "data")
    operator.readers(2)
    operator.must("content", "import", str(SAMPLES))
    operator.must("schedule", "tick", "--now", "2099-11-23T09:00:00+00:00")
    return operator


@pytest.fixture(scope="module")
def letter(operator: Operator) -> str:
    file = min((operator.folder / "outbox").rglob("*.eml"))
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = message.get_body(("html",))
    assert body is not None
    html: str = body.get_content()
    return html


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_letter_fits_reads_and_loads_nothing(letter, tmp_path, scheme):
    file = tmp_path / "letter.html"
    file.write_text(letter, encoding="utf-8")

    with page(640, scheme) as opened:
        for width in (640, 360, 320):
            opened.set_viewport_size({"width": width, "height": 900})
            opened.goto(file.as_uri())

            assert opened.evaluate("document.documentElement.scrollWidth") <= width
            assert opened.evaluate(SMALLEST_FONT) >= 14, f"at a width of {width}"
            assert opened.evaluate(LOADED) == []
            assert opened.locator("h1").count() == 1
            assert opened.locator("h2").count() >= 8


def test_a_reader_opens_the_link_on_a_phone_and_leaves_with_one_button(operator):
    operator.readers(2)
    path = operator.json("subscribers", "show", "reader1@example.org")
    assert path["subscriber"]["state"] == "active"
    file = next(
        message
        for message in map(_parsed, (operator.folder / "outbox").rglob("*.eml"))
        if message["To"] == "reader1@example.org"
    )
    link = file["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")

    with operator.serving("--passive") as (url, _), page(360) as opened:
        opened.goto(url + link)
        assert opened.evaluate("document.documentElement.scrollWidth") <= 360
        opened.get_by_role("button", name="Unsubscribe").click()
        opened.get_by_role("heading", name="You are unsubscribed").wait_for()

    after = operator.json("subscribers", "show", "reader1@example.org")
    assert after["subscriber"]["state"] == "unsubscribed"


def test_the_public_pages_fit_and_lead_to_the_issue(operator):
    with operator.serving("--passive") as (url, _), page(1000) as opened:
        for width in (1000, 360):
            opened.set_viewport_size({"width": width, "height": 900})
            opened.goto(url)
            assert opened.evaluate("document.documentElement.scrollWidth") <= width
            opened.get_by_role("link", name="Read issue 1").click()
            opened.wait_for_url("**/archive/1")  # loaded as a whole
            assert opened.locator("h2").count() >= 8
            assert opened.evaluate("document.documentElement.scrollWidth") <= width


def _parsed(file: Path) -> EmailMessage:
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def test_on_a_phone_a_long_name_takes_no_room_from_the_other_tool(operator):
    halves = "pairs => pairs.map(one => [...one.children].map(half => half.clientWidth))"
    with operator.serving("--passive") as (url, _), page(360) as opened:
        opened.goto(url)
        widths = opened.locator(".pair").evaluate_all(halves)

    assert len(widths) >= 3
    assert all(a == b > 120 for a, b in widths)
