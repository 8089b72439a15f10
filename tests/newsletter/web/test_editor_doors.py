"""Every editors' page before everybody: who gets what is stated, and what is new is stated first."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient

from newsletter.editors import accounts, sessions
from newsletter.editors.acts import COMMAND
from newsletter.editors.roles import Role
from newsletter.service import Service
from newsletter.web.app import create_app
from newsletter.web.guard import is_editors
from subscribers.address import Address
from tests.factories import store_comparisons
from tests.newsletter.editors.people import INES, let_in, secret_for
from tests.newsletter.web.routes import doors
from tests.snapshot import changed, snapshot

SIGN_IN = "/editor/sign-in"


class Outcome(NamedTuple):
    """What comes of a bare request, an empty form; by who asks.

    A number is a status; a text is where a browser is sent on to. Nobody, somebody whose session was
    ended and somebody who was removed are one: they get what ``nobody`` says.
    """

    nobody: int | str
    viewer: int | str
    editor: int | str
    owner: int | str
    stale_owner: int | str


def same(outcome: int | str) -> Outcome:
    """Say that everybody gets the same."""
    return Outcome(*[outcome] * 5)


def to(page: str) -> str:
    """Name the page to sign in from which one comes back."""
    return f"{SIGN_IN}?back={page}"


YOU, PEOPLE, ISSUE = "/editor/account", "/editor/people", "/editor/issues/1"
CORRECTIONS = f"{ISSUE}/corrections"
COMPOSE = f"{ISSUE}/compose"
MAILBOXES, READERS = "/editor/mailboxes", "/editor/subscribers"
SUPPRESSED, IMPORT, READER = (
    f"{READERS}/suppressions",
    f"{READERS}/import",
    f"{READERS}/Nobody_here1",
)

OUTCOMES: Mapping[str, Outcome] = {
    "GET /editor": Outcome(SIGN_IN, 200, 200, 200, 200),
    "GET /editor/issues": Outcome(to("/editor/issues"), 200, 200, 200, 200),
    "GET /editor/issues/{number}/preview": Outcome(
        to("/editor/issues/1/preview"), 200, 200, 200, 200
    ),
    "POST /editor/issues/{number}/preview/reader": Outcome(
        401, 403, *[f"{ISSUE}/preview?missing=1"] * 3
    ),
    "GET /editor/issues/{number}/raw": Outcome(to("/editor/issues/1/raw"), 200, 200, 200, 200),
    "GET /editor/issues/{number}/difference": Outcome(
        to("/editor/issues/1/difference"), 200, 200, 200, 200
    ),
    "POST /editor/issues/{number}/test": Outcome(401, 403, *[f"{ISSUE}?done=none"] * 3),
    "GET /editor/mailboxes": Outcome(to(MAILBOXES), 200, 200, 200, 200),
    "POST /editor/mailboxes": Outcome(401, 403, 422, 422, to(MAILBOXES)),
    "POST /editor/mailboxes/{mailbox_id}/remove": Outcome(401, 403, 404, 404, to(MAILBOXES)),
    "GET /editor/issues/{number}/report": Outcome(
        to("/editor/issues/1/report"), 200, 200, 200, 200
    ),
    "GET /editor/growth": Outcome(to("/editor/growth"), 200, 200, 200, 200),
    "GET /editor/log": Outcome(to("/editor/log"), 200, 200, 200, 200),
    "GET /editor/issues/{number}": Outcome(to(ISSUE), 200, 200, 200, 200),
    "GET /editor/issues/{number}/live": Outcome(to(f"{ISSUE}/live"), 200, 200, 200, 200),
    "GET /editor/issues/{number}/events": Outcome(to(f"{ISSUE}/events"), 200, 200, 200, 200),
    "POST /editor/issues/{number}/pause": Outcome(401, 403, *[f"{ISSUE}/live?done=not-now"] * 3),
    "GET /editor/issues/{number}/resume": Outcome(to(f"{ISSUE}/resume"), 403, 200, 200, 200),
    "POST /editor/issues/{number}/resume": Outcome(
        401, 403, *[f"{ISSUE}/resume?problem=changed"] * 3
    ),
    "GET /editor/issues/{number}/cancel": Outcome(
        to(f"{ISSUE}/cancel"), 403, 200, 200, to(f"{ISSUE}/cancel")
    ),
    "POST /editor/issues/{number}/cancel": Outcome(
        401, 403, f"{ISSUE}/cancel?problem=changed", f"{ISSUE}/cancel?problem=changed", to(ISSUE)
    ),
    "GET /editor/issues/{number}/send": Outcome(
        to(f"{ISSUE}/send"), 403, 200, 200, to(f"{ISSUE}/send")
    ),
    "POST /editor/issues/{number}/send": Outcome(
        401, 403, f"{ISSUE}/send?problem=not-now", f"{ISSUE}/send?problem=not-now", to(ISSUE)
    ),
    "GET /editor/issues/{number}/doubts": Outcome(to(f"{ISSUE}/doubts"), 200, 200, 200, 200),
    "POST /editor/issues/{number}/doubts": Outcome(401, 403, 422, 422, 422),
    "GET /editor/issues/{number}/{word}": Outcome(to(f"{ISSUE}/hold"), 403, 200, 200, 200),
    "POST /editor/issues/{number}/approve": Outcome(401, 403, *[f"{ISSUE}?done=changed"] * 3),
    "POST /editor/issues/{number}/hold": Outcome(401, 403, *[f"{ISSUE}?done=held"] * 3),
    "POST /editor/issues/{number}/release": Outcome(401, 403, *[f"{ISSUE}?done=changed"] * 3),
    "POST /editor/issues/{number}/check": Outcome(
        401, 403, *[f"{ISSUE}?done=checked#findings"] * 3
    ),
    "GET /editor/issues/{number}/corrections": Outcome(to(CORRECTIONS), 200, 200, 200, 200),
    "POST /editor/issues/{number}/corrections": Outcome(
        401, 403, *[f"{CORRECTIONS}?line=&right=&amends=0&done=changed"] * 3
    ),
    "GET /editor/issues/{number}/corrections/shown": Outcome(
        to(f"{CORRECTIONS}/shown"), 404, 404, 404, 404
    ),
    "GET /editor/issues/{number}/corrections/{correction_id}": Outcome(
        to(f"{CORRECTIONS}/999"), 404, 404, 404, 404
    ),
    "POST /editor/issues/{number}/corrections/{correction_id}/amend": Outcome(
        401, 403, 404, 404, 404
    ),
    "POST /editor/issues/{number}/corrections/{correction_id}/withdraw": Outcome(
        401, 403, 404, 404, 404
    ),
    "POST /editor/issues/{number}/corrections/{correction_id}/tell": Outcome(
        401, 403, 404, 404, to(ISSUE)
    ),
    "GET /editor/issues/{number}/compose": Outcome(to(COMPOSE), 200, 200, 200, 200),
    "POST /editor/issues/{number}/compose/words": Outcome(401, 403, 409, 409, 409),
    "POST /editor/issues/{number}/compose/move": Outcome(401, 403, 409, 409, 409),
    "POST /editor/issues/{number}/compose/mark": Outcome(401, 403, 409, 409, 409),
    "POST /editor/issues/{number}/compose/replace": Outcome(401, 403, 409, 409, 409),
    "POST /editor/issues/{number}/compose/undo": Outcome(401, 403, 409, 409, 409),
    "POST /editor/issues/{number}/compose/build": Outcome(401, 403, 409, 409, 409),
    "GET /editor/issues/{number}/compose/{comparison_id}": Outcome(
        to(f"{COMPOSE}/999"), 403, 404, 404, 404
    ),
    "POST /editor/issues/{number}/compose/{comparison_id}/sentences": Outcome(
        401, 403, 409, 409, 409
    ),
    "POST /editor/issues/{number}/compose/{comparison_id}/quote": Outcome(401, 403, 409, 409, 409),
    "GET /editor/account": Outcome(to(YOU), 200, 200, 200, 200),
    "GET /editor/account/challenge": Outcome(
        to("/editor/account/challenge"), 200, 200, 200, to("/editor/account/challenge")
    ),
    "POST /editor/account/passkeys": Outcome(401, 422, 422, 422, to(YOU)),
    "POST /editor/account/passkeys/{passkey_id}/remove": Outcome(401, 404, 404, 404, to(YOU)),
    "POST /editor/account/sessions/end": Outcome(401, *[f"{YOU}?done=ended"] * 4),
    "POST /editor/account/sessions/{session_id}/end": Outcome(401, *[f"{YOU}?done=ended"] * 4),
    "GET /editor/people": Outcome(to(PEOPLE), 403, 403, 200, 200),
    "POST /editor/people": Outcome(401, 403, 403, 422, to(PEOPLE)),
    "POST /editor/people/{editor_id}/role": Outcome(401, 403, 403, 422, to(PEOPLE)),
    "POST /editor/people/{editor_id}/remove": Outcome(401, 403, 403, 409, to(PEOPLE)),
    "GET /editor/subscribers": Outcome(to(READERS), 200, 200, 200, 200),
    "POST /editor/subscribers/find": Outcome(401, *[f"{READERS}?found=nobody"] * 4),
    "POST /editor/subscribers/export": Outcome(401, 403, 403, 200, to(READERS)),
    "GET /editor/subscribers/suppressions": Outcome(to(SUPPRESSED), 200, 200, 200, 200),
    "POST /editor/subscribers/suppressions/find": Outcome(401, 422, 422, 422, 422),
    "POST /editor/subscribers/suppressions/add": Outcome(401, 403, 422, 422, 422),
    "POST /editor/subscribers/suppressions/release": Outcome(401, 403, 422, 422, 422),
    "GET /editor/subscribers/import": Outcome(to(IMPORT), 403, 403, 200, 200),
    "POST /editor/subscribers/import": Outcome(401, 403, 403, 422, 422),
    "POST /editor/subscribers/import/try": Outcome(401, 403, 403, *[f"{IMPORT}?done=changed"] * 2),
    "POST /editor/subscribers/import/go": Outcome(
        401, 403, 403, f"{IMPORT}?done=changed", to(READERS)
    ),
    "POST /editor/subscribers/import/discard": Outcome(
        401, 403, 403, *[f"{IMPORT}?done=changed"] * 2
    ),
    "POST /editor/subscribers/import/undo": Outcome(
        401, 403, 403, f"{IMPORT}?done=not-undone", to(READERS)
    ),
    "GET /editor/subscribers/{public_id}": Outcome(to(READER), 404, 404, 404, 404),
    "POST /editor/subscribers/{public_id}/address": Outcome(401, 403, 404, 404, 404),
    "POST /editor/subscribers/{public_id}/suppress": Outcome(
        401, 403, *[f"{READER}?done=reason"] * 3
    ),
    "POST /editor/subscribers/{public_id}/release": Outcome(
        401, 403, *[f"{READER}?done=reason"] * 3
    ),
    "POST /editor/subscribers/{public_id}/unsubscribe": Outcome(401, 403, 404, 404, 404),
    "POST /editor/subscribers/{public_id}/withdraw-links": Outcome(401, 403, 404, 404, 404),
    "GET /editor/subscribers/{public_id}/erase": Outcome(to(f"{READER}/erase"), 403, 403, 404, 404),
    "POST /editor/subscribers/{public_id}/erase": Outcome(
        401, 403, 403, f"{READER}?done=sure", to(READERS)
    ),
    "GET /editor/sign-in": same(200),
    "POST /editor/sign-in": same(422),
    "GET /editor/sign-in/{token}": same(404),
    "POST /editor/sign-in/{token}": same(404),
    "POST /editor/sign-out": same(SIGN_IN),
    "GET /editor/passkeys/challenge": same(200),
    "POST /editor/passkeys/sign-in": same(422),
}
"""What is not stated here fails."""

EDITORS_DOORS = [door for door in doors() if is_editors(door.template)]
GAPS = {
    "passkey_id": "999",
    "session_id": "999",
    "editor_id": "999",
    "mailbox_id": "999",
    "correction_id": "999",
    "comparison_id": "999",
    "word": "hold",
    "public_id": READER.rpartition("/")[2],
}

WHO: Mapping[str, tuple[str, Role | None]] = {
    "nobody": ("nobody", None),
    "viewer": ("viewer", Role.VIEWER),
    "editor": ("editor", Role.EDITOR),
    "owner": ("owner", Role.OWNER),
    "owner not fresh": ("stale_owner", Role.OWNER),
    "ended session": ("nobody", Role.OWNER),
    "disabled": ("nobody", Role.OWNER),
    "made up": ("nobody", None),
}


@pytest.fixture
def browser(service: Service, who: str) -> TestClient:
    """A browser as whoever asks has it, and issue 1 as a draft."""
    with service.database.writing() as session:
        store_comparisons(session, 1)
    service.desk.build(service.desk.slots.next(), actor="test")
    role, now = WHO[who][1], service.clock()
    client = TestClient(create_app(service), follow_redirects=False)
    if role is None:
        if who == "made up":
            client.cookies.set("editor", "nws_" + "x" * 43)
        return client
    begun = now - sessions.FRESH - timedelta(minutes=1) if who == "owner not fresh" else now
    secret = secret_for(service, role, now=begun)
    client.cookies.set("editor", secret)
    with service.database.writing() as session:
        if who == "ended session":
            sessions.end(session, secret, now=now)
        elif who == "disabled":
            editor = accounts.by_address(session, Address.parse(INES))
            accounts.remove(session, editor, actor=COMMAND, now=now)
            sessions.begin(session, editor, "link", now=now)
    return client


def test_every_editors_page_is_in_the_table():
    assert {f"{door.method} {door.template}" for door in EDITORS_DOORS} == set(OUTCOMES)


@pytest.mark.parametrize("who", WHO)
def test_everybody_gets_what_is_stated(service, browser, who):
    secret = browser.cookies.get("editor")
    found = {}
    for door in EDITORS_DOORS:
        # Somebody who signs out would be nobody afterwards: each door meets the browser as it was.
        if door.template == "/editor/sign-out":
            continue
        headers = {"sec-fetch-site": "same-origin"}
        answer = browser.request(door.method, door.filled(**GAPS), headers=headers)
        found[f"{door.method} {door.template}"] = answer.headers.get("location", answer.status_code)
        assert browser.cookies.get("editor") == secret
    out = browser.post("/editor/sign-out")
    found["POST /editor/sign-out"] = out.headers["location"]

    column = WHO[who][0]
    assert found == {name: getattr(outcome, column) for name, outcome in OUTCOMES.items()}


@pytest.mark.parametrize("who", ["owner"])
def test_looking_at_every_page_changes_nothing(service, browser, who):
    before = snapshot(service.database)
    for door in EDITORS_DOORS:
        if door.method == "GET":
            assert browser.get(door.filled(**GAPS)).status_code in (200, 404)
            assert browser.head(door.filled(**GAPS)).status_code in (200, 404)

    assert changed(before, snapshot(service.database)) == {}


POSTED_FROM = {
    "another site": {"sec-fetch-site": "cross-site"},
    "a neighbour": {"sec-fetch-site": "same-site"},
    "another origin": {"origin": "https://evil.example"},
    "an origin that is hidden": {"origin": "null"},
}


@pytest.mark.parametrize("who", ["owner"])
@pytest.mark.parametrize("place", POSTED_FROM)
def test_a_form_from_elsewhere_does_nothing_with_somebodys_cookie(service, browser, who, place):
    before = snapshot(service.database)
    answers = {
        browser.post(door.filled(**GAPS), headers=POSTED_FROM[place]).status_code
        for door in EDITORS_DOORS
        if door.method == "POST"
    }

    assert answers == {403}
    assert changed(before, snapshot(service.database)) == {}


@pytest.mark.parametrize("who", ["viewer"])
def test_scripts_are_answered_in_their_language(service, browser, who):
    json = {"accept": "application/json"}
    nobody = TestClient(create_app(service))
    with service.database.writing() as session:
        other = let_in(session, address="otto@desk.example", pepper=service.pepper)

    refused = browser.post(f"/editor/people/{other.id}/remove", headers=json)
    kept_out = nobody.get("/editor/account/challenge", headers=json)

    assert refused.status_code == 403
    assert "owners" in refused.json()["detail"]
    assert kept_out.status_code == 401
    assert kept_out.json()["sign_in"] == to(YOU)
