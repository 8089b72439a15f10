"""The same rules over real HTTP, against the loopback Postmark and its search."""

from collections import Counter
from datetime import timedelta

import pytest

from newsletter.delivery.models import DeliveryState
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_streams import StreamSettings
from newsletter.issues.states import IssueState
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import TOKEN, LoopbackPostmark, running_postmark
from tests.factories import MONDAY
from tests.newsletter.delivery.reconciling.desks import desk_at, doubts, states, written_issue
from tests.newsletter.delivery.reconciling.provider import Watch

SENDER = "Test Letter <digest@example.org>"
READERS = 5
BATCH = "/email/batch"
SEARCH = "/messages/outbound"


@pytest.fixture(scope="module")
def loopback(tmp_path_factory):
    with running_postmark(tmp_path_factory.mktemp("postmark") / "log") as running:
        yield running


@pytest.fixture
def postmark(loopback: LoopbackPostmark) -> LoopbackPostmark:
    loopback.reset()
    return loopback


def connected(postmark: LoopbackPostmark, **chosen: object) -> PostmarkTransport:
    usual: dict[str, object] = {"handover": "batch", "sender": SENDER}
    return PostmarkTransport(TOKEN, api_url=postmark.url, **(usual | chosen))  # type: ignore[arg-type]


class Newsroom:
    """A desk in front of the loopback Postmark, with one time for both."""

    def __init__(self, database, postmark, **chosen):
        self.postmark, self.database, self.watch = postmark, database, Watch(MONDAY)
        self.transport = connected(postmark, **chosen)
        self.desk = desk_at(database, self.transport, self.watch)
        written_issue(self.desk, READERS)
        self.desk.dispatch.start(1, actor="test")

    def restart(self, **chosen):
        """Come back with other settings."""
        self.transport.close()
        self.transport = connected(self.postmark, **chosen)
        self.desk = desk_at(self.database, self.transport, self.watch)

    def let_pass(self, minutes, step=2):
        for _ in range(0, minutes, step):
            self.desk.dispatch.deliver()
            self.watch.advance(minutes=step)
            self.postmark.clock(advance=timedelta(minutes=step).total_seconds())
        self.desk.dispatch.deliver()

    def letters(self) -> Counter[str]:
        entries = self.postmark.accepted()
        return Counter(one["To"] for one in entries if one["To"].startswith("reader"))


@pytest.fixture
def newsroom(database, postmark):
    room = Newsroom(database, postmark)
    yield room
    room.transport.close()


def everybody_has_one(room: Newsroom) -> bool:
    return room.letters() == dict.fromkeys(
        (f"reader{number}@example.org" for number in range(1, READERS + 1)), 1
    )


def test_a_dropped_answer_is_settled_by_the_search(newsroom, database):
    newsroom.postmark.plan(Rule(BATCH, "drop-answer", nth=1))
    newsroom.desk.dispatch.deliver()
    assert newsroom.desk.dispatch.books(1).count(DeliveryState.UNKNOWN) == 3

    newsroom.desk.dispatch.deliver()

    assert states(database) == {("accepted", None): READERS}
    assert everybody_has_one(newsroom)
    assert newsroom.desk.issue(1).state == IssueState.SETTLED


def test_a_worker_that_died_after_its_letters_were_accepted_sends_to_nobody_twice(
    newsroom, database
):
    desk = newsroom.desk
    held = desk.dispatch.sender._claim(1)
    assert held is not None
    letterhead = desk.dispatch.sender.letterhead
    copies = [
        letterhead.message(1, held.issue_date, one, held.attempt_id) for one in held.recipients
    ]
    newsroom.transport.send(letterhead.mailing(desk.issue(1)), copies)  # and dies
    newsroom.watch.advance(minutes=11)

    newsroom.let_pass(4)

    assert states(database) == {("accepted", None): READERS}
    assert everybody_has_one(newsroom)


def test_a_call_that_never_arrived_is_made_again_behind_a_fence(newsroom, database):
    newsroom.postmark.plan(Rule(BATCH, "reset", nth=2))
    newsroom.desk.dispatch.deliver()

    newsroom.let_pass(12)
    assert sum(newsroom.letters().values()) == 3
    newsroom.let_pass(20)

    assert states(database) == {("accepted", None): READERS}
    assert everybody_has_one(newsroom)


def test_a_search_that_is_behind_is_waited_for(newsroom, database):
    newsroom.postmark.index(lag=600)
    newsroom.postmark.plan(Rule(BATCH, "drop-answer", nth=0))
    newsroom.desk.dispatch.deliver()
    newsroom.postmark.plan()

    newsroom.let_pass(8)
    assert newsroom.desk.dispatch.books(1).count(DeliveryState.UNKNOWN)
    newsroom.let_pass(30)

    assert states(database) == {("accepted", None): READERS}
    assert everybody_has_one(newsroom)


def test_a_search_that_is_down_settles_nothing(newsroom, database):
    newsroom.postmark.index(down=True)
    newsroom.postmark.plan(Rule(BATCH, "drop-answer", nth=0))
    newsroom.desk.dispatch.deliver()
    newsroom.postmark.plan()

    newsroom.let_pass(40, step=5)

    assert {state for state, _ in states(database)} == {"unknown"}
    assert everybody_has_one(newsroom)
    newsroom.postmark.index()
    newsroom.let_pass(30, step=5)
    assert states(database) == {("accepted", None): READERS}


def test_a_stream_that_was_renamed_in_the_settings_makes_nobody_get_it_twice(newsroom, database):
    newsroom.postmark.plan(Rule(BATCH, "drop-answer", nth=0))
    newsroom.desk.dispatch.deliver()
    newsroom.postmark.plan()

    newsroom.restart(streams=StreamSettings(broadcast="outbound"))
    newsroom.let_pass(40, step=5)

    assert everybody_has_one(newsroom)


@pytest.mark.parametrize("fault", ["reset", "drop-answer"])
def test_a_bulk_call_whose_answer_was_lost_leaves_once_whether_it_became_a_job_or_not(
    database, postmark, fault
):
    room = Newsroom(database, postmark, handover="bulk")
    postmark.bulk(seconds=25 * 60)
    postmark.plan(Rule("/email/bulk", fault, method="POST"))
    room.desk.dispatch.deliver()
    assert [doubt.job_id is not None for doubt in doubts(database)] == [False, True]

    room.let_pass(120)

    assert states(database) == {("accepted", None): READERS}
    assert everybody_has_one(room)
    room.transport.close()


def test_what_a_bulk_call_took_is_proved_by_the_search(database, postmark):
    room = Newsroom(database, postmark, handover="bulk")
    room.desk.dispatch.deliver()
    assert [doubt.job_id is not None for doubt in doubts(database)] == [True, True]

    room.let_pass(6)

    assert states(database) == {("accepted", None): READERS}
    assert everybody_has_one(room)
    room.transport.close()
