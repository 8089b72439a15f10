"""Copies in doubt are decided by a button of a link in a notice: once, and by what the page has shown."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import delete, update
from sqlmodel import col
from structlog.testing import capture_logs

from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Delivery, Doubt
from newsletter.delivery.reconciling.rules import Reason
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.desk import Desk
from newsletter.instance.store import mark_as_copy
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers.tokens import Purpose
from tests.factories import MONDAY, add_subscribers, refitted, store_comparisons
from tests.newsletter.web.doors import token_for
from tests.snapshot import changed, snapshot

READERS = 4
LOST = Receipt(Outcome.UNKNOWN, code="no-answer")


class Silent(MemoryTransport):
    """A search that never answers."""

    exact = False
    longest = timedelta(0)

    def __init__(self, other: MemoryTransport) -> None:
        super().__init__()
        self.name = other.name

    def find(self, *_: object) -> None:
        return None

    def fence(self, *_: object) -> None:
        return None

    def job(self, *_: object) -> None:
        return None

    def jobs(self, *_: object) -> None:
        return None


class Editor:
    """Who has got a notice: the first issue went to four readers, and no answer came."""

    def __init__(self, service: Service, *, cancelled: bool = False) -> None:
        self.lost = True
        self.post = MemoryTransport(self._answer)
        self.now = MONDAY
        moving = service.as_of(lambda: self.now)
        desk = refitted(moving.desk, batch_size=2)
        sender = replace(desk.dispatch.sender, transport=self.post, timer=lambda: self.now)
        reconciler = replace(desk.dispatch.reconciler, transport=self.post, timer=lambda: self.now)
        self.service = replace(moving, desk=refitted(desk, sender=sender, reconciler=reconciler))
        self.client = TestClient(create_app(self.service))
        with service.database.writing() as session:
            store_comparisons(session, 1)
            add_subscribers(session, READERS)
        issue = self.desk.build(self.desk.slots.next(), actor="test").number
        self.desk.send(issue, actor="test")
        if cancelled:
            self.desk.change(issue, IssueEvent.CANCELLED, actor="test")
        self.desk.dispatch.deliver()  # the transport keeps no record, so nothing can be looked for
        self.lost = False

    def _answer(self, message: object) -> Receipt:
        to_reader = "editor" not in getattr(message, "to", "")
        return LOST if self.lost and to_reader else Receipt(Outcome.ACCEPTED, "an id")

    @property
    def desk(self) -> Desk:
        return self.service.desk

    def notices(self) -> list[str]:
        return [
            mailing.text.fill({}) for mailing, message in self.post.sent if "editor" in message.to
        ]

    def link(self) -> str:
        """The newest link in a notice, as a path."""
        found = re.findall(r"http://localhost(/decide/[\w-]{43})\n", "\n".join(self.notices()))
        path: str = found[-1]
        return path

    def looks(self) -> Response:
        return self.client.get(self.link())

    def presses(self, page: Response, verdict: str) -> Response:
        [seen] = re.findall(r'name="seen" value="(\w+)"', page.text)
        return self.client.post(self.link(), data={"seen": seen, "verdict": verdict})

    def states(self) -> dict[str, int]:
        lines = self.desk.dispatch.books(1).lines
        return {f"{state} {reason}": count for state, reason, count in lines}


@pytest.fixture
def editor(service: Service) -> Editor:
    return Editor(service)


def words(page: Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_the_notice_has_the_link_and_its_row_has_no_token(editor):
    [notice] = editor.notices()

    assert "Issue 1 has copies in doubt: 4 held" in notice
    assert editor.link().removeprefix("/decide/") not in str(snapshot(editor.service.database))
    assert "@@" not in notice


def test_the_page_shows_what_is_known_and_changes_nothing(editor):
    before = snapshot(editor.service.database)

    told = words(editor.looks())

    assert "Issue 1 has 4 copies in doubt" in told
    assert "keeps no record that could be asked" in told
    assert "4 people may get it twice. Send them again" in told
    assert "4 people go without, unless a copy has left after all. Leave it" in told
    assert "26 November 2026 at 09:00 (UTC): do not pass it on" in told
    assert changed(before, snapshot(editor.service.database)) == {}


def test_of_one_copy_it_speaks_in_the_singular(editor):
    with editor.service.database.writing() as session:
        session.execute(delete(Delivery).where(col(Delivery.subscriber_id) != 1))

    told = words(editor.looks())

    assert "Issue 1 has 1 copy in doubt It was handed over and the answer was lost" in told
    assert "One person may get it twice. Send it again" in told


def test_when_it_is_looked_for_next_is_told_with_the_zone_where_anything_can_be_seen(editor):
    nothing = words(editor.looks())
    with editor.service.database.writing() as session:
        session.execute(update(Doubt).values(note=Reason.NOT_SHOWN.value))

    assert "Next look" not in nothing
    assert "Next look at 10:00 (UTC)." in words(editor.looks())


def test_of_copies_that_have_provably_not_left_nobody_gets_two(editor):
    with editor.service.database.writing() as session:
        session.execute(update(Doubt).values(note=Reason.ABSENT.value))

    told = words(editor.looks())

    assert "Issue 1 has 4 copies that wait for your word" in told
    assert "They have not left, that is certain" in told
    assert "answer was lost" not in told
    assert "Nobody gets it twice: none of them has left. Send them again" in told
    assert "4 people go without. Leave it" in told


def test_what_is_in_doubt_and_what_certainly_did_not_leave_are_told_apart(editor):
    with editor.service.database.writing() as session:
        session.execute(update(Doubt).where(col(Doubt.batch) == 1).values(note=Reason.ABSENT.value))

    told = words(editor.looks())

    assert "Issue 1 has 4 copies in doubt Of 2 the answer was lost" in told
    assert "The other 2 have not left, that is certain. The issue was for 4 people." in told
    assert "2 people may get it twice. Send them again" in told


def test_lost_answers_of_which_the_same_is_known_are_one_line(editor):
    told = words(editor.looks())

    assert len(editor.desk.dispatch.doubts(1).calls) == 2
    assert "4 copies This way out" in told


def test_send_them_again_does_what_the_command_does(editor):
    answer = editor.presses(editor.looks(), "resend")
    editor.desk.dispatch.deliver()

    assert "sent again to 4 people" in words(answer)
    assert editor.states() == {"accepted None": 4}
    assert editor.desk.issue(1).state == IssueState.SETTLED


def test_leave_it_ends_the_matter(editor):
    answer = editor.presses(editor.looks(), "held")
    editor.desk.dispatch.deliver()

    assert "4 people go without issue 1" in words(answer)
    assert editor.states() == {"held decided": 4}
    assert editor.desk.dispatch.doubts(1).calls == ()


@pytest.mark.parametrize("second", ["resend", "held"])
@pytest.mark.parametrize("first", ["resend", "held"])
def test_pressed_twice_it_acts_once_and_says_so(editor, first, second):
    page = editor.looks()
    editor.presses(page, first)
    before = snapshot(editor.service.database)

    again = editor.presses(page, second)

    assert again.status_code == 200
    assert "Somebody has decided already" in words(again)
    assert "Somebody has decided already" in words(editor.looks())
    assert changed(before, snapshot(editor.service.database)) == {}


def test_of_several_who_press_at_the_same_moment_one_decides(editor):
    page, verdicts = editor.looks(), ["resend", "held"] * 3

    with ThreadPoolExecutor(len(verdicts)) as people:
        answers = list(people.map(lambda verdict: editor.presses(page, verdict), verdicts))

    assert {answer.status_code for answer in answers} == {200}
    assert sum("It is decided" in words(answer) for answer in answers) == 1
    assert editor.states() in ({"held decided": 4}, {"queued None": 4})


def test_a_page_that_shows_what_is_no_longer_so_decides_nothing_and_shows_what_is(editor):
    page = editor.looks()
    editor.presses(page, "resend")
    editor.lost = True
    editor.desk.dispatch.deliver()
    editor.desk.dispatch.deliver()

    stale = editor.presses(page, "resend")

    assert "things have changed" in words(stale)
    assert editor.states() == {"held no-evidence": 4}
    editor.lost = False
    editor.presses(stale, "held")
    assert editor.states() == {"held decided": 4}


def test_what_is_held_after_a_decision_is_told_again_and_what_is_not_is_told_once(editor):
    editor.desk.dispatch.deliver()
    assert len(editor.notices()) == 1

    editor.lost = True
    editor.presses(editor.looks(), "resend")
    editor.desk.dispatch.deliver()
    editor.desk.dispatch.deliver()

    assert len(editor.notices()) == 2


@pytest.mark.parametrize("form", [{}, {"verdict": "both"}, {"verdict": "", "seen": "x"}])
def test_a_form_without_a_verdict_does_nothing(editor, form):
    before = snapshot(editor.service.database)

    answer = editor.client.post(editor.link(), data=form)

    assert answer.status_code == 422
    assert changed(before, snapshot(editor.service.database)) == {}


@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "0" * 32}])
def test_a_verdict_about_what_nobody_has_seen_does_nothing(editor, seen):
    before = snapshot(editor.service.database)

    answer = editor.client.post(editor.link(), data={"verdict": "resend", **seen})

    assert "things have changed" in words(answer)
    assert changed(before, snapshot(editor.service.database)) == {}


def test_the_link_ends_after_three_days(editor):
    path, page = editor.link(), editor.looks()
    editor.now += timedelta(hours=71, minutes=59)
    assert editor.client.get(path).status_code == 200

    editor.now += timedelta(minutes=1)

    assert editor.client.get(path).status_code == 410
    assert editor.presses(page, "resend").status_code == 410
    assert editor.states() == {"held no-evidence": 4}


def test_of_an_issue_that_was_cancelled_nothing_is_sent_again(service):
    editor = Editor(service, cancelled=True)
    page = editor.looks()

    refused = editor.presses(page, "resend")

    assert "Send them again" not in words(page)
    assert "nothing of it is sent again" in words(refused)
    assert editor.states() == {"held no-evidence": 4}
    editor.presses(refused, "held")
    assert editor.states() == {"held decided": 4}


def test_where_nothing_may_leave_nothing_can_be_decided(editor):
    page = editor.looks()
    with editor.service.database.writing() as session:
        mark_as_copy(session, MONDAY)

    shown, pressed = editor.looks(), editor.presses(page, "resend")

    assert "<button" not in shown.text
    assert "Nothing can be decided here" in words(shown)
    assert pressed.status_code == 503
    assert editor.states() == {"held no-evidence": 4}


def test_the_log_names_who_decided_as_a_link_and_nothing_more(editor):
    page = editor.looks()

    with capture_logs() as logs:
        editor.presses(page, "held")

    [line] = [line for line in logs if line["event"] == "unknown_decided"]
    assert line["actor"] == "a link from a notice"


def test_a_link_about_an_issue_that_was_lost_with_its_database_opens_no_other_of_its_number(editor):
    of_another = editor.service.signer.sign(
        Purpose.DECIDE, "AnnaAnnaAnna", issue=1, expires=MONDAY + timedelta(hours=1)
    )

    assert editor.client.get(f"/decide/{of_another}").status_code == 404


def test_the_tokens_of_tests_are_those_of_notices(editor):
    path = f"/decide/{token_for(editor.service, Purpose.DECIDE, 'AnnaAnnaAnna')}"

    assert editor.client.get(path).status_code == 200


def test_while_the_search_is_silent_nothing_is_sent_again_before_it_is_said_twice(editor):
    """A transport that is asked and does not answer stands in for Postmark's search."""
    asked = Silent(editor.post)
    desk = editor.service.desk
    editor.service = replace(
        editor.service,
        desk=refitted(desk, reconciler=replace(desk.dispatch.reconciler, transport=asked)),
    )
    editor.client = TestClient(create_app(editor.service))

    refused = editor.presses(editor.looks(), "resend")

    assert refused.status_code == 503
    assert "its search gives no answer now" in words(refused)
    assert editor.states() == {"held no-evidence": READERS}
    [seen] = re.findall(r'name="seen" value="(\w+)"', refused.text)
    insisted = {"seen": seen, "verdict": "resend", "unseen": "yes"}
    assert editor.client.post(editor.link(), data=insisted).status_code == 200
    assert editor.states() == {"queued None": READERS}
