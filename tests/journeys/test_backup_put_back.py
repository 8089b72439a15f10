"""A backup made in the middle of an issue is put back after the issue has left: nobody twice, nobody lost."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from newsletter import adopting, backups
from newsletter.database import Database
from newsletter.delivery.letterhead import delivery_id
from newsletter.delivery.marks import attempt_of
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.rebuilding.rebuilder import Rebuilder
from newsletter.delivery.rebuilding.rebuilt import AS_JOBS, NotRebuilt
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.issues import store
from newsletter.issues.states import IssueState
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, LoopbackPostmark, running_postmark
from newsletter.wiring import build
from subscribers.models import Subscriber
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.delivery.reconciling.provider import Watch

SENDER = "Test Letter <digest@example.org>"
READERS = 12
SETTLED = 16
"""Minutes after which the search may be believed."""


@pytest.fixture(scope="module")
def loopback(tmp_path_factory):
    with running_postmark(tmp_path_factory.mktemp("postmark") / "log") as running:
        yield running


@pytest.fixture
def postmark(loopback: LoopbackPostmark) -> LoopbackPostmark:
    loopback.reset()
    return loopback


class Room:
    """One installation on SQLite, whose operator makes a backup and puts it back."""

    def __init__(self, database: Database, folder: Path, postmark: LoopbackPostmark) -> None:
        self.database, self.folder, self.postmark = database, folder, postmark
        self.watch = Watch(MONDAY)
        self.service = self.start(
            PostmarkTransport(TOKEN, api_url=postmark.url, handover="batch", sender=SENDER)
        )
        with database.writing() as session:
            store_comparisons(session, 2)
            add_subscribers(session, READERS)
        self.service.desk.build(self.service.desk.slots.next(), actor="test")
        self.service.dispatch.start(1, actor="test")

    def start(self, transport: PostmarkTransport) -> Service:
        folder = self.folder / "data"
        folder.mkdir(exist_ok=True)
        settings = load(
            data_dir=folder,
            database_url=self.database.engine.url.render_as_string(hide_password=False),
            base_url="http://localhost",
            postal_address="1 Test Street",
            sender=SENDER,
            batch_size=2,
        )
        return build(settings, self.watch, self.database, transport)

    def send(self, readers: int) -> None:
        self.service.dispatch.do_job(1, readers)

    def back_up(self) -> None:
        assert backups.back_up(self.database, self.folder / "backup", now=self.watch()) == "ok"

    def put_back(self) -> None:
        backup = self.folder / "backup"
        backups.restore(backup, self.database, replacing=True, now=self.watch())
        assert self.service.fence.objection() is not None
        adopting.adopt(self.service.desk, self.service.fence)
        self.watch.advance(minutes=1)

    def joins(self) -> str | None:
        """Have one more reader sign up, who gets the issue as if there had been time for it."""
        with self.database.writing() as session:
            return add_subscribers(session, READERS + 1)[-1].email

    def letters(self) -> Counter[str]:
        entries = self.postmark.accepted()
        return Counter(one["To"] for one in entries if one["Tag"].startswith("issue-"))

    def close(self) -> None:
        self.service.close()


@pytest.fixture
def room(database: Database, tmp_path: Path, postmark: LoopbackPostmark) -> Iterator[Room]:
    made = Room(database, tmp_path, postmark)
    yield made
    made.close()


on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
everybody = {f"reader{number}@example.org": 1 for number in range(1, READERS + 1)}


@on_sqlite
def test_the_provider_tells_who_was_served_after_the_backup(room):
    desk = room.service.desk
    room.send(4)
    room.back_up()
    room.send(6)
    room.put_back()

    with pytest.raises(NotRebuilt, match="still has time to catch up") as early:
        desk.resume(1, actor="editor")
    known_already = room.service.dispatch.books(1)
    room.watch.advance(minutes=SETTLED)
    rehearsed = desk.rebuild(1, actor="editor", rehearsing=True)
    desk.resume(1, actor="editor")
    room.service.dispatch.deliver()

    assert early.value.code == "not-rebuilt"
    assert "newsletter issue resume 1" in str(early.value)
    assert known_already.count(DeliveryState.ACCEPTED) == 10
    assert (rehearsed.tally.known, rehearsed.tally.new, rehearsed.queued) == (10, 0, 2)
    assert rehearsed.because is None
    assert room.letters() == everybody
    assert desk.issue(1).state == IssueState.SETTLED
    assert room.service.dispatch.books(1).equation.startswith(f"{READERS} eligible = {READERS} acc")


@on_sqlite
def test_a_call_that_the_backup_shows_under_way_and_all_that_follow_are_found(room):
    """The search is behind when the issue is adopted; what it shows by then is not all."""
    room.send(2)
    room.service.dispatch.sender._claim(1)
    room.back_up()
    room.watch.advance(minutes=11)
    room.service.dispatch.deliver()
    room.postmark.index(lag=600.0)
    room.put_back()
    before = room.service.desk.rebuild(1, actor="editor")

    room.watch.advance(minutes=SETTLED)
    no_fence = room.service.desk.rebuild(1, actor="editor")
    room.postmark.clock(advance=700)
    complete = room.service.desk.rebuild(1, actor="editor")

    assert before.because
    assert before.tally.known == 0
    assert "message of just now" in str(no_fence.because)
    assert complete.because is None
    assert complete.tally.new == room.letters().total() - 2


@on_sqlite
def test_copies_of_readers_whom_nobody_here_knows_do_not_stop_the_issue_again(room):
    room.send(2)
    room.back_up()
    newcomer = room.joins()
    _serve(room, newcomer)
    room.send(2)
    room.put_back()
    room.watch.advance(minutes=SETTLED)
    rebuilt = room.service.desk.rebuild(1, actor="editor")

    room.service.desk.resume(1, actor="editor")
    room.service.dispatch.deliver()

    assert (rebuilt.because, rebuilt.tally.unknown) == (None, 1)
    assert room.letters() == everybody | {newcomer: 1}
    assert room.service.desk.issue(1).state == IssueState.SETTLED


@on_sqlite
def test_what_may_leave_as_a_job_later_is_not_taken_for_never_left(room):
    room.back_up()
    room.put_back()
    room.watch.advance(minutes=SETTLED)
    bulk = PostmarkTransport(TOKEN, api_url=room.postmark.url, handover="bulk", sender=SENDER)

    reconciler = replace(room.service.dispatch.reconciler, transport=bulk)
    rebuilt = Rebuilder(reconciler).run(1, actor="editor")
    bulk.close()

    assert rebuilt.because == AS_JOBS


def _serve(room: Room, address: str) -> None:
    """Hand the provider a copy of somebody's, as the service did before its database was lost."""
    sender = room.service.dispatch.sender
    with room.database.reading() as session:
        reader = session.exec(select(Subscriber).where(Subscriber.email == address)).one()
        issue = store.get(session, 1)
    blank = sender.letterhead.test_copy(issue, address, "x")[1]
    attempt_id = attempt_of(str(sender.transport.mark()))
    copy = blank._replace(delivery_id=delivery_id(1, reader.public_id), attempt_id=attempt_id)
    sender.transport.send(sender.letterhead.mailing(issue), [copy])
