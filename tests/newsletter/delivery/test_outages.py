"""A line that is down for hours, and a mailbox that is full for ever, are not the same thing."""

import pytest
from sqlalchemy import select, update

from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Batch, DeliveryState
from newsletter.delivery.pacing import Line
from newsletter.delivery.recording import MOST_ATTEMPTS
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.delivery.transports.smtp_replies import Phase, ended
from newsletter.issues.states import IssueState
from newsletter.notices.rows import NoticeRow
from tests.factories import MONDAY
from tests.newsletter.delivery.reconciling.desks import desk_at, let_pass, states, written_issue
from tests.newsletter.delivery.reconciling.provider import LOST, Provider, Watch
from tests.newsletter.delivery.test_late_answers import batch_of, let_pass_until_free

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NOT_REACHED = Receipt(Outcome.NOT_TAKEN, code="not-reached", detail="No byte was sent.")
FULL = Receipt(Outcome.NOT_TAKEN, code="452", detail="The mailbox is full.")
FORBIDDEN = ended(Phase.RCPT, 554, b"5.7.1 Relay access denied")
GREYLISTED = ended(Phase.RCPT, 450, b"4.2.0 Try again later")


class Breaking(Provider):
    """Its line breaks after so many calls, and notices get through all the same."""

    calls = 2

    def send(self, mailing, messages, **options):
        if mailing.stream == "broadcast":
            self.calls -= 1
            if self.calls < 0:
                return [NOT_REACHED] * len(messages)
        return super().send(mailing, messages, **options)


@pytest.fixture
def watch():
    return Watch(MONDAY)


def told(database):
    with database.reading() as session:
        return [one.subject for one in session.execute(select(NoticeRow)).scalars()]


def test_an_outage_in_the_middle_of_an_issue_forgets_nobody(database, watch):
    provider = Breaking(watch)
    desk = desk_at(database, provider, watch, batch_size=3)
    number = written_issue(desk, 12)
    desk.send(number, actor="test")

    let_pass(desk, watch, minutes=60, step=0.5)

    assert states(database) == {("accepted", None): 6, ("queued", None): 6}
    assert desk.issue(number).state == IssueState.HELD
    assert [one for one in told(database) if "is paused: code not-reached" in one]

    provider.calls = 99
    desk.resume(number, actor="editor")
    desk.dispatch.deliver()
    assert states(database) == {("accepted", None): 12}


class Trickling(Provider):
    """Takes one message of each call, but for the eighth, of which it takes none."""

    calls = 0

    def send(self, mailing, messages, **options):
        if mailing.stream != "broadcast":
            return super().send(mailing, messages, **options)
        self.calls += 1
        taken = 0 if self.calls == MOST_ATTEMPTS else 1
        rest = [NOT_REACHED] * (len(messages) - taken)
        return (super().send(mailing, messages[:taken], **options) if taken else []) + rest


def test_refusals_are_counted_in_a_row(database, watch):
    desk = desk_at(database, Trickling(watch), watch, batch_size=10)
    desk.send(written_issue(desk, 10), actor="test")

    let_pass(desk, watch, minutes=16 * (MOST_ATTEMPTS - 1), step=16)
    assert states(database) == {
        ("accepted", None): MOST_ATTEMPTS - 1,
        ("queued", None): 11 - MOST_ATTEMPTS,
    }

    let_pass(desk, watch, minutes=16 * 4, step=16)
    assert states(database) == {("accepted", None): 10}


class Deaf(Provider):
    """Takes two letters of each call, of which nobody hears, and does not listen to the rest."""

    def send(self, mailing, messages, **options):
        if mailing.stream != "broadcast":
            return super().send(mailing, messages, **options)
        return [LOST] * 2 + [NOT_REACHED] * (len(messages) - 2)


@pytest.mark.parametrize(("mood", "doubtful"), [("drops", 3), ("loses", 3)])
def test_a_line_that_loses_every_answer_rests_before_the_whole_audience_is_in_doubt(
    database, watch, mood, doubtful
):
    provider = Provider(watch)
    desk = desk_at(database, provider, watch, batch_size=1)
    provider.mood, provider.down = mood, True

    desk.send(written_issue(desk, 20), actor="test")

    assert states(database)["queued", None] == 20 - doubtful
    let_pass(desk, watch, minutes=30, step=0.5)
    assert states(database)["queued", None] >= 20 - doubtful - 8

    provider.mood, provider.down = "answers", False
    let_pass(desk, watch, minutes=120, step=5)
    assert states(database) == {("accepted", None): 20}
    assert len(set(provider.letters)) == len(provider.letters) == 20


def test_a_batch_of_which_nothing_ever_came_back_is_no_reason_to_try_for_ever(database, watch):
    desk = desk_at(database, Deaf(watch), watch, batch_size=20)
    number = written_issue(desk, 20)
    desk.send(number, actor="test")
    with database.writing() as session:
        session.execute(update(Batch).values(attempts=MOST_ATTEMPTS - 1))

    let_pass(desk, watch, minutes=5, step=0.5)

    assert desk.issue(number).state == IssueState.HELD
    assert states(database)["queued", None] >= 14


def test_a_lost_answer_is_no_refusal(database, watch):
    provider = Provider(watch)
    desk = desk_at(database, provider, watch, batch_size=3)
    number = written_issue(desk, 3)
    desk.dispatch.start(number, actor="test")
    with database.writing() as session:
        session.execute(update(Batch).values(attempts=MOST_ATTEMPTS - 2))
    provider.mood = "drops"
    desk.dispatch.deliver()

    let_pass_until_free(desk, watch)

    assert batch_of(database).attempts == 0


def with_a_full_mailbox(database, watch):
    """An issue of which one copy of three is put off for ever."""
    transport = MemoryTransport(
        lambda message: (
            FULL
            if message.to.startswith("reader1@")
            else Receipt(Outcome.ACCEPTED, provider_id=message.delivery_id)
        )
    )
    desk = desk_at(database, transport, watch, batch_size=3)
    desk.send(written_issue(desk, 3), actor="test")
    let_pass(desk, watch, minutes=80, step=5)
    return desk


def test_editors_are_told_of_leftovers_that_are_held_and_may_send_them(database, watch):
    desk = with_a_full_mailbox(database, watch)

    assert desk.dispatch.books(1).count(DeliveryState.HELD) == 1
    assert desk.issue(1).state == IssueState.SETTLED
    assert [one for one in told(database) if "1 copy put off again and again" in one]
    assert desk.dispatch.settle_unknown(1, "resend", actor="editor") == 1
    assert desk.issue(1).state == IssueState.SENDING


def test_the_report_shows_them_among_what_a_person_decides(database, watch):
    desk = with_a_full_mailbox(database, watch)

    [call] = desk.dispatch.doubts(1).calls

    assert (call.copies, call.held, call.note) == (1, True, "put-off")
    assert "decide 1 --resend" in list(desk.dispatch.doubts(1).lines())[-1]


def test_a_person_may_leave_them_held(database, watch):
    desk = with_a_full_mailbox(database, watch)
    before = desk.dispatch.doubts(1).mark

    assert desk.dispatch.settle_unknown(1, "held", actor="editor", seen=before) == 1

    assert states(database)["held", "decided"] == 1
    assert desk.dispatch.doubts(1).calls == ()
    assert desk.dispatch.settle_unknown(1, "held", actor="editor") == 0


def test_a_server_that_relays_for_us_no_more_costs_no_reader_the_issue(database, watch):
    refusing = MemoryTransport(lambda _message: FORBIDDEN)
    desk = desk_at(database, refusing, watch, batch_size=3)
    number = written_issue(desk, 12)
    desk.send(number, actor="test")

    let_pass(desk, watch, minutes=60, step=0.5)

    assert states(database) == {("queued", None): 12}
    assert desk.issue(number).state == IssueState.HELD
    assert [one for one in told(database) if "is paused: code 554" in one]


def test_the_only_reader_of_a_batch_whose_mailbox_refuses_us_does_not_stop_the_issue(
    database, watch
):
    refusing = MemoryTransport(
        lambda message: (
            FORBIDDEN
            if message.to == "reader4@example.org"
            else Receipt(Outcome.ACCEPTED, provider_id=message.delivery_id)
        )
    )
    desk = desk_at(database, refusing, watch, batch_size=3)
    desk.send(written_issue(desk, 4), actor="test")

    let_pass(desk, watch, minutes=30, step=0.5)

    assert states(database) == {("accepted", None): 3, ("held", "deferred-554"): 1}
    assert desk.issue(1).state == IssueState.SETTLED


@pytest.mark.parametrize("refusal", [FORBIDDEN, GREYLISTED])
def test_one_mailbox_of_each_batch_that_refuses_us_keeps_nobody_else_waiting(
    database, watch, refusal
):
    theirs = tuple(f"reader{number}@example.org" for number in (1, 4, 7, 10))

    def answer(message):
        taken = Receipt(Outcome.ACCEPTED, provider_id=message.delivery_id)
        return refusal if message.to in theirs else taken

    desk = desk_at(database, MemoryTransport(answer), watch, batch_size=3)
    number = written_issue(desk, 12)
    desk.dispatch.start(number, actor="test")
    desk.dispatch.sender.send_some(number, 3)
    watch.advance(minutes=1)  # the mailbox of the first batch is asked again before all others
    desk.dispatch.deliver()

    assert states(database) == {("accepted", None): 8, ("queued", None): 4}
    with database.reading() as session:
        assert Line("memory").free_at(session) is None
    let_pass(desk, watch, minutes=30, step=0.5)
    assert states(database) == {
        ("accepted", None): 8, ("held", f"deferred-{refusal.code}"): 4,
    }  # fmt: skip
    assert desk.issue(number).state == IssueState.SETTLED
