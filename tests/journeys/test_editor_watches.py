"""An issue leaves while an editor looks on: they pause it at a desk, and decide on a phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Semaphore, Thread

import pytest

from newsletter.database import Database
from newsletter.delivery.message import Message, Outcome, Receipt
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueState
from tests.factories import add_subscribers, refitted, store_comparisons
from tests.journeys.test_editor_sees_monday import BASE, Looking, browsing
from tests.journeys.world import World, world

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LIVE = "/editor/issues/1/live"
READERS, BATCH = 60, 20


class Post:
    """A way out that sends a batch when it is told to, and whose answers can be lost."""

    def __init__(self) -> None:
        self.outbox = MemoryTransport(self._answer)
        self.is_lost = False
        self._next, self._done = Semaphore(0), Semaphore(0)

    @contextmanager
    def sending(self, here: World) -> Iterator[None]:
        """Send one batch, and go on only when the block is over."""
        thread = Thread(target=here.service.dispatch.deliver, args=(self._batch_left,))
        thread.start()
        self._done.acquire()
        yield
        self._next.release()
        thread.join()

    def _answer(self, message: Message) -> Receipt:
        if self.is_lost:
            return Receipt(Outcome.UNKNOWN, code="no-answer")
        return Receipt(Outcome.ACCEPTED, provider_id=message.delivery_id)

    def _batch_left(self, _recipients: int) -> None:
        self._done.release()
        self._next.acquire()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def here(database: Database, tmp_path: Path, post: Post) -> Iterator[World]:
    """Issue 1 leaves in two waves, the first one now; a third of its readers is in each batch."""
    chosen = {"base_url": BASE, "time_zone": "Europe/Berlin", "batch_size": str(BATCH)}
    with world(database, tmp_path, **chosen) as made:
        with database.writing() as session:
            store_comparisons(session, 2, now=made.now)
            readers = add_subscribers(session, READERS, now=made.now, pepper=made.service.pepper)
            for reader in readers[2 * BATCH :]:
                reader.timezone = "America/New_York"
                session.add(reader)
        made.outbox = post.outbox
        service = made.service
        sender = replace(service.dispatch.sender, transport=post.outbox)
        reconciler = replace(service.dispatch.reconciler, transport=post.outbox)
        desk = refitted(service.desk, sender=sender, reconciler=reconciler)
        made.service = replace(service, desk=desk)
        slot = desk.slots.next()
        desk.build(slot, actor="test")
        made.now = slot.instant
        desk.approve(1, actor="test")
        desk.dispatch.start(1, actor="schedule", scheduled=True)
        yield made


def deliver(here: World) -> None:
    thread = Thread(target=here.service.dispatch.deliver)  # a browser's has a loop of its own
    thread.start()
    thread.join()


def watches_and_stops(here: World, post: Post) -> Looking:
    with browsing(here, 1000, "light", script=True) as desk:
        desk.signs_in(here)
        desk.goto(LIVE)
        desk.sees("Issue 1 is leaving")
        with post.sending(here):
            desk.opened.get_by_text("20 of 60 copies are done").wait_for()
            desk.at("live-leaving")
            desk.press("Pause issue 1", "It is paused")
        desk.at("live-paused")
        assert len(here.letters(kind="issue-")) == BATCH
        desk.opened.get_by_role("link", name="Go on with it").click()
        desk.at("live-resume")
        desk.opened.get_by_role("button", name="Go on with issue 1").click()
        desk.sees("Issue 1 is leaving")
        post.is_lost = True
        deliver(here)
        deliver(here)  # which has looked for evidence, where there is none
        desk.opened.get_by_text("40 of 60 copies are done").wait_for()
        desk.at("live-doubt")
    return desk


def decides_and_gives_up(here: World) -> Looking:
    with browsing(here, 360, "dark", script=False) as phone:
        phone.signs_in(here)
        phone.goto(LIVE)
        phone.at("live-phone")
        phone.opened.get_by_role("link", name="Copies in doubt").click()
        phone.sees("20 copies in doubt")
        phone.at("doubts")
        phone.press("Leave it", "Decided")
        phone.opened.get_by_role("link", name="Cancel it").click()
        phone.at("live-cancel")
        phone.opened.get_by_role("button", name="Cancel issue 1").click()
        phone.sees("Issue 1 is cancelled")
        phone.at("live-cancelled")
    return phone


def test_somebody_watches_letters_leave_stops_them_and_decides_what_is_in_doubt(here, post):
    desk = watches_and_stops(here, post)
    phone = decides_and_gives_up(here)

    assert here.service.desk.issue(1).state == IssueState.CANCELLED
    assert {**desk.wrong, **phone.wrong} == {}
