"""People, sessions and the log, as pages: what is done there, and what the log says of it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from newsletter.editors import acts, sessions
from newsletter.editors.acts import COMMAND, Act
from newsletter.editors.models import ActRow, Editor
from newsletter.editors.roles import Role
from newsletter.service import Service
from newsletter.web.app import create_app
from newsletter.web.editor import log
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.editors.people import INES, secret_for

OTTO = "otto@desk.example"


def signed_in(service: Service, role: Role, address: str = INES) -> TestClient:
    client = TestClient(create_app(service), follow_redirects=False)
    client.cookies.set("editor", secret_for(service, role, address))
    return client


@pytest.fixture
def owner(service):
    return signed_in(service, Role.OWNER)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def editors(service: Service) -> dict[str, str | None]:
    with service.database.reading() as session:
        rows = session.exec(select(Editor)).all()
        return {row.email: None if row.disabled_at else row.role for row in rows}


def number_of(service: Service, address: str) -> int:
    with service.database.reading() as session:
        return session.exec(select(Editor).where(Editor.email == address)).one().number


def test_the_first_page_shows_the_books_of_the_last_issue(service, owner):
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 3)
    issue = service.desk.build(service.desk.slots.next(), actor="test")
    service.desk.send(issue.number, actor="test")

    shown = words(owner.get("/editor").text)
    assert "For 3 readers" in shown
    assert "accepted 3" in shown


def test_an_owner_lets_somebody_in_changes_their_role_and_shuts_them_out(service, owner):
    added = owner.post("/editor/people", data={"email": OTTO, "role": "viewer"})
    assert added.headers["location"] == "/editor/people?done=added"
    assert OTTO in owner.get("/editor/people").text
    otto = number_of(service, OTTO)

    answers = [
        owner.post(f"/editor/people/{otto}/role", data={"role": "editor"}).headers["location"]
        for _ in range(2)
    ]
    assert answers == ["/editor/people?done=changed", "/editor/people?done=same"]
    assert editors(service)[OTTO] == "editor"
    owner.post(f"/editor/people/{otto}/remove")
    assert editors(service)[OTTO] is None
    assert OTTO not in owner.get("/editor/people").text

    owner.post("/editor/people", data={"email": OTTO, "role": "owner"})
    assert editors(service) == {INES: "owner", OTTO: "owner"}
    assert number_of(service, OTTO) == otto
    assert service.mailroom.send_letters() == 0


def test_a_change_of_role_ends_what_somebody_is_signed_in_with(service, owner):
    otto = signed_in(service, Role.EDITOR, OTTO)
    assert otto.get("/editor").status_code == 200
    owner.post(f"/editor/people/{number_of(service, OTTO)}/role", data={"role": "owner"})

    assert otto.get("/editor").status_code == 303


@pytest.mark.parametrize("act", ["role", "remove"])
def test_nobody_changes_themself_so_that_an_owner_stays(service, owner, act):
    path = f"/editor/people/{number_of(service, INES)}/{act}"
    answer = owner.post(path, data={"role": "viewer"})

    assert answer.status_code == 409
    assert "Nobody changes their own role" in answer.text
    assert editors(service) == {INES: "owner"}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"email": "no address", "role": "viewer"}, 422),
        ({"email": OTTO, "role": "king"}, 422),
        ({"email": INES, "role": "viewer"}, 409),
    ],
)
def test_what_cannot_be_done_is_said_and_not_done(service, owner, form, status):
    answer = owner.post("/editor/people", data=form)

    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert editors(service) == {INES: "owner"}


def test_a_session_elsewhere_is_ended_from_here(service, owner):
    there = signed_in(service, Role.OWNER)
    page = owner.get("/editor/account").text
    [end] = re.findall(r"/editor/account/sessions/\d+/end", page)
    owner.post(end)

    assert there.get("/editor").status_code == 303
    assert owner.get("/editor").status_code == 200
    again = signed_in(service, Role.OWNER)
    owner.post("/editor/account/sessions/end")
    assert again.get("/editor").status_code == 303
    assert owner.get("/editor").status_code == 200


def test_nobody_ends_the_sessions_of_others_by_their_number(service, owner):
    otto = signed_in(service, Role.VIEWER, OTTO)
    for number in range(1, 5):
        otto.post(f"/editor/account/sessions/{number}/end")

    assert owner.get("/editor").status_code == 200


def test_the_log_tells_everybody_what_was_done_and_no_address(service, owner):
    owner.post("/editor/people", data={"email": OTTO, "role": "viewer"})
    viewer = signed_in(service, Role.VIEWER, "vera@desk.example")
    text = words(viewer.get("/editor/log").text)

    assert "i…@desk.example (owner) added o…@desk.example as viewer" in text
    assert "i…@desk.example (owner) signed in by link" in text
    assert "a command added i…@desk.example as owner" in text
    with service.database.reading() as session:
        rows = session.exec(select(ActRow)).all()
    assert "@" not in repr([row.model_dump() for row in rows])
    assert "nws_" not in repr([row.model_dump() for row in rows])


def test_what_is_odd_in_the_log_is_shown_as_text(service, owner):
    with service.database.writing() as session:
        row = ActRow(at=MONDAY, actor="<i>x</i>", act="of-a-newer-release", subject="<script>")
        session.add(row)

    page = owner.get("/editor/log").text
    assert "of-a-newer-release" in page
    assert "<script>" not in page.replace('<script src="/passkeys.js"', "")


def test_the_log_is_read_a_page_at_a_time_without_a_gap(service, owner):
    with service.database.writing() as session:
        for number in range(2 * log.ON_A_PAGE):
            acts.note(session, COMMAND, Act.LINK_MADE, f"editor {1000 + number}", now=MONDAY)
    path, seen = "/editor/log", []
    while path:
        page = owner.get(path).text
        seen += re.findall(r"editor (1\d{3})", words(page))
        path = next(iter(re.findall(r"/editor/log\?before=\d+", page)), "")

    assert seen == [str(1000 + number) for number in reversed(range(2 * log.ON_A_PAGE))]


def test_every_act_has_its_words():
    assert set(log.WORDS) == set(Act)


def test_to_change_people_takes_a_fresh_sign_in_and_the_page_says_so(service):
    client = TestClient(create_app(service), follow_redirects=False)
    ago = service.clock() - sessions.FRESH - timedelta(minutes=1)
    client.cookies.set("editor", secret_for(service, Role.OWNER, now=ago))
    page = client.get("/editor/people").text

    assert "Sign in again" in page
    assert "Let them in" not in page
