"""A backup made in the middle of an issue is put back after the issue has left: nobody twice, nobody lost."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from newsletter import adopting, backups
from newsletter.cli import app
from newsletter.database import Database
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.rebuilding.rebuilt import NotRebuilt
from newsletter.delivery.transport import Transport
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.smtp import SmtpTransport
from newsletter.delivery.transports.smtp_url import parse_smtp_url
from newsletter.issues import store
from newsletter.issues.models import IssueChange
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, LoopbackPostmark, running_postmark
from newsletter.wiring import build
from subscribers.models import Subscriber
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.delivery.reconciling.provider import Watch

SENDER = "Test Letter <digest@example.org>"
READERS = 12
SETTLING = timedelta(minutes=16)


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
        self.service.desk.build(self.service.desk.next_slot(), actor="test")
        self.service.dispatch.start(1, actor="test")

    def start(self, transport: Transport) -> Service:
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

    def joins(self) -> str:
        """Have one more reader sign up, who gets the issue as if there had been time for it."""
        with self.database.writing() as session:
            return add_subscribers(session, READERS + 1)[-1].email

    def pause(self) -> None:
        self.service.desk.change(1, IssueEvent.PAUSED, actor="test")

    def letters(self) -> Counter[str]:
        entries = self.postmark.accepted()
        return Counter(one["To"] for one in entries if one["Tag"].startswith("issue-"))

    def close(self) -> None:
        self.service.close()


@pytest.fixture
def room(database: Database, tmp_path, postmark):
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
    room.watch.advance(minutes=SETTLING.total_seconds() / 60)
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

    room.watch.advance(minutes=SETTLING.total_seconds() / 60)
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
    room.watch.advance(minutes=SETTLING.total_seconds() / 60)
    rebuilt = room.service.desk.rebuild(1, actor="editor")

    room.service.desk.resume(1, actor="editor")
    room.service.dispatch.deliver()

    assert (rebuilt.because, rebuilt.tally.unknown) == (None, 1)
    assert room.letters() == everybody | {newcomer: 1}
    assert room.service.desk.issue(1).state == IssueState.SETTLED


def _serve(room: Room, address: str) -> None:
    """Hand the provider a copy of somebody's, as the service did before its database was lost."""
    desk, sender = room.service.desk, room.service.dispatch.sender
    with room.database.reading() as session:
        reader = session.exec(select(Subscriber).where(Subscriber.email == address)).one()
        issue = store.get(session, 1)
    message = sender.letterhead.test_copy(issue, address, "x")[1]
    from dataclasses import replace

    from newsletter.delivery.letterhead import delivery_id

    copy = replace(
        message,
        delivery_id=delivery_id(1, reader.public_id),
        attempt_id=f"{sender.transport.mark()}-x",
    )
    sender.transport.send(sender.letterhead.mailing(issue), [copy])
