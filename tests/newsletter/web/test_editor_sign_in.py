"""Getting in, as a browser meets it: by a letter, by a passkey, and what nobody learns on the way."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import select

from newsletter.editors.models import EditorSession
from newsletter.editors.roles import Role
from newsletter.service import Service
from newsletter.web.app import create_app
from tests.journeys.world import BASE, World, paths, world
from tests.newsletter.editors.authenticator import Authenticator
from tests.newsletter.editors.people import INES, let_in, secret_for
from tests.newsletter.web.conftest import BOTH

pytestmark = BOTH

STRANGER = "nobody@desk.example"
NAME = "__Host-editor"
AGO = timedelta(minutes=11)


@pytest.fixture
def desk(database, tmp_path):
    with world(database, tmp_path) as made:
        with database.writing() as session:
            let_in(session, Role.OWNER, pepper=made.service.pepper, now=made.now)
        yield made


def browser_of(desk: World) -> TestClient:
    return TestClient(create_app(desk.service), base_url=BASE, follow_redirects=False)


@pytest.fixture
def browser(desk):
    return browser_of(desk)


def link(desk: World, browser: TestClient, back: str = "") -> str:
    """Ask for a letter, and give the path of its link."""
    desk.now += timedelta(seconds=1)
    form = {"email": INES, "back": back}
    assert browser.post("/editor/sign-in", data=form).status_code == 200
    desk.service.welcome()
    return paths(desk.letter(INES, "sign_in"), "editor/")[0]


def sign_in(desk: World, browser: TestClient) -> None:
    assert browser.post(link(desk, browser)).status_code == 303


def statements(service: Service, browser: TestClient, address: str) -> tuple[list[str], str]:
    """Post an address; give the statements that this took, and the answer."""
    seen: list[str] = []
    listen = ("before_cursor_execute", lambda *args: seen.append(args[2]))
    event.listen(service.database.engine, *listen)
    try:
        answer = browser.post("/editor/sign-in", data={"email": address})
    finally:
        event.remove(service.database.engine, *listen)
    return seen, f"{answer.status_code} {sorted(answer.headers.items())} {answer.text}"


def test_somebody_signs_in_by_a_letter(desk, browser):
    path = link(desk, browser)
    looked = browser.get(path)
    assert looked.status_code == 200
    assert browser.cookies.get(NAME) is None
    entered = browser.post(path)

    assert entered.headers["location"] == "/editor"
    assert "The next issue leaves in" in browser.get("/editor").text
    again = browser.post(path)
    assert again.status_code == browser.get(path).status_code == 410


def test_the_cookie_is_read_by_no_script_and_sent_to_nobody_else(desk, browser):
    entered = browser.post(link(desk, browser))
    [cookie] = entered.headers.get_list("set-cookie")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}

    assert cookie.startswith(f"{NAME}=nws_")
    assert parts == {"secure", "httponly", "samesite=lax", "path=/", "max-age=604800"}


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        ("http://localhost:8000", "editor"),
        ("http://127.0.0.1:8000", "editor"),
        ("http://news.example.com", None),
    ],
)
def test_over_plain_http_nobody_signs_in_but_on_this_machine(service, base_url, name):
    settings = service.settings.model_copy(update={"base_url": base_url})
    client = TestClient(create_app(replace(service, settings=settings)))
    answer = client.get("/editor/sign-in")

    assert answer.status_code == (200 if name else 503)
    if name is None:
        assert "NEWSLETTER_BASE_URL" in answer.text


def test_an_editor_and_a_stranger_get_the_same_answer_for_the_same_work(desk, browser):
    for address in (INES, STRANGER):  # whatever is done once only is done
        desk.now += timedelta(seconds=1)
        statements(desk.service, browser, address)
    desk.now += timedelta(seconds=1)

    editor = statements(desk.service, browser, INES)
    stranger = statements(desk.service, browser, STRANGER)

    assert editor == stranger
    assert len(editor[0]) > 3


def test_the_way_back_is_kept_through_the_letter_and_leads_nowhere_else(desk, browser):
    assert browser.get("/editor/log").headers["location"] == "/editor/sign-in?back=/editor/log"
    assert 'value="/editor/log"' in browser.get("/editor/sign-in?back=/editor/log").text

    kept = browser.post(link(desk, browser, "/editor/log")).headers["location"]
    others = {
        browser.post(link(desk, browser_of(desk), back)).headers["location"]
        for back in (
            "https://evil.example",
            "//evil.example/editor",
            "/editor/sign-in",
            "/editor\n",
        )
    }

    assert kept == "/editor/log"
    assert others == {"/editor"}


def test_signing_in_again_ends_the_session_before(desk, browser):
    sign_in(desk, browser)
    before = browser.cookies.get(NAME)
    sign_in(desk, browser)

    assert browser.cookies.get(NAME) != before
    with desk.service.database.reading() as session:
        ended = [row.ended_at is None for row in session.exec(select(EditorSession))]
    assert sorted(ended) == [False, True]


def test_who_signs_out_is_out(desk, browser):
    sign_in(desk, browser)
    kept = browser.cookies.get(NAME)
    browser.post("/editor/sign-out")
    assert browser.cookies.get(NAME) is None

    browser.cookies.set(NAME, kept, domain="news.example.com")
    assert browser.get("/editor").headers["location"] == "/editor/sign-in"


def test_a_cookie_of_another_name_is_nobodys(desk, browser):
    browser.cookies.set("editor", secret_for(desk.service, Role.OWNER), domain="news.example.com")

    assert browser.get("/editor").status_code == 303


def test_somebody_adds_a_passkey_and_signs_in_with_it(desk, browser):
    device, other = Authenticator(), browser_of(desk)
    sign_in(desk, browser)
    options = browser.get("/editor/account/challenge").text
    before = browser.cookies.get(NAME)
    added = browser.post(
        "/editor/account/passkeys",
        json={"credential": device.make(options), "label": "<b>phone</b>"},
    )
    assert added.json() == {"next": "/editor/account?done=registered"}
    assert browser.cookies.get(NAME) != before
    assert "&lt;b&gt;phone&lt;/b&gt;" in browser.get("/editor/account").text

    shown = device.show(other.get("/editor/passkeys/challenge").text)
    brought = {"credential": shown, "back": "/editor/people"}
    entered = other.post("/editor/passkeys/sign-in", json=brought)

    assert entered.json() == {"next": "/editor/people"}
    assert other.get("/editor/people").status_code == 200
    assert browser_of(desk).post("/editor/passkeys/sign-in", json=brought).status_code == 403


def test_a_passkey_is_added_and_removed_only_freshly(desk, browser):
    device = Authenticator()
    sign_in(desk, browser)
    made = device.make(browser.get("/editor/account/challenge").text)
    desk.now += AGO
    refused = browser.post("/editor/account/passkeys", json={"credential": made})

    assert refused.status_code == 401
    assert refused.json()["sign_in"] == "/editor/sign-in?back=/editor/account"
    page = browser.get("/editor/account").text
    assert "Sign in again" in page
    assert "Add a passkey" not in page


def test_a_challenge_names_nobody(desk, browser):
    options = json.loads(browser.get("/editor/passkeys/challenge").text)

    assert options["rpId"] == "news.example.com"
    assert options["userVerification"] == "required"
    assert options["allowCredentials"] == []


def test_from_one_network_so_many_passkeys_are_shown_and_no_more(desk, browser):
    answers = [
        browser.post("/editor/passkeys/sign-in", json={"credential": {}}).status_code
        for _ in range(61)
    ]

    assert answers == [403] * 60 + [429]


def test_scripts_are_ours_alone(desk, browser):
    policy = browser.get("/editor/sign-in").headers["content-security-policy"]

    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy
