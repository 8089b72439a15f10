"""The week at a glance and an issue's page: what they show, and what a button does and refuses."""

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, update
from sqlmodel import col, select

from newsletter.ahead import Lead, draft_window
from newsletter.content.catalogue.store import save
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Delivery
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.editors.acts import Act
from newsletter.editors.models import ActRow
from newsletter.editors.roles import Role
from newsletter.issues import wordings
from newsletter.issues.models import Issue, IssueChange
from newsletter.issues.policy import NOT_APPROVED, Policy
from newsletter.issues.rewording import IssuePart, Words
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers.models import Subscriber
from tests.factories import (
    MONDAY,
    add_many_subscribers,
    add_subscribers,
    make_comparison,
    refitted,
    store_comparisons,
)
from tests.newsletter.editors.people import INES, secret_for
from tests.newsletter.web.editing import statements
from tests.newsletter.web.test_editor_people import words

OTTO = "otto@desk.example"

PAGE = "/editor/issues/1"
EVIL = "<script>alert(1)</script>"


class Form(HTMLParser):
    """Reads the hidden fields of the form that is sent to a path."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.found = self._inside = False
        self._action = action

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "form":
            self._inside = known.get("action") == self._action
            self.found |= self._inside
        elif tag == "input" and self._inside and known.get("type") == "hidden":
            self.fields.append((known["name"], known["value"]))

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "form"


def form_of(page: str, word: str) -> dict[str, list[str]] | None:
    """Give what a button of a page sends; None where there is no such button."""
    form = Form(f"{PAGE}/{word}")
    form.feed(page)
    if not form.found:
        return None
    return {name: [v for n, v in form.fields if n == name] for name, _ in form.fields}


def at_desk(service: Service, role: Role = Role.EDITOR, address: str = INES) -> TestClient:
    client = TestClient(create_app(service), follow_redirects=False)
    client.cookies.set("editor", secret_for(service, role, address))
    return client


def press(client: TestClient, word: str, shown: Any = None, **more: str) -> str:
    """Press a button as its page shows it, or as it once did; say where that leads."""
    sent = form_of(client.get(PAGE).text, word) if shown is None else shown
    answer = client.post(f"{PAGE}/{word}", data={**(sent or {}), **more})
    assert answer.status_code == 303
    return str(answer.headers["location"]).removeprefix(PAGE)


def did(service: Service) -> list[tuple[str, str]]:
    with service.database.reading() as session:
        rows = session.exec(select(ActRow).order_by(col(ActRow.id)))
        return [(row.act, row.subject) for row in rows if row.act.startswith("issue-")]


def as_of(service, now, policy=Policy.GOES):
    """Give the service at another time, by another policy."""
    later = service.as_of(lambda: now)
    return replace(later, desk=replace(later.desk, policy=policy))


@pytest.fixture
def draft(service):
    with service.database.writing() as session:
        store_comparisons(session, 1)
        add_subscribers(session, 2)
    return service.desk.build(service.desk.slots.next(), actor="schedule")


def test_the_week_tells_when_what_and_who(service, draft):
    with service.database.writing() as session:
        chosen = {"tailored": True, "topics": ["Audio", "Models"]}
        session.execute(
            update(Subscriber).where(col(Subscriber.email) == "reader1@example.org").values(chosen)
        )
    service.desk.look(draft)

    shown = words(at_desk(service).get("/editor").text)

    assert "The next issue leaves in 7 days and 0 hours" in shown
    assert "Monday 30 November 2026, 09:00 (UTC)." in shown
    assert f"“{draft.subject}”" in shown
    assert "It leaves by itself, unless somebody holds it." in shown
    assert "Preflight Nothing wrong, Monday 23 November 2026, 09:00" in shown
    assert "active 2" in shown
    assert "Everything 1 Audio 1 Models 1" in shown


@pytest.fixture
def further_east(service):
    """The issue leaves in waves: one of its three readers has nine o'clock nine hours before it is due."""
    moved = replace(service, desk=refitted(service.desk, local_time=True))
    with service.database.writing() as session:
        store_comparisons(session, 1)
        first, *_ = add_subscribers(session, 3)
        first.timezone = "Asia/Tokyo"
        session.add(first)
    moved.desk.build(moved.desk.slots.next(), actor="schedule")
    return moved


def test_the_week_counts_to_the_hour_of_the_first_reader(service, further_east):
    shown = words(at_desk(further_east).get("/editor").text)

    assert "The next issue leaves in 6 days and 15 hours" in shown
    assert (
        "Monday 30 November 2026, 00:00 (UTC). Its first readers have their hour then; its own is "
        "Monday 30 November 2026, 09:00."
    ) in shown


def test_while_the_first_readers_have_it_the_week_leads_to_how_far_it_is(service, further_east):
    opened = MONDAY + timedelta(days=7, hours=-9)
    now = as_of(further_east, opened + timedelta(minutes=1))
    now.desk.approve(1, actor="test")
    now.dispatch.start(1, actor="schedule", scheduled=True)

    page = at_desk(now).get("/editor").text

    shown = words(page)
    assert "Issue 1 is leaving It began Monday 30 November 2026, 00:01" in shown
    assert "would leave" not in shown
    assert f'class="button" href="{PAGE}/live"' in page


def test_without_a_draft_it_says_when_there_will_be_one(service):
    lead = Lead(draft_window(service.window, None))
    at = at_desk(replace(service, lead=lead))

    assert "It is made Friday 27 November 2026, 10:00" in words(at.get("/editor").text)


def test_the_last_issue_and_what_is_in_doubt_are_told(service, draft):
    lost = MemoryTransport(
        lambda message: Receipt(
            Outcome.UNKNOWN if "reader1" in message.to else Outcome.ACCEPTED, code="lost"
        )
    )
    sender = replace(service.dispatch.sender, transport=lost)
    refitted(service.desk, sender=sender).send(1, actor="test")
    at = at_desk(service)
    unknown = words(at.get("/editor").text)
    with service.database.writing() as session:
        session.execute(
            update(Delivery).where(col(Delivery.attempt_id).is_not(None)).values(state="held")
        )
    held = words(at.get("/editor").text)

    assert "Issue 1 : 1 unknown, evidence is being looked for" in unknown
    assert "For 2 readers" in unknown
    assert "accepted 1" in unknown
    assert "Issue 1 : 1 held until somebody decides" in held
    assert 'href="/editor/issues/1/doubts"' in at.get("/editor").text


def test_a_viewer_sees_it_all_and_has_no_button(service, draft):
    viewer = at_desk(service, Role.VIEWER)

    for path in ("/editor", PAGE):
        page = viewer.get(path).text
        assert draft.subject in page
        assert 'action="/editor/issues' not in page


def test_an_approval_is_for_the_bytes_that_were_shown_and_is_in_the_log(service, draft):
    editor = at_desk(service)

    assert press(editor, "approve") == "?done=approved"

    after = service.desk.issue(1)
    assert (after.state, after.approved_hash) == (IssueState.APPROVED, draft.content_hash)
    assert did(service) == [(Act.ISSUE_APPROVED, "issue 1")]
    page = words(editor.get(f"{PAGE}?done=approved").text)
    assert "exactly as it is" in page
    assert "approved by i…@desk.example" in page


def test_a_link_of_a_letter_shows_one_button_and_may_be_used_twice(service, draft):
    editor = at_desk(service)
    asked = editor.get(f"{PAGE}/approve").text
    shown = form_of(asked, "approve")

    places = [press(editor, "approve", shown) for _ in range(2)]

    assert form_of(asked, "hold") is None
    assert places == ["?done=approved"] * 2
    assert did(service) == [(Act.ISSUE_APPROVED, "issue 1")]
    assert "There is nothing to approve any more" in words(editor.get(f"{PAGE}/approve").text)


def test_of_two_editors_one_who_looked_at_an_older_version_approves_nothing(service, draft):
    ines, otto = at_desk(service), at_desk(service, address=OTTO)
    shown = form_of(ines.get(PAGE).text, "approve")
    with service.database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=MONDAY)
    service.desk.build(service.desk.slots.next(), actor="otto")

    assert press(ines, "approve", shown) == "?done=changed"
    assert service.desk.issue(1).state == IssueState.DRAFT
    assert did(service) == []
    assert "not what you looked at" in ines.get(f"{PAGE}?done=changed").text
    assert press(otto, "approve") == "?done=approved"


def test_a_hold_wins_over_an_approval_that_had_not_seen_it(service, draft):
    ines, otto = at_desk(service), at_desk(service, address=OTTO)
    shown = form_of(ines.get(PAGE).text, "approve")

    assert press(otto, "hold", reason="wrong\nprice") == "?done=held"
    assert press(ines, "approve", shown) == "?done=changed"
    assert service.desk.issue(1).note == "wrong price"


def test_a_hold_stops_what_was_approved_since(service, draft):
    ines, otto = at_desk(service), at_desk(service, address=OTTO)
    press(ines, "approve")

    assert press(otto, "hold", {}) == "?done=held"
    assert service.desk.issue(1).state == IssueState.HELD
    assert "The next issue would leave in" in words(ines.get("/editor").text)


def test_only_the_hold_that_was_seen_is_lifted(service, draft):
    ines, otto = at_desk(service), at_desk(service, address=OTTO)
    press(ines, "hold", reason="one thing")
    shown = form_of(ines.get(PAGE).text, "release")
    press(otto, "hold", {}, reason="another")

    assert press(ines, "release", shown) == "?done=changed"
    assert press(ines, "release") == "?done=released"
    assert service.desk.issue(1).state == IssueState.DRAFT


def test_what_holds_is_let_pass_only_by_whoever_was_shown_it(service, draft):
    with service.database.writing() as session:
        unfinished = Words("TODO: a subject")
        wordings.put_for_issue(
            session, 1, IssuePart.SUBJECT, unfinished, now=MONDAY, actor="editor"
        )
    service.desk.build(service.desk.slots.next(), actor="editor")
    editor = at_desk(service)

    assert press(editor, "approve") == "?done=found"
    page = words(editor.get(f"{PAGE}?done=found").text)
    assert "Waits for an editor’s word" in page
    assert "subject-unfinished" in page
    assert "Approve issue 1 all the same" in page
    assert press(editor, "approve") == "?done=approved"


def test_what_blocks_is_approved_by_nobody(service, draft):
    with service.database.writing() as session:
        session.get(Issue, 1).content = "{}"
    editor = at_desk(service)

    assert press(editor, "approve") == "?done=blocked"
    assert "Blocks issue-unreadable" in words(editor.get(f"{PAGE}/approve").text)


def test_preflight_looks_when_a_button_is_pressed_and_a_page_tells_what_it_saw_then(service, draft):
    editor = at_desk(service)
    before = words(editor.get(PAGE).text)

    assert press(editor, "check", {}) == "?done=checked#findings"

    after = words(editor.get(PAGE).text)
    with service.database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=MONDAY)
    service.desk.build(service.desk.slots.next(), actor="editor")
    assert "Nobody has looked yet" in before
    assert "Nothing: it may leave as it is" in after
    assert "The letter was changed since" in words(editor.get(PAGE).text)
    assert did(service) == [(Act.ISSUE_CHECKED, "issue 1")]


def test_an_approval_that_a_change_took_back_is_said_to_be_void(service, draft):
    editor = at_desk(service)
    press(editor, "approve")
    service.desk.build(service.desk.slots.next(), actor="editor")

    assert "The approval it had is void" in words(editor.get("/editor").text)


def test_what_nobody_approved_is_approved_after_its_hour_from_the_week(service, draft):
    slot = service.desk.slots.next()
    service.desk.change(1, IssueEvent.HELD, actor="schedule", reason=NOT_APPROVED)
    late = as_of(service, slot.instant + timedelta(hours=5), Policy.WAITS)
    too_late = as_of(service, slot.latest + timedelta(minutes=1), Policy.WAITS)
    shown = form_of(at_desk(late).get(PAGE).text, "approve")

    assert f'href="{PAGE}"' in at_desk(late).get("/editor").text
    assert form_of(at_desk(too_late).get(PAGE).text, "approve") is None
    assert press(at_desk(too_late), "approve", shown) == "?done=too-late"
    assert press(at_desk(late), "approve", shown) == "?done=approved"


@pytest.mark.parametrize(
    ("event", "words_left"),
    [(IssueEvent.CANCELLED, set()), (IssueEvent.MISSED, set()), (IssueEvent.HELD, {"release"})],
)
def test_there_are_buttons_for_what_can_be_done_and_no_others(service, draft, event, words_left):
    service.desk.change(1, event, actor="test")
    editor = at_desk(service)
    page = editor.get(PAGE).text

    assert {word for word in ("approve", "hold", "release") if form_of(page, word) is not None} == (
        words_left
    )
    for word in {"approve", "hold", "release"} - words_left - {"hold"}:
        assert press(editor, word, {"seen": "x"}) in ("?done=changed", "?done=not-now")


def test_an_issue_that_leaves_is_not_held_here(service, draft):
    service.desk.dispatch.start(1, actor="test")
    editor = at_desk(service)

    assert press(editor, "hold", {}) == "?done=not-now"
    assert service.desk.issue(1).state == IssueState.SENDING


def test_there_is_no_page_for_an_issue_that_is_not_there(service):
    editor = at_desk(service)

    for path in ("/editor/issues/7", "/editor/issues/7/approve"):
        assert editor.get(path).status_code == 404
    assert editor.post("/editor/issues/7/hold").status_code == 404


def test_whatever_stands_in_rows_is_shown_as_text(service, draft):
    with service.database.writing() as session:
        issue = session.get(Issue, 1)
        issue.subject, issue.note, issue.state = EVIL, EVIL, "held"
        session.add(
            IssueChange(
                issue_number=1, event=EVIL, from_state="draft", to_state="held", at=MONDAY,
                actor=EVIL, reason=EVIL,
            )
        )  # fmt: skip
        [reader] = add_subscribers(session, 1, now=MONDAY)
        reader.topics, reader.tailored = [EVIL], True
        session.add(reader)
    editor = at_desk(service)

    for path in ("/editor", PAGE):
        page = editor.get(path).text
        assert EVIL not in page
        assert "alert(1)" in page


def test_what_the_pages_ask_of_the_database_does_not_grow(service, draft):
    editor = at_desk(service)
    for path in ("/editor", PAGE):
        editor.get(path)  # what is asked once in a process is asked
    few = {path: statements(service.database, editor, path) for path in ("/editor", PAGE)}
    _fill(service)

    for path, before in few.items():
        seen = statements(service.database, editor, path)
        assert seen <= before + 1, path  # the books of a last issue, once there is one
        assert seen < 30


def _fill(service: Service) -> None:
    """Give it 300 more readers, 200 issues, and copies in doubt of each."""
    with service.database.writing() as session:
        session.execute(update(Subscriber).values(email=None, address_key=None, address_hash=None))
        add_many_subscribers(session, 300)
        states = ["settled", "held", "sending", "draft"]
        rows = [
            {"number": number, "schedule": "weekly", "nonce": "n", "created_at": MONDAY,
             "html": "", "text": "", "content": "{}", "passed_over": "[]",
             "local_date": (MONDAY - timedelta(weeks=number)).date(), "state": states[number % 4],
             "sending_at": MONDAY if number % 4 < 3 else None, "audience": 1}
            for number in range(2, 202)
        ]  # fmt: skip
        session.execute(insert(Issue), rows)
        reader = session.exec(select(Subscriber.id).limit(1)).one()
        copies = [
            {"issue_number": row["number"], "subscriber_id": reader, "batch": 1,
             "state": "unknown", "attempt_id": "a"}
            for row in rows
        ]  # fmt: skip
        session.execute(insert(Delivery), copies)
        changes = [
            {"issue_number": 1, "event": "built", "from_state": "draft", "to_state": "draft",
             "at": MONDAY, "actor": "test"}
        ] * 100  # fmt: skip
        session.execute(insert(IssueChange), changes)
