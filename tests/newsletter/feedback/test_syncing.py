"""What no webhook brought is found on Postmark's own lists, and is the same event there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlmodel import select

from newsletter.delivery.message import Stream
from newsletter.delivery.transports.postmark_answers import Answer
from newsletter.delivery.transports.postmark_lists import bounces
from newsletter.feedback import turns
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.syncing import AGAIN, EVERY, TURN, Syncing
from newsletter.service import Service
from newsletter.testing.postmark.process import LoopbackPostmark
from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.queries import locked_by_public_id
from subscribers.states import Event, State
from tests.factories import MONDAY
from tests.newsletter.feedback.comparing import syncing
from tests.newsletter.feedback.telling import Told, issue_to

BY_HAND: dict[str, Any] = {"MessageID": None, "Metadata": {}}
MESSAGE = {"From": "digest@example.org", "Subject": "s", "TextBody": "t"}


@pytest.fixture
def told(service: Service) -> Told:
    issue_to(service, 2)
    return Told(service)


def send(postmark: LoopbackPostmark, *addresses: str, stream: str = "broadcast") -> None:
    for address in addresses:
        message = MESSAGE | {"To": address, "MessageStream": stream}
        status, _ = postmark.call("POST", "/email", message)
        assert status == 200


def says_yes(told: Told, at: datetime) -> None:
    with told.service.database.writing() as session:
        person = locked_by_public_id(session, told.reader.public_id)
        assert person is not None
        person.state = State.UNSUBSCRIBED
        record(session, person, Event.CONFIRMED, now=at, actor=Actor.READER)


def test_what_no_webhook_brought_is_found_on_the_lists(service, told, postmark):
    other = Told(service, 2)
    send(postmark, "reader1@example.org", "reader2@example.org", "stranger@example.org")
    postmark.events(
        {"kind": "Bounce", "to": "reader1@example.org"},
        {"kind": "SpamComplaint", "to": "reader2@example.org"},
        {"kind": "Bounce", "to": "stranger@example.org"},
    )
    synced = syncing(service, postmark).run()

    assert (told.state(), other.state()) == (State.BOUNCED, State.COMPLAINED)
    assert (synced.complete, synced.new, synced.moved) == (True, 6, 2)
    assert syncing(service, postmark).run().new == 0


def test_the_webhook_and_the_lists_tell_of_one_event(service, told, postmark):
    send(postmark, "reader1@example.org")
    for body in postmark.events({"kind": "Bounce", "to": "reader1@example.org"}):
        service.listener.hear(body)
    with service.database.reading() as session:
        before = len(session.exec(select(ProviderEvent)).all())
    assert told.state() is State.ACTIVE  # it names a message that is not ours

    syncing(service, postmark).run()
    with service.database.reading() as session:
        assert len(session.exec(select(ProviderEvent)).all()) == before
    assert told.state() is State.BOUNCED  # but Postmark's own list is about our streams


def test_who_comes_on_the_list_later_is_met_by_what_was_listed_before(service, postmark):
    postmark.suppress("reader1@example.org")
    syncing(service, postmark).run()
    issue_to(service, 1)
    told = Told(service)
    assert told.state() is State.ACTIVE

    syncing(service, postmark).run()
    assert told.state() is State.SUPPRESSED


def test_who_said_yes_again_is_let_in_again_but_never_after_a_complaint(service, told, postmark):
    send(postmark, "reader1@example.org", "reader2@example.org")
    postmark.events(
        {"kind": "SubscriptionChange", "to": "reader1@example.org", "suppress": True},
        {"kind": "SpamComplaint", "to": "reader2@example.org"},
    )
    syncing(service, postmark).run()
    assert told.state() is State.UNSUBSCRIBED
    later = postmark.clock(advance=60)
    for one in (told, Told(service, 2)):
        says_yes(one, later)

    assert syncing(service, postmark).rehearse().reopened == 1
    assert syncing(service, postmark).run().reopened == 1
    assert told.state() is State.ACTIVE
    _, dump = postmark.call("GET", "/message-streams/broadcast/suppressions/dump")
    listed = [row["EmailAddress"] for row in dump["Suppressions"]]
    assert listed == ["reader2@example.org"]


def test_who_says_yes_again_is_let_in_again_by_the_next_pass(service, told, postmark):
    send(postmark, "reader1@example.org")
    postmark.events({"kind": "SubscriptionChange", "to": "reader1@example.org", "suppress": True})
    syncing(service, postmark).run()
    says_yes(told, postmark.clock(advance=60))

    assert syncing(service, postmark).reopen_due() == 1
    assert syncing(service, postmark).reopen_due() == 0
    _, dump = postmark.call("GET", "/message-streams/broadcast/suppressions/dump")
    assert dump["Suppressions"] == []
    assert told.state() is State.ACTIVE


def test_a_rehearsal_says_what_would_happen_and_changes_nothing(service, told, postmark):
    postmark.suppress("reader1@example.org")
    synced = syncing(service, postmark).rehearse()

    assert (synced.new, synced.moved) == (1, 1)
    assert told.state() is State.ACTIVE
    with service.database.reading() as session:
        assert session.exec(select(ProviderEvent)).all() == []


@dataclass
class Opener:
    """Lists of a provider that is asked to write again, and does or does not."""

    opens: bool = True
    asked: list[tuple[Stream, list[str]]] = field(default_factory=list)

    def suppressions(self, stream: Stream) -> list[Any] | None:
        raise AssertionError("nobody compares")

    def bounces(self, stream: Stream, since: datetime, until: datetime) -> list[Any] | None:
        raise AssertionError("nobody compares")

    def reopen(self, stream: Stream, addresses: Any) -> list[str]:
        self.asked.append((stream, list(addresses)))
        return list(addresses) if self.opens else []


def asking(service: Service, lists: Opener, minutes: float = 0) -> int:
    now = MONDAY + timedelta(hours=5, minutes=minutes)
    return Syncing(
        service.database, lists, lambda: now, service.pepper, service.settings.streams
    ).reopen_due()


def test_it_is_asked_on_the_streams_on_which_it_stopped_and_only_once(service, told):
    for stream in ("broadcast", "outbound"):
        service.listener.hear(told.changed("HardBounce", 1, MessageStream=stream, **BY_HAND))
    service.listener.hear(told.changed(None, 2, MessageStream="broadcast", **BY_HAND))
    says_yes(told, MONDAY + timedelta(hours=4))
    says_yes(Told(service, 2), MONDAY + timedelta(hours=4))
    lists = Opener()

    assert [asking(service, lists), asking(service, lists)] == [1, 0]
    assert lists.asked == [("transactional", ["reader1@example.org"])]


def test_where_it_does_not_open_it_is_asked_again_later(service, told):
    service.listener.hear(told.changed("HardBounce", 1))
    says_yes(told, MONDAY + timedelta(hours=4))
    lists = Opener(opens=False)

    assert [asking(service, lists, minutes) for minutes in (0, 1, 15)] == [0, 0, 0]
    assert len(lists.asked) == 2
    lists.opens = True
    assert asking(service, lists, 30) == 1


@pytest.mark.parametrize(
    ("why", "hours"),
    [
        pytest.param("SpamComplaint", 1, id="a complaint"),
        pytest.param("HardBounce", 5, id="it stopped after the yes"),
    ],
)
def test_it_is_not_asked_after(service, told, why, hours):
    service.listener.hear(told.changed("ManualSuppression", 0.5))
    service.listener.hear(told.changed(why, hours))
    says_yes(told, MONDAY + timedelta(hours=4))
    lists = Opener()

    assert asking(service, lists) == 0
    assert lists.asked == []


def test_it_is_not_asked_for_an_address_that_only_a_former_one_of_the_reader_left_by(service, told):
    with service.database.writing() as session:
        person = locked_by_public_id(session, told.reader.public_id)
        assert person is not None
        person.email, person.address_hash = "moved@example.org", "another"
    service.listener.hear(told.changed("ManualSuppression", 1))
    assert told.state() is State.UNSUBSCRIBED
    says_yes(told, MONDAY + timedelta(hours=4))
    lists = Opener()

    assert asking(service, lists) == 0
    assert lists.asked == []


@dataclass
class Silent:
    """Lists that do not come."""

    asked: int = 0
    since: list[datetime] = field(default_factory=list)
    answer: list[Any] | None = None

    def suppressions(self, stream: Stream) -> list[Any] | None:
        self.asked += 1
        return self.answer

    def bounces(self, stream: Stream, since: datetime, until: datetime) -> list[Any] | None:
        self.since.append(since)
        return self.answer

    def reopen(self, stream: Stream, addresses: Any) -> list[str]:
        raise AssertionError("nobody said yes")


def test_of_several_processes_one_compares_and_none_too_often(service):
    now = [MONDAY]
    lists = Silent(answer=[])
    one = Syncing(service.database, lists, lambda: now[0], service.pepper, service.settings.streams)

    assert one.run_due() is not None
    assert one.run_due() is None
    now[0] += EVERY
    assert one.run_due() is not None
    assert lists.since[0] == MONDAY - timedelta(days=45)
    assert lists.since[-1] == MONDAY - timedelta(days=2)


def test_lists_that_do_not_come_are_asked_for_again_soon(service):
    now = [MONDAY]
    one = Syncing(
        service.database, Silent(), lambda: now[0], service.pepper, service.settings.streams
    )
    first = one.run_due()

    assert first is not None
    assert not first.complete
    assert one.run_due() is None
    now[0] += AGAIN
    assert one.run_due() is not None


@pytest.mark.parametrize("file", ["bounces-05-get-bounces-count-2-offset-0-200.json"])
def test_a_recorded_list_is_read(file):
    path = Path(__file__).parents[4] / "shared" / "postmark-samples" / "recorded" / file
    if not path.exists():
        pytest.skip("the samples are not here")
    body = orjson.loads(path.read_bytes())["response"]["body"]
    found = bounces(lambda *_, **__: Answer(body=body), "broadcast", MONDAY, MONDAY)

    assert found is not None
    assert [row["RecordType"] for row in found] == ["Bounce", "Bounce"]


@pytest.mark.parametrize(
    ("ahead", "since"),
    [
        pytest.param(timedelta(hours=1), timedelta(days=2, hours=-1), id="a little"),
        pytest.param(timedelta(days=9), timedelta(days=45), id="days"),
    ],
)
def test_a_comparison_by_a_clock_that_was_ahead_hides_no_bounce(service, ahead, since):
    with service.database.writing() as session:
        turns.note(session, TURN, (MONDAY + ahead).isoformat(), now=MONDAY + ahead)
    lists = Silent(answer=[])
    Syncing(service.database, lists, lambda: MONDAY, service.pepper, service.settings.streams).run()

    assert set(lists.since) == {MONDAY - since}


def test_a_comparison_by_a_clock_that_was_ahead_keeps_nobody_waiting_who_said_yes(service, told):
    service.listener.hear(told.changed("HardBounce", 1))
    says_yes(told, MONDAY + timedelta(hours=4))
    with service.database.writing() as session:
        ahead = MONDAY + timedelta(days=9)
        turns.note(session, TURN, ahead.isoformat(), now=ahead)

    assert asking(service, Opener()) == 1
