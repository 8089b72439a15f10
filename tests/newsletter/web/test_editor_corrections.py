"""Corrections as pages: seen before they are published, and what becomes of each word about them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from newsletter.corrections.models import Correction
from newsletter.editors import sessions
from newsletter.editors.roles import Role
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.notices.rows import NoticeRow
from newsletter.web.app import create_app
from tests.newsletter.corrections.correcting import correct, entry_price, let_leave
from tests.newsletter.editors.people import secret_for
from tests.newsletter.web.editing import noted, signed_in, statements, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PAGE = "/editor/issues/1/corrections"
EVIL = "<script>alert(1)</script> {{ 7 * 7 }} @@x@@"


@pytest.fixture
def editor(service):
    let_leave(service)
    return signed_in(service, Role.EDITOR)


def free_of(service):
    """The name by which the form knows an entry price of the first match-up."""
    with service.database.reading() as session:
        first = frozen.view(session.get_one(Issue, 1)).match_ups[0]
    page = signed_in(service, Role.EDITOR).get(PAGE).text
    found = re.search(rf'value="({first.entry_id}-\d+)"> <span><span[^>]+>Entry price', page)
    assert found
    return found[1]


def fields(page, action):
    """What the form sends that has this action."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def published(service, editor, right="Paid"):
    shown = editor.get(PAGE, params={"line": free_of(service), "right": right}).text
    return editor.post(PAGE, data=fields(shown, PAGE)).headers["location"]


def test_what_will_be_seen_is_seen_first_and_looking_stores_nothing(service, editor):
    typed = {"line": free_of(service), "right": EVIL}
    page = editor.get(PAGE, params=typed)
    frames = [
        unescape(src) for src in re.findall(r'sandbox title="[^"]+" src="([^"]+)"', page.text)
    ]
    archive, letter = [editor.get(src) for src in frames]

    assert "frame-src 'self'" in page.headers["content-security-policy"]
    for one in (archive, letter):
        assert one.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert "<script>alert" not in one.text
        assert "alert(1)" in one.text
    assert "<script>alert" not in page.text
    with service.database.reading() as session:
        assert session.exec(select(Correction)).all() == []
    assert "Correction" not in editor.get("/archive/1").text


def test_published_it_stands_in_the_archive_the_feeds_and_the_json(service, editor):
    before = editor.get("/archive/1").headers["last-modified"]
    where = published(service, editor, EVIL)

    archive, atom = editor.get("/archive/1"), editor.get("/feed.xml").text
    assert where == f"{PAGE}/1?done=published"
    assert "It is published" in words(editor.get(where).text)
    told = "Correction, Monday 23 November 2026"
    assert archive.text.count(told) == 2
    for shown in (archive.text, atom, editor.get("/feed.json").text):
        assert told in shown
        assert "<script>alert" not in shown
    [json] = editor.get("/archive/1.json").json()["corrections"]
    assert (json["said"], json["right"], json["withdrawn"]) == ("Free", EVIL, False)
    assert archive.headers["last-modified"] >= before
    assert noted(service) == [("issue-corrected", "issue 1", "correction 1")]


def test_of_a_line_that_both_tools_have_the_chosen_one_is_corrected(service, editor):
    with service.database.reading() as session:
        right_tool = frozen.view(session.get_one(Issue, 1)).match_ups[0].tool_b.name
    line = re.findall(r'value="(\d+-\d+)"> <span><span[^>]+>Entry price', editor.get(PAGE).text)[1]

    shown = editor.get(PAGE, params={"line": line, "right": "Paid"}).text
    editor.post(PAGE, data=fields(shown, PAGE))

    with service.database.reading() as session:
        [made] = session.exec(select(Correction)).all()
    assert (made.part, made.tool, made.said) == ("entry", right_tool, "Free")


@pytest.mark.parametrize(
    ("line", "right", "told"),
    [
        ("", "Paid", "Choose the line that is wrong."),
        ("7-999", "Paid", "Choose the line that is wrong."),
        (None, "", "Say what is right"),
        (None, "x" * 501, "Say what is right"),
    ],
)
def test_what_cannot_be_published_is_said_and_kept(service, editor, line, right, told):
    typed = {"line": free_of(service) if line is None else line, "right": right}
    answer = editor.post(PAGE, data={"seen": "0", **typed})
    page = editor.get(answer.headers["location"]).text

    assert answer.status_code == 303
    assert told in words(page)
    assert f">{right}</textarea>" in page
    assert noted(service) == []


def test_two_editors_do_not_publish_over_each_other(service, editor):
    shown = editor.get(PAGE, params={"line": free_of(service), "right": "Paid"}).text
    published(service, editor, "Paid, from 9 dollars")

    answer = editor.post(PAGE, data=fields(shown, PAGE))

    assert "done=changed" in answer.headers["location"]
    assert len(noted(service)) == 1


def test_amended_and_withdrawn_both_are_seen_for_ever(service, editor):
    here = published(service, editor).partition("?")[0]
    preview = editor.get(here, params={"right": "Paid, from 9 dollars"}).text
    second = editor.post(f"{here}/amend", data=fields(preview, f"{here}/amend")).headers["location"]
    there = second.partition("?")[0]
    amended = editor.get("/archive/1").text
    again = editor.post(f"{here}/amend", data={"seen": "2", "right": "x"}).headers["location"]
    seen = fields(editor.get(there).text, f"{there}/withdraw")
    last = editor.post(f"{there}/withdraw", data={**seen, "why": "it is free again"})
    page = words(editor.get(last.headers["location"]).text)

    assert "Paid, from 9 dollars" in amended
    assert "First published Monday 23 November 2026" in amended
    assert "done=gone" in again
    assert "It is withdrawn, and the archive says so." in page
    assert "Right is" not in page
    withdrawn = editor.get("/archive/1").text
    assert "Correction withdrawn" in withdrawn
    assert "It stands after all: it is free again" in withdrawn
    for said in ("Paid by i***", "Paid, from 9 dollars by", "Withdrawn: it is free again by"):
        assert said.partition(" by")[0] in page
    assert [act for act, _, _ in noted(service)] == [
        "issue-corrected", "correction-amended", "correction-withdrawn",
    ]  # fmt: skip


def test_those_who_got_it_are_counted_asked_for_once_and_told(service, editor):
    here = published(service, editor).partition("?")[0]
    page = editor.get(here).text
    form = fields(page, f"{here}/tell")

    first = editor.post(f"{here}/tell", data=form).headers["location"]
    second = editor.post(f"{here}/tell", data=form).headers["location"]
    service.mailroom.send_letters()

    assert "Goes to 3 of 3 readers." in words(page)
    assert (first, second) == (f"{here}?done=told", f"{here}?done=nobody")
    assert "3 readers were told" in words(editor.get(here).text)
    assert "“Paid” 3 accepted" in words(editor.get(here).text)
    assert noted(service)[-1] == ("correction-told", "issue 1", "correction 1, 3 readers")
    with service.database.reading() as session:
        assert {row.state for row in session.exec(select(NoticeRow))} == {"accepted"}


def test_to_tell_them_takes_a_fresh_sign_in_and_the_number_that_was_shown(service, editor):
    here = published(service, editor).partition("?")[0]
    form = fields(editor.get(here).text, f"{here}/tell")
    stale = TestClient(create_app(service), follow_redirects=False)
    begun = service.clock() - sessions.FRESH - timedelta(minutes=1)
    stale.cookies.set("editor", secret_for(service, Role.EDITOR, now=begun))

    assert "Sign in again" in words(stale.get(here).text)
    assert f"{here}/tell" not in stale.get(here).text
    assert stale.post(f"{here}/tell", data=form).headers["location"].startswith("/editor/sign-in")
    for goes in ("2", "", "three", "9" * 5000):
        wrong = editor.post(f"{here}/tell", data=form | {"goes": goes})
        assert wrong.headers["location"] == f"{here}?done=changed"
    with service.database.reading() as session:
        assert session.exec(select(NoticeRow)).all() == []


def test_a_viewer_reads_it_and_has_no_form(service, editor):
    here = published(service, editor).partition("?")[0]
    viewer = signed_in(service, Role.VIEWER)

    for path in (PAGE, here):
        page = viewer.get(path).text
        assert "Right is: Paid" in page
        assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_there_is_nothing_under_another_issue_or_another_number(service, editor):
    published(service, editor)

    for path in (f"{PAGE}/2", "/editor/issues/2/corrections", "/editor/issues/2/corrections/1"):
        assert editor.get(path).status_code == 404
    for word in ("amend", "withdraw", "tell"):
        assert editor.post(f"{PAGE}/2/{word}").status_code == 404


def test_what_the_pages_ask_of_the_database_does_not_grow(service, editor):
    here = published(service, editor).partition("?")[0]
    few = [statements(service.database, editor, path) for path in (PAGE, here)]
    with service.database.writing() as session:
        issue = session.get_one(Issue, 1)
        for count in range(200):
            correct(session, entry_price(issue, right=f"Paid, {count} dollars"))

    assert [statements(service.database, editor, path) for path in (PAGE, here)] == few
    assert max(few) < 15
