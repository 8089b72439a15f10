"""An issue while it leaves: what its pages show, and how a press of a button is obeyed."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, insert, select, update
from sqlmodel import col

from newsletter.delivery.message import Message, Outcome, Receipt
from newsletter.delivery.models import Batch, Delivery, Doubt
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.editors import sessions
from newsletter.editors.roles import Role
from newsletter.instance.store import mark_as_copy
from newsletter.issues.models import Issue, IssueChange
from newsletter.issues.policy import NOT_APPROVED
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers.models import Subscriber
from subscribers.wishes import Wishes, choose
from tests.factories import MONDAY, add_many_subscribers, refitted, store_comparisons
from tests.newsletter.editors.people import secret_for
from tests.newsletter.web.editing import noted, signed_in, statements, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PAGE = "/editor/issues/1"
LIVE = f"{PAGE}/live"
EVIL = "<script>alert(1)</script>"
READERS = 6
LOST = Receipt(Outcome.UNKNOWN, code="no-answer")
FULL = Receipt(
    Outcome.NOT_TAKEN, code="429", detail="Too Many Requests", wait=timedelta(seconds=30)
)


class Leaving:
    """Issue 1 has begun to leave to six readers, two in a batch; nothing of it has left."""

    def __init__(self, service: Service) -> None:
        self.now = MONDAY
        self.answer = lambda _message: Receipt(Outcome.ACCEPTED, "an id")
        self.post = MemoryTransport(self._answered)
        moving = service.as_of(lambda: self.now)
        desk = refitted(moving.desk, batch_size=2)
        sender = replace(desk.dispatch.sender, transport=self.post, timer=lambda: self.now)
        reconciler = replace(desk.dispatch.reconciler, transport=self.post, timer=lambda: self.now)
        self.service = replace(moving, desk=refitted(desk, sender=sender, reconciler=reconciler))
        self.desk = self.service.desk
        with service.database.writing() as session:
            store_comparisons(session, 1)
            add_many_subscribers(session, READERS)
        self.desk.build(self.desk.slots.next(), actor="test")
        self.desk.dispatch.start(1, actor="test")
        self.editor = signed_in(self.service, Role.EDITOR)

    def _answered(self, message: Message) -> Receipt:
        return self.answer(message)

    def sees(self, path: str = LIVE) -> str:
        return words(self.editor.get(path).text)

    def sends(self) -> None:
        self.desk.dispatch.deliver()

    def presses(self, move: str, **more: str) -> str:
        """Press the button of a page that asks; say where that leads."""
        page = self.editor.get(f"{PAGE}/{move}").text
        seen = re.findall(r'name="(seen|passing)" value="([^"]*)"', page)
        answer = self.editor.post(f"{PAGE}/{move}", data={**dict(seen), **more})
        assert answer.status_code == 303
        return str(answer.headers["location"]).removeprefix(PAGE)

    def pauses(self) -> str:
        return str(self.editor.post(f"{PAGE}/pause").headers["location"]).removeprefix(PAGE)

    @property
    def state(self) -> str:
        return self.desk.issue(1).state


@pytest.fixture
def leaving(service: Service) -> Leaving:
    return Leaving(service)


def test_the_page_counts_copies_by_state_and_says_how_fast_they_leave(leaving):
    before = leaving.sees()
    leaving.sends()
    with leaving.service.database.writing() as session:
        session.execute(update(Issue).values(state="sending"))
        session.execute(update(Batch).where(col(Batch.number) == 3).values(state="queued"))
        session.execute(
            update(Delivery).where(col(Delivery.batch) == 3).values(state="queued", settled_at=None)
        )
    leaving.now += timedelta(seconds=30)
    after = leaving.sees()

    assert "Issue 1 is leaving" in before
    assert "0 of 6 copies are done, at 0 letters a minute." in before
    assert "3 batches wait for their turn." in before
    assert (
        "4 of 6 copies are done, at 8 letters a minute; the rest takes less than a minute." in after
    )
    assert "Queued 2 Sent 4 Accepted 4 Rejected 0 Unknown 0 Held 0 Skipped 0" in after
    assert "As of 09:00:30." in after
    page = leaving.editor.get(LIVE).text
    assert '<noscript><meta http-equiv="refresh" content="5;' in page
    assert f'data-events="{PAGE}/events?seen=' in page


@pytest.mark.parametrize("state", ["settled", "cancelled"])
def test_of_copies_that_are_no_longer_kept_no_page_counts_any(leaving, state):
    leaving.sends()
    with leaving.service.database.writing() as session:
        session.execute(delete(Delivery))
        session.execute(update(Issue).values(state=state))

    live, issue, week = leaving.sees(), leaving.sees(PAGE), leaving.sees("/editor")

    assert "It was for 6 readers. Their copies are no longer kept" in live
    assert "6 eligible. Their copies are no longer kept" in issue
    assert "For 6 readers Copies no longer kept" in week
    for counted in ("of 6 copies are done", "Accepted 0", "0 accepted"):
        assert counted not in live + issue + week


def test_copies_that_are_lost_do_not_count_as_done(leaving):
    leaving.sends()
    with leaving.service.database.writing() as session:
        session.execute(delete(Delivery).where(col(Delivery.batch) == 3))

    assert "4 of 6 copies are done" in leaving.sees()


def test_waves_and_steps_of_the_ramp_are_told_apart_with_the_hour_where_their_readers_are(leaving):
    kathmandu, later = MONDAY.replace(hour=3, minute=15), MONDAY + timedelta(days=7, hours=5)
    with leaving.service.database.writing() as session:
        for number, at, stage in ((1, kathmandu, 1), (2, later, 0), (3, later, 0)):
            values = {"wave_at": at + timedelta(days=7) if number == 1 else at, "stage": stage}
            session.execute(update(Batch).where(col(Batch.number) == number).values(values))

    page = leaving.sees()

    assert "Mon 03:15, the seeds 09:00 at UTC+5:45 2 0 0 0 0 0" in page
    assert "Mon 14:00 09:00 at UTC−5 4 0 0 0 0 0" in page
    assert "The next wave leaves Monday 30 November 2026, 03:15 (UTC)." in page


def test_it_says_what_the_line_waits_for(leaving):
    leaving.answer = lambda _message: FULL
    leaving.sends()

    assert "Not taken, 429: Too Many Requests. It is tried again at 09:00:" in leaving.sees()


def test_a_guard_that_has_stopped_it_is_told_where_it_goes_on(leaving):
    reason = "code rejections: 12 of 100 copies were rejected; the limit is 10 %."
    leaving.desk.change(1, IssueEvent.PAUSED, actor="the sender", reason=reason)

    assert f"Nothing leaves: {reason}" in leaving.sees()
    assert "A guard has stopped it: what it saw passes" in leaving.sees(f"{PAGE}/resume")


def test_a_pause_is_obeyed_within_the_batch_in_flight(leaving):
    pressed: list[str] = []

    def answer(_message: object) -> Receipt:
        if not pressed:
            pressed.append(leaving.pauses())
        return Receipt(Outcome.ACCEPTED, "an id")

    leaving.answer = answer
    leaving.sends()

    assert pressed == ["/live?done=paused"]
    assert leaving.state == IssueState.HELD
    letters = [message for _, message in leaving.post.sent if message.to.startswith("reader")]
    assert len(letters) == 2  # the batch that was under way
    assert "Issue 1 is paused" in leaving.sees()
    assert noted(leaving.service) == [("issue-paused", "issue 1", "")]


def test_a_pause_pressed_twice_pauses_once(leaving):
    assert [leaving.pauses(), leaving.pauses()] == ["/live?done=paused"] * 2
    assert len(noted(leaving.service)) == 1


def test_what_is_paused_goes_on_after_it_was_asked_once(leaving):
    leaving.pauses()
    asked = leaving.sees(f"{PAGE}/resume")

    assert "6 people still wait for it" in asked
    assert leaving.presses("resume") == "/live?done=resumed"
    leaving.sends()
    assert leaving.state == IssueState.SETTLED
    assert noted(leaving.service)[-1] == ("issue-resumed", "issue 1", "")


def test_only_the_pause_that_was_shown_is_lifted(leaving):
    leaving.pauses()
    page = leaving.editor.get(f"{PAGE}/resume").text
    [seen] = re.findall(r'name="seen" value="(\w+)"', page)
    leaving.desk.resume(1, actor="otto")
    leaving.desk.change(1, IssueEvent.PAUSED, actor="otto", reason="wrong price")

    answer = leaving.editor.post(f"{PAGE}/resume", data={"seen": seen})

    assert answer.headers["location"] == f"{PAGE}/resume?problem=changed"
    assert leaving.state == IssueState.HELD
    assert "It stopped for this: wrong price." in leaving.sees(answer.headers["location"])


def test_what_preflight_blocks_does_not_go_on(leaving):
    leaving.pauses()
    with leaving.service.database.writing() as session:
        session.execute(update(Issue).values(content="{}"))

    assert leaving.presses("resume") == "/resume?problem=blocked"
    assert leaving.state == IssueState.HELD


def test_the_commands_that_a_problem_names_are_about_the_issue_of_the_page(leaving):
    leaving.pauses()

    assert "“newsletter issue rebuild 1”" in leaving.sees(f"{PAGE}/resume?problem=not-rebuilt")
    assert "“newsletter issue window 1”" in leaving.sees(f"{PAGE}/resume?problem=too-early")


def test_giving_it_up_says_for_how_many_that_comes_too_late(leaving):
    leaving.answer = lambda message: (
        LOST if "reader3@" in message.to else Receipt(Outcome.ACCEPTED, "an id")
    )
    leaving.sends()
    with leaving.service.database.writing() as session:
        session.execute(update(Batch).where(col(Batch.number) == 3).values(state="queued"))
        session.execute(
            update(Delivery).where(col(Delivery.batch) == 3).values(state="queued", settled_at=None)
        )
        session.execute(
            update(Delivery).where(col(Delivery.state) == "held").values(state="unknown")
        )

    asked = leaving.sees(f"{PAGE}/cancel")
    assert "3 people have got it already; nothing takes that back. One person may have it." in asked
    assert "2 people who wait for it never get it." in asked
    assert leaving.presses("cancel") == "/live?done=cancelled"
    assert leaving.state == IssueState.CANCELLED
    assert "Skipped 2" in leaving.sees()
    assert leaving.presses("cancel") == "/live?done=cancelled"
    assert noted(leaving.service) == [("issue-cancelled", "issue 1", "")]


def test_the_copies_of_a_wave_add_up_when_the_rest_is_given_up(leaving):
    with leaving.service.database.writing() as session:
        session.execute(update(Batch).values(wave_at=MONDAY + timedelta(days=7)))
    leaving.presses("cancel")
    shown = leaving.sees()

    assert "0 of 6 copies are done." in shown
    assert "Mon 09:00 09:00 at UTC+0 0 0 0 0 0 0 6" in shown


def test_giving_it_up_takes_a_fresh_sign_in(leaving):
    stale = TestClient(create_app(leaving.service), follow_redirects=False)
    begun = MONDAY - sessions.FRESH - timedelta(minutes=1)
    stale.cookies.set("editor", secret_for(leaving.service, Role.OWNER, now=begun))

    for move in ("cancel", "send"):
        kept_out = [stale.get(f"{PAGE}/{move}"), stale.post(f"{PAGE}/{move}")]
        assert {answer.status_code for answer in kept_out} == {303}
        assert all("/editor/sign-in" in answer.headers["location"] for answer in kept_out)
    assert leaving.state == IssueState.SENDING


@pytest.fixture
def approved(service: Service) -> Service:
    """Issue 1 is approved, and its hour is over."""
    with service.database.writing() as session:
        store_comparisons(session, 1)
        add_many_subscribers(session, 2)
    slot = service.desk.slots.next()
    service.desk.build(slot, actor="test")
    service.desk.approve(1, actor="test")
    return service.as_of(lambda: slot.latest + timedelta(hours=1))


def test_an_issue_that_has_not_begun_to_leave_can_be_given_up_and_then_nobody_gets_it(approved):
    editor = TestClient(create_app(approved), follow_redirects=False)
    editor.cookies.set("editor", secret_for(approved, Role.EDITOR, now=approved.clock()))
    asked = editor.get(f"{PAGE}/cancel").text
    [seen] = re.findall(r'name="seen" value="(\w+)"', asked)

    assert "Nobody has it yet, and nobody gets it" in words(asked)
    given_up = [editor.post(f"{PAGE}/cancel", data={"seen": seen}) for _ in range(2)]

    assert [answer.headers["location"] for answer in given_up] == [f"{PAGE}?done=cancelled"] * 2
    assert approved.desk.issue(1).state == IssueState.CANCELLED
    assert noted(approved) == [("issue-cancelled", "issue 1", "")]


def test_an_approved_issue_whose_hour_has_come_is_sent_by_hand(approved):
    editor = TestClient(create_app(approved), follow_redirects=False)
    editor.cookies.set("editor", secret_for(approved, Role.EDITOR, now=approved.clock()))
    asked = editor.get(f"{PAGE}/send").text
    [seen] = re.findall(r'name="seen" value="(\w+)"', asked)

    assert "It leaves to everybody at once, 2 people" in words(asked)
    sent = [editor.post(f"{PAGE}/send", data={"seen": seen}) for _ in range(2)]

    assert [answer.headers["location"] for answer in sent] == [f"{LIVE}?done=sent"] * 2
    issue = approved.desk.issue(1)
    assert issue.state == IssueState.SENDING
    assert noted(approved) == [("issue-sent", "issue 1", issue.content_hash[:12])]


def test_what_nobody_had_approved_in_time_is_released_and_sent_by_hand(service):
    with service.database.writing() as session:
        store_comparisons(session, 1)
        add_many_subscribers(session, 2)
    slot = service.desk.slots.next()
    service.desk.build(slot, actor="test")
    service.desk.change(1, IssueEvent.HELD, actor="schedule", reason=NOT_APPROVED)
    late = service.as_of(lambda: slot.latest + timedelta(minutes=1))
    editor = TestClient(create_app(late), follow_redirects=False)
    editor.cookies.set("editor", secret_for(late, Role.EDITOR, now=late.clock()))

    held = editor.get(PAGE).text
    editor.post(f"{PAGE}/release", data={"seen": seen_on(held)})
    released = editor.get(PAGE).text
    asked = editor.get(f"{PAGE}/send").text
    sent = editor.post(f"{PAGE}/send", data={"seen": seen_on(asked)})

    assert "release it, and send it by hand" in words(held)
    assert f'href="{PAGE}/send"' not in held
    assert "it leaves when somebody sends it by hand" in words(released)
    assert f'href="{PAGE}/send"' in released
    assert sent.headers["location"] == f"{LIVE}?done=sent"
    assert late.desk.issue(1).state == IssueState.SENDING


def test_what_nobody_wishes_for_is_not_sent_by_hand_and_says_so(approved):
    editor = TestClient(create_app(approved), follow_redirects=False)
    editor.cookies.set("editor", secret_for(approved, Role.EDITOR, now=approved.clock()))
    seen = seen_on(editor.get(f"{PAGE}/send").text)
    elsewhere = Wishes("followed", follows=frozenset({"a-tool-of-no-issue"}))
    with approved.database.writing() as session:
        for who in session.execute(select(col(Subscriber.public_id))).scalars().all():
            choose(session, who, elsewhere, now=approved.clock(), source="test")
    passing = ["wishes-unmet (audience)"]

    answer = editor.post(f"{PAGE}/send", data={"seen": seen, "passing": passing})

    assert answer.headers["location"] == f"{PAGE}/send?problem=nobody"
    assert "as wishes are now nobody would get it" in words(
        editor.get(f"{PAGE}/send?problem=nobody").text
    )
    assert approved.desk.issue(1).state == IssueState.APPROVED


def test_before_its_hour_nothing_is_sent_by_hand(service, approved):
    editor = signed_in(service, Role.EDITOR)

    answer = editor.post(f"{PAGE}/send", data={"seen": "x"})

    assert answer.headers["location"] == f"{PAGE}/send?problem=not-now"
    assert "That cannot be done with it" in words(editor.get(f"{PAGE}/send").text)
    assert service.desk.issue(1).state == IssueState.APPROVED


@pytest.fixture
def doubtful(leaving: Leaving) -> Leaving:
    """No answer came for anybody, and the provider keeps no record."""
    leaving.answer = lambda _message: LOST
    leaving.sends()
    leaving.sends()
    leaving.answer = lambda _message: Receipt(Outcome.ACCEPTED, "an id")
    return leaving


def seen_on(page: str) -> str:
    found: list[str] = re.findall(r'name="seen" value="(\w+)"', page)
    return found[0]


def test_what_is_in_doubt_is_told_beside_what_is_done_and_in_which_zone_times_are(doubtful):
    shown = doubtful.sees()

    assert "6 of 6 copies are done, 6 of them in doubt." in shown
    assert "6 copies are held until somebody decides" in shown
    assert "Times are those of UTC." in doubtful.editor.get(LIVE).text


def test_copies_in_doubt_are_shown_with_the_evidence_and_without_addresses(doubtful):
    page = doubtful.editor.get(f"{PAGE}/doubts").text
    told = words(page)

    assert "6 copies in doubt" in told
    assert "Held since Monday 23 November 2026, 09:00, of 3 calls." in told
    assert "This way out keeps no record that could be asked." in told
    assert "6 people may get it twice. Send them again" in told
    assert "6 copies are held until somebody decides" in doubtful.sees()
    with doubtful.service.database.reading() as session:
        attempts = session.execute(select(col(Doubt.attempt_id))).scalars().all()
    assert all(attempt in told for attempt in attempts)
    assert "@example.org" not in page


def test_what_is_still_looked_for_says_until_when(doubtful):
    with doubtful.service.database.writing() as session:
        session.execute(update(Doubt).values(state="open", note="asked too early", look_at=MONDAY))
        session.execute(update(Delivery).values(state="unknown"))

    told = doubtful.sees(f"{PAGE}/doubts")

    assert (
        "Unknown since Monday 23 November 2026, 09:00, of 3 calls. Still looked for: asked too early."
        in told
    )
    assert "If nothing is found by" in told


@pytest.mark.parametrize(
    ("verdict", "done", "state"), [("resend", "resend", "queued"), ("held", "left", "held")]
)
def test_a_decision_is_the_commands_and_is_noted(doubtful, verdict, done, state):
    seen = seen_on(doubtful.editor.get(f"{PAGE}/doubts").text)

    answer = doubtful.editor.post(f"{PAGE}/doubts", data={"seen": seen, "verdict": verdict})

    assert answer.headers["location"] == f"{LIVE}?done={done}"
    books = doubtful.desk.dispatch.books(1)
    assert [found.value for found, _, _ in books.lines] == [state]
    assert noted(doubtful.service) == [("copies-decided", "issue 1", verdict)]
    assert "Nothing is in doubt" in doubtful.sees(f"{PAGE}/doubts")


def test_a_decision_about_what_has_changed_since_does_nothing_and_says_so(doubtful):
    seen = seen_on(doubtful.editor.get(f"{PAGE}/doubts").text)
    with doubtful.service.database.writing() as session:
        session.execute(
            update(Delivery)
            .where(col(Delivery.batch) == 1)
            .values(state="accepted", attempt_id=None)
        )

    answer = doubtful.editor.post(f"{PAGE}/doubts", data={"seen": seen, "verdict": "held"})

    assert answer.status_code == 409
    assert "things have changed since the page was opened" in words(answer.text)
    assert "4 copies in doubt" in words(answer.text)
    assert noted(doubtful.service) == []


def test_from_a_copy_of_the_installation_nothing_is_decided_or_sent(doubtful):
    seen = seen_on(doubtful.editor.get(f"{PAGE}/doubts").text)
    with doubtful.service.database.writing() as session:
        mark_as_copy(session, now=MONDAY)

    answer = doubtful.editor.post(f"{PAGE}/doubts", data={"seen": seen, "verdict": "held"})

    assert answer.status_code == 503
    assert "Nothing leaves from this installation" in doubtful.sees()


def test_viewers_see_it_all_and_have_no_button(doubtful):
    viewer = signed_in(doubtful.service, Role.VIEWER)

    for path in (LIVE, f"{PAGE}/doubts"):
        page = viewer.get(path).text
        assert "Held" in page
        assert 'action="/editor/issues' not in page
        assert 'name="verdict"' not in page


def test_nobody_listens_to_an_issue_that_there_is_not(leaving):
    assert leaving.editor.get("/editor/issues/9/events").status_code == 404


def test_the_week_and_the_issue_lead_to_these_pages(doubtful):
    week, issue = (doubtful.editor.get(path).text for path in ("/editor", PAGE))

    assert f'href="{PAGE}/doubts"' in week
    assert f'href="{LIVE}"' in issue


def test_whatever_stands_in_rows_is_shown_as_text(leaving):
    leaving.pauses()
    with leaving.service.database.writing() as session:
        session.execute(update(Issue).values(subject=EVIL, note=EVIL))
        session.execute(update(Batch).values(note=EVIL))

    for path in (LIVE, f"{PAGE}/resume", f"{PAGE}/cancel"):
        page = leaving.editor.get(path).text
        assert EVIL not in page
        assert "alert(1)" in page


def test_what_a_page_asks_of_the_database_does_not_grow(doubtful):
    paths = [LIVE, f"{PAGE}/cancel", f"{PAGE}/doubts"]
    for path in paths:
        doubtful.editor.get(path)
    few = {path: statements(doubtful.service.database, doubtful.editor, path) for path in paths}
    with doubtful.service.database.writing() as session:
        readers = session.execute(select(col(Subscriber.id))).scalars().all()
        numbers = range(10, 310)
        session.execute(
            insert(Batch),
            [{"issue_number": 1, "number": n, "size": 1, "state": "unknown"} for n in numbers],
        )
        session.execute(
            insert(Doubt),
            [
                {"attempt_id": f"a{n}", "issue_number": 1, "batch": n, "stream": "broadcast",
                 "size": 1, "state": "open", "ended_at": MONDAY}
                for n in numbers
            ],
        )  # fmt: skip
        session.execute(
            insert(IssueChange),
            [{"issue_number": 1, "event": "paused", "from_state": "sending", "to_state": "held",
              "at": MONDAY, "actor": "test"}] * 200,
        )  # fmt: skip
        first = max(readers)
        session.execute(
            insert(Subscriber),
            [{"id": first + n, "public_id": f"made-up-{n:04d}", "state": "active",
              "created_at": MONDAY, "state_changed_at": MONDAY} for n in numbers],
        )  # fmt: skip
        session.execute(
            insert(Delivery),
            [{"issue_number": 1, "subscriber_id": first + n, "batch": n, "state": "unknown",
              "attempt_id": f"a{n}"} for n in numbers],
        )  # fmt: skip

    assert {
        path: statements(doubtful.service.database, doubtful.editor, path) for path in paths
    } == few
    assert all(count < 20 for count in few.values())
