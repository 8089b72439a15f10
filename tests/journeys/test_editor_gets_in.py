"""An editor's first minutes, in a real browser: let in by a command, then a letter, then a passkey."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys.commands import Operator
from tests.journeys.looking import faults
from tests.journeys.world import links

INES = "ines@desk.example"
SCREENS: list[tuple[int, Literal["light", "dark"]]] = [(1000, "light"), (360, "dark")]
NO_FINGERS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A device that says yes to everything; Chromium brings it."""


@pytest.fixture(scope="module")
def operator(desk: Operator) -> Operator:
    desk.must("editors", "add", INES, "--role", "owner")
    return desk


def page_of(context: BrowserContext, device: dict[str, object]) -> Page:
    opened = context.new_page()
    line = context.new_cdp_session(opened)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return opened


def mailed_link(operator: Operator) -> str:
    operator.must("subscribers", "answer")
    newest = max((operator.folder / "outbox").rglob("*.eml"), key=lambda file: file.stat().st_mtime)
    letter = message_from_bytes(Path(newest).read_bytes(), policy=policy.default)
    assert letter["To"] == INES
    [link] = [link for link in links(letter) if "/editor/sign-in/" in link]
    return link


def ask_for_a_link(opened: Page) -> None:
    opened.get_by_label("Your e-mail address").fill(INES)
    opened.get_by_role("button", name="Mail me a link").click()
    opened.get_by_role("heading", name="Look into your mailbox").wait_for()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_let_in_by_a_command_then_by_a_letter_then_by_a_passkey(
    operator, site, browser, width, scheme
):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    opened = page_of(context, NO_FINGERS)
    opened.goto(f"{site}/editor")
    ask_for_a_link(opened)
    opened.goto(mailed_link(operator))
    opened.get_by_role("button", name="Sign in here").click()
    opened.get_by_role("heading", name="The next issue leaves in").wait_for()

    opened.get_by_role("link", name="You").click()
    opened.get_by_label("Name of the device").fill(f"{width} px")
    opened.get_by_role("button", name="Add a passkey").click()
    opened.get_by_text("The passkey is kept").wait_for()
    opened.get_by_role("button", name=f"Remove {width} px").wait_for()

    opened.get_by_role("button", name="Sign out").click()
    opened.get_by_role("heading", name="Sign in", exact=True).wait_for()
    opened.goto(f"{site}/editor/people")
    opened.get_by_role("button", name="Sign in with a passkey").click()
    opened.get_by_role("heading", name="People", exact=True).wait_for()

    opened.get_by_role("link", name="Log").click()
    opened.get_by_text("signed in by passkey").first.wait_for()
    opened.wait_for_load_state("load")
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_device_without_the_right_passkey_is_told_so_and_the_letter_is_left(site, browser):
    context = browser.new_context()
    opened = page_of(context, NO_FINGERS | {"isUserVerified": False})
    opened.goto(f"{site}/editor/sign-in")
    opened.get_by_role("button", name="Sign in with a passkey").click()
    opened.get_by_role("alert").filter(has_text="No passkey was shown").wait_for()

    assert opened.get_by_role("button", name="Mail me a link").is_enabled()
    context.close()


def test_without_script_a_letter_is_the_way_in(operator, site, browser):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(f"{site}/editor/people")
    assert not opened.get_by_role("button", name="Sign in with a passkey").is_visible()
    opened.goto(operator.must("editors", "link", INES).strip())
    opened.get_by_role("button", name="Sign in here").click()
    opened.get_by_role("link", name="People").click()
    opened.get_by_label("Their e-mail address").fill("otto@desk.example")
    opened.get_by_role("button", name="Let them in").click()
    opened.get_by_role("status").wait_for()

    opened.get_by_text("Change otto@desk.example").wait_for()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_every_page_of_the_editors_is_for_everybody(operator, site, browser, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    opened = page_of(context, NO_FINGERS)
    operator.must("editors", "add", f"{scheme}@desk.example", "--role", "viewer")
    link = operator.must("editors", "link", INES).strip()
    wrong = {}
    for path in ("/editor/sign-in", link.removeprefix(site), "/editor/sign-in/none"):
        opened.goto(site + path)
        wrong[path] = faults(opened)
    ask = opened.context.new_page()
    ask.goto(f"{site}/editor/sign-in")
    ask_for_a_link(ask)
    wrong["asked"] = faults(ask)
    opened.goto(link)
    opened.get_by_role("button", name="Sign in here").click()
    opened.get_by_role("heading", name="The next issue").wait_for()
    for path in ("/editor", "/editor/account", "/editor/people", "/editor/log", "/editor/sign-in"):
        opened.goto(site + path)
        for more in opened.get_by_text("Change", exact=False).all():
            if more.evaluate("one => one.tagName") == "SUMMARY":
                more.click()
        wrong[path] = faults(opened)
    opened.goto(link)
    wrong["over"] = faults(opened)
    context.close()

    assert {path: found for path, found in wrong.items() if found} == {}
