"""From the form to the list, in a browser: on a phone and at a desk, in the light and in the dark."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal

import httpx
import pytest

from tests.journeys.browser import page
from tests.journeys.commands import Operator
from tests.journeys.test_answering_a_letter import looks_right

Scheme = Literal["light", "dark"]
SCREENS: list[tuple[int, Scheme]] = [(360, "light"), (1000, "dark")]


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return Operator(
        tmp_path_factory.mktemp("sign-up") / "data", CONFIRMATIONS_UNPROVEN="12", LOG_LEVEL="error"
    )


@pytest.fixture(scope="module")
def site(operator: Operator) -> Iterator[str]:
    with operator.serving("--passive") as (url, _):
        yield url


def letter(operator: Operator, address: str) -> EmailMessage | None:
    """Let those who asked be answered, and give somebody's newest letter."""
    operator.must("subscribers", "answer")
    files = sorted(
        (operator.folder / "outbox").rglob("*.eml"), key=lambda file: file.stat().st_mtime
    )
    parsed = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return next((one for one in reversed(parsed) if one["To"] == address), None)


def link(message: EmailMessage | None, kind: str) -> str:
    assert message is not None
    part = message.get_body(("plain",))
    assert part is not None
    found = re.search(rf"http://localhost(/{kind}/\S+)", part.get_content())
    assert found is not None
    return found[1]


def held(operator: Operator, address: str) -> dict[str, object]:
    subscriber: dict[str, object] = operator.json("subscribers", "show", address)["subscriber"]
    return subscriber


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_somebody_asks_confirms_and_is_subscribed(operator, site, width, scheme):
    reader = f"{scheme}@reader.example"
    with page(width, scheme) as opened:
        opened.goto(site)
        looks_right(opened, width)
        zone = opened.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
        opened.get_by_label("Your e-mail address").type(reader, delay=80)
        opened.get_by_role("button", name="Subscribe").click()
        opened.get_by_role("heading", name="Look into your mailbox").wait_for()
        looks_right(opened, width)

        message = letter(operator, reader)
        opened.goto(site + link(message, "confirm"))
        looks_right(opened, width)
        assert held(operator, reader)["state"] == "pending"
        opened.get_by_role("button", name="Yes, subscribe me").click()
        opened.get_by_role("heading", name="You are subscribed").wait_for()
        looks_right(opened, width)

    assert held(operator, reader)["state"] == "active"
    assert held(operator, reader)["timezone"] == zone


def test_without_script_it_works_the_same(operator, site):
    reader = "plain@reader.example"
    with page(360) as opened:
        browser = opened.context.browser
        assert browser is not None
        plain = browser.new_context(java_script_enabled=False).new_page()
        plain.goto(f"{site}/subscribe")
        plain.get_by_label("Your e-mail address").type(reader, delay=120)
        plain.get_by_role("button", name="Subscribe").click()
        plain.get_by_role("heading", name="Look into your mailbox").wait_for()

        plain.goto(site + link(letter(operator, reader), "never"))
        plain.get_by_role("button", name="Never write to me again").click()
        plain.get_by_role("heading", name="You will not hear from us again").wait_for()

    assert held(operator, reader)["state"] == "suppressed"


def test_the_form_to_copy_works_on_a_page_of_another_site(operator, site, tmp_path):
    reader = "foreign@reader.example"
    with page(1000) as opened:
        opened.goto(f"{site}/embed")
        html = opened.locator("pre").inner_text().replace("http://localhost", site)
        (tmp_path / "theirs.html").write_text(f"<!doctype html><title>Theirs</title>{html}")

        opened.goto((tmp_path / "theirs.html").as_uri())
        opened.get_by_label("Your e-mail address").fill(reader)
        opened.get_by_role("button", name="Subscribe").click()
        opened.get_by_role("heading", name="Look into your mailbox").wait_for()

    assert letter(operator, reader) is not None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 640])
def test_the_letter_fits_and_loads_nothing(operator, site, tmp_path, width, scheme):
    reader = f"{width}{scheme}@reader.example"
    httpx.post(f"{site}/subscribe", data={"email": reader})
    message = letter(operator, reader)
    assert message is not None
    body = message.get_body(("html",))
    assert body is not None
    (tmp_path / "letter.html").write_text(body.get_content(), encoding="utf-8")

    with page(width, scheme) as opened:
        opened.goto((tmp_path / "letter.html").as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        assert opened.evaluate("performance.getEntriesByType('resource').length") == 0
        assert opened.locator("h1").count() == 1


def test_in_a_storm_the_browser_computes_and_its_reader_gets_in(operator, site):
    for number in range(20):
        httpx.post(f"{site}/subscribe", data={"email": f"victim{number}@d{number}.example"})
    operator.must("subscribers", "answer")
    reader = "real@reader.example"

    with page(360) as opened:
        opened.goto(site)
        opened.get_by_label("Your e-mail address").type(reader, delay=80)
        opened.get_by_role("button", name="Subscribe").click()
        opened.get_by_role("heading", name="Look into your mailbox").wait_for()

    assert letter(operator, reader) is not None
    assert letter(operator, "victim0@d0.example") is None
