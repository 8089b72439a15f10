"""Whom a lost call may be asked after: the transport and the account that made it, and no other."""

from collections.abc import Sequence

import pytest

from newsletter.delivery.marks import account_of, attempt_of, becomes_a_job, is_of
from newsletter.delivery.message import Mailing, Message, Receipt
from newsletter.delivery.models import DoubtState
from newsletter.delivery.transport import MayGoOn, always
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.delivery.transports.outbox import OutboxTransport
from tests.factories import MONDAY
from tests.newsletter.delivery.reconciling.desks import (
    desk_at,
    doubts,
    let_pass,
    states,
    written_issue,
)
from tests.newsletter.delivery.reconciling.provider import Provider, Watch

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Dead(BaseException):
    """The process was killed in its call."""


class Hanging(MemoryTransport):
    """A mail server that has taken everything when its client is killed; it keeps no record."""

    name = "smtp"

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        super().send(mailing, messages, may_go_on=may_go_on)
        raise Dead


@pytest.fixture
def watch() -> Watch:
    return Watch(MONDAY)


def test_a_name_tells_the_account_and_is_new_each_time():
    one, another = attempt_of("pm1"), attempt_of("pm1")

    assert one != another
    assert account_of(one) == "pm1"
    assert is_of(one, "pm1")
    assert not is_of(one, "pm12")
    assert not is_of("0123456789abcdef", "pm1")


def test_a_call_that_becomes_a_job_is_of_the_same_account():
    name = attempt_of("pm1.job")

    assert becomes_a_job(name)
    assert not becomes_a_job(attempt_of("pm1"))
    assert is_of(name, "pm1")
    assert is_of(attempt_of("pm1"), "pm1.job")


@SQLITE
def test_what_another_transport_may_have_sent_is_held_and_not_proved_absent(database, watch):
    old, provider = Hanging(), Provider(watch)
    before = desk_at(database, old, watch)
    before.dispatch.start(written_issue(before, 3), actor="test")
    with pytest.raises(Dead):
        before.dispatch.deliver()

    let_pass(desk_at(database, provider, watch), watch, minutes=90)

    assert provider.letters == []
    assert states(database) == {("held", "no-evidence"): 3}
    [doubt] = doubts(database)
    assert (doubt.state, doubt.note) == (DoubtState.HELD, "made-elsewhere")


@SQLITE
def test_a_folder_of_letters_proves_nothing_about_a_provider(database, watch, tmp_path):
    provider = Provider(watch)
    before = desk_at(database, provider, watch)
    provider.mood = "loses"
    before.dispatch.start(written_issue(before, 3), actor="test")
    before.dispatch.deliver()

    folder = tmp_path / "outbox"
    let_pass(desk_at(database, OutboxTransport(folder, clock=watch), watch), watch, minutes=5)

    assert states(database) == {("held", "no-evidence"): 3}
    assert not list(folder.rglob("1-*.eml"))


@SQLITE
def test_the_search_of_another_server_proves_nothing(database, watch):
    one, another = Provider(watch), Provider(watch)
    another.server = 2
    before = desk_at(database, one, watch)
    one.mood = "loses"
    before.dispatch.start(written_issue(before, 3), actor="test")
    before.dispatch.deliver()

    let_pass(desk_at(database, another, watch), watch, minutes=90)

    assert another.letters == []
    assert states(database) == {("held", "no-evidence"): 3}


@SQLITE
def test_back_at_the_server_that_made_the_call_its_search_proves_what_is_held(database, watch):
    one, another = Provider(watch), Provider(watch)
    another.server = 2
    before = desk_at(database, one, watch)
    one.mood = "loses"
    before.dispatch.start(written_issue(before, 3), actor="test")
    before.dispatch.deliver()
    let_pass(desk_at(database, another, watch), watch, minutes=10)

    let_pass(before, watch, minutes=180, step=20)

    assert states(database) == {("accepted", None): 3}
    assert len(one.letters) == 3


@SQLITE
def test_a_call_of_another_server_is_no_fence(database, watch):
    one, another = Provider(watch), Provider(watch)
    another.server, one.fences = 2, False
    before = desk_at(database, one, watch)
    number = written_issue(before, 6)
    one.mood = "drops"
    before.dispatch.start(number, actor="test")
    before.dispatch.sender.send_some(number, 1)
    watch.advance(minutes=1)
    desk_at(
        database, another, watch
    ).dispatch.sender.send_due()  # what it took is seen at once, over there
    one.mood = "answers"

    let_pass(before, watch, minutes=40)

    assert one.letters == []


@SQLITE
def test_a_server_whose_name_is_not_known_now_holds_nothing(database, watch):
    provider = Provider(watch)
    desk = desk_at(database, provider, watch)
    provider.mood = "loses"
    desk.dispatch.start(written_issue(desk, 3), actor="test")
    desk.dispatch.deliver()
    provider.mood, provider.server = "answers", None

    let_pass(desk, watch, minutes=30)
    assert {state for state, _ in states(database)} == {"unknown"}
    provider.server = 1
    let_pass(desk, watch, minutes=30)

    assert states(database) == {("accepted", None): 3}
    assert len(provider.letters) == 3


def test_the_folders_of_two_installations_have_two_marks(tmp_path, watch):
    one, another = (OutboxTransport(tmp_path / name, clock=watch) for name in ("one", "two"))

    assert one.mark() != another.mark()
    assert one.mark() == OutboxTransport(tmp_path / "x" / ".." / "one", clock=watch).mark()
