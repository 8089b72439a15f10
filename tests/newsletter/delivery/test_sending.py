from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlmodel import col

from newsletter.database import Database
from newsletter.delivery.guards import Guards
from newsletter.delivery.message import Message, Outcome, Receipt
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueEvent, IssueState
from subscribers.models import Subscriber
from subscribers.unsubscribe import unsubscribe
from tests.factories import MONDAY, add_subscribers, make_desk, refitted, store_comparisons


@pytest.fixture
def issue(database: Database) -> int:
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 8)
    desk = make_desk(database)
    return desk.build(desk.slots.next(), actor="test").number


def deliveries(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(session.execute(select(Delivery.__table__)).mappings())  # type: ignore[attr-defined]


def states(database: Database) -> Counter[str]:
    return Counter(row["state"] for row in deliveries(database))


def addressees(transport: MemoryTransport) -> list[str]:
    return sorted(
        message.to for mailing, message in transport.sent if mailing.stream == "broadcast"
    )


def scripted(outcome: Outcome, *addresses: str, code: str | None = None) -> MemoryTransport:
    def answer(message: Message) -> Receipt:
        if not addresses or message.to in addresses:
            return Receipt(outcome, code=code)
        return Receipt(Outcome.ACCEPTED, provider_id=f"id-{message.delivery_id}")

    return MemoryTransport(answer)


def test_everybody_gets_one_copy_in_batches_and_the_books_close(database, issue):
    transport = MemoryTransport()

    books = make_desk(database, transport).send(issue, actor="test")

    assert addressees(transport) == sorted(f"reader{n}@example.org" for n in range(1, 9))
    assert books.settled
    assert (books.eligible, books.count(DeliveryState.ACCEPTED)) == (8, 8)
    assert make_desk(database).issue(issue).state == IssueState.SETTLED


def test_sending_again_sends_nothing(database, issue):
    make_desk(database).send(issue, actor="test")
    again = MemoryTransport()

    make_desk(database, again).send(issue, actor="test")

    assert again.asked == []


def test_each_copy_names_its_own_reader_and_no_other(database, issue):
    transport = MemoryTransport()

    make_desk(database, transport).send(issue, actor="test")

    tokens = [message.values["unsubscribe"] for _, message in transport.sent]
    assert len(set(tokens)) == 8
    for mailing, message in transport.sent:
        assert mailing.html is not None
        html = mailing.html.fill_html(message.values)
        assert message.to in html
        assert [token for token in tokens if token in html] == [message.values["unsubscribe"]]


def test_who_left_after_the_audience_was_frozen_is_skipped_with_the_reason(database, issue):
    transport = MemoryTransport()
    desk = make_desk(database, transport)
    desk.dispatch.start(issue, actor="test")
    with database.writing() as session:
        leaver = session.execute(select(Subscriber).limit(1)).scalar_one()
        unsubscribe(session, leaver.public_id, now=MONDAY, source="one-click")

    desk.dispatch.deliver()

    assert leaver.email not in addressees(transport)
    books = desk.dispatch.books(issue)
    assert (DeliveryState.SKIPPED, "unsubscribed", 1) in books.lines
    assert books.settled


def test_a_batch_whose_readers_have_all_left_is_closed_without_a_call(database, issue):
    transport = MemoryTransport()
    desk = make_desk(database, transport)
    desk.dispatch.start(issue, actor="test")
    with database.writing() as session:
        for leaver in session.execute(select(Subscriber)).scalars().all():
            unsubscribe(session, leaver.public_id, now=MONDAY, source="one-click")

    desk.dispatch.deliver()

    assert transport.asked == []
    assert states(database) == {"skipped": 8}
    assert desk.issue(issue).state == IssueState.SETTLED


def test_a_refused_recipient_is_rejected_with_the_code_and_the_others_go(database, issue):
    transport = scripted(Outcome.REJECTED, "reader2@example.org", code="406")

    books = make_desk(database, transport).send(issue, actor="test")

    assert (DeliveryState.REJECTED, "406", 1) in books.lines
    assert books.count(DeliveryState.ACCEPTED) == 7
    assert books.settled


def test_a_lost_answer_of_a_transport_without_memory_is_held_and_nothing_sends_it_again(
    database, issue
):
    doubtful = scripted(Outcome.UNKNOWN, "reader2@example.org")
    make_desk(database, doubtful).send(issue, actor="test")
    later = MemoryTransport()

    year_later = make_desk(database, later, now=MONDAY + timedelta(days=365))
    year_later.dispatch.deliver()

    assert addressees(later) == []
    assert states(database) == {"accepted": 7, "held": 1}
    assert year_later.issue(issue).state == IssueState.SETTLED


def test_an_unknown_delivery_keeps_the_name_of_the_call_that_may_have_carried_it(database, issue):
    make_desk(database, scripted(Outcome.UNKNOWN)).send(issue, actor="test")

    assert all(row["attempt_id"].startswith("memory-") for row in deliveries(database))


def test_what_was_certainly_not_taken_goes_later_and_only_then(database, issue):
    busy = scripted(Outcome.NOT_TAKEN, code="429")
    make_desk(database, busy, batch_size=8).send(issue, actor="test")
    early, late = MemoryTransport(), MemoryTransport()

    make_desk(database, early, now=MONDAY + timedelta(seconds=1)).dispatch.deliver()
    make_desk(database, late, now=MONDAY + timedelta(minutes=5)).dispatch.deliver()

    assert early.asked == []
    assert len(addressees(late)) == 8
    assert states(database) == {"accepted": 8}


def test_of_a_batch_only_those_not_taken_are_sent_again(database, issue):
    make_desk(database, scripted(Outcome.NOT_TAKEN, "reader1@example.org")).send(
        issue, actor="test"
    )
    late = MemoryTransport()

    make_desk(database, late, now=MONDAY + timedelta(minutes=5)).dispatch.deliver()

    assert addressees(late) == ["reader1@example.org"]


def test_a_whole_batch_refused_again_and_again_pauses_the_issue_with_the_code(database, issue):
    refusing = scripted(Outcome.NOT_TAKEN, code="10")
    make_desk(database, refusing).send(issue, actor="test")

    for turn in range(1, 12):
        make_desk(database, refusing, now=MONDAY + turn * timedelta(minutes=20)).dispatch.deliver()

    paused = make_desk(database).issue(issue)
    assert paused.state == IssueState.HELD
    assert "code 10" in (paused.note or "")
    assert states(database) == {"queued": 8}


def test_when_nothing_of_a_batch_is_taken_the_pass_ends(database, issue):
    down = scripted(Outcome.NOT_TAKEN)

    make_desk(database, down).send(issue, actor="test")

    assert len(down.asked) == 3


def test_what_only_an_operator_can_mend_pauses_at_once_and_tells_the_editors(database, issue):
    def answer(message: Message) -> Receipt:
        if message.delivery_id.startswith("notice"):
            return Receipt(Outcome.ACCEPTED)
        return Receipt(Outcome.NOT_TAKEN, code="10", detail="wrong token", needs_operator=True)

    transport = MemoryTransport(answer)

    make_desk(database, transport).send(issue, actor="test")

    assert make_desk(database).issue(issue).state == IssueState.HELD
    assert [mailing.subject for mailing, _ in transport.sent] == [
        "Weekly Verdict: Issue 1 is paused: code 10"
    ]
    assert states(database) == {"queued": 8}


def test_a_worker_that_fell_silent_leaves_doubt_and_no_second_copy(database, issue):
    desk = make_desk(database)
    desk.dispatch.start(issue, actor="test")
    claimed = desk.dispatch.sender._claim(issue)
    assert claimed is not None
    later = MemoryTransport()

    make_desk(database, later, now=MONDAY + timedelta(minutes=11)).dispatch.deliver()

    assert len(addressees(later)) == 5
    assert states(database) == {"accepted": 5, "unknown": 3}


def test_two_workers_never_hold_the_same_batch(database, issue):
    make_desk(database).dispatch.start(issue, actor="test")
    workers = [make_desk(database).dispatch.sender for _ in range(2)]

    claims = [claim for _ in range(3) for worker in workers if (claim := worker._claim(issue))]

    held = [recipient.id for claim in claims for recipient in claim.recipients]
    assert len(claims) == 3
    assert len(held) == len(set(held)) == 8


def test_a_claim_takes_one_batch_even_when_the_planner_repeats_a_subquery(database, issue):
    desk = make_desk(database, batch_size=1)
    desk.dispatch.start(issue, actor="test")
    _prefer_nested_loops(database, "off")
    try:
        claims = [desk.dispatch.sender._claim(issue) for _ in range(8)]
    finally:
        _prefer_nested_loops(database, "on")

    assert [len(claim.recipients) for claim in claims if claim] == [1] * 8


def _prefer_nested_loops(database: Database, others: str) -> None:
    if database.is_sqlite:
        return
    with database.writing() as session:
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize"):
            session.execute(text(f"ALTER DATABASE postgres SET enable_{way} = {others}"))
    database.engine.dispose()


def test_a_paused_issue_is_not_claimed_and_resumes_where_it_stopped(database, issue):
    desk = make_desk(database)
    desk.dispatch.start(issue, actor="test")
    desk.change(issue, IssueEvent.PAUSED, actor="editor")
    paused, resumed = MemoryTransport(), MemoryTransport()

    make_desk(database, paused).dispatch.deliver()
    make_desk(database, resumed).resume(issue, actor="editor")
    make_desk(database, resumed).dispatch.deliver()

    assert paused.asked == []
    assert len(addressees(resumed)) == 8


def test_no_transaction_is_open_while_the_transport_is_called(database, issue):
    open_during_call: list[int] = []

    def answer(message: Message) -> Receipt:
        open_during_call.append(database.engine.pool.checkedout())
        return Receipt(Outcome.ACCEPTED)

    make_desk(database, MemoryTransport(answer)).send(issue, actor="test")

    assert set(open_during_call) == {0}


def test_a_late_answer_of_the_same_attempt_still_counts_as_evidence(database, issue):
    desk = make_desk(database)
    desk.dispatch.start(issue, actor="test")
    claimed = desk.dispatch.sender._claim(issue)
    assert claimed is not None
    make_desk(database, now=MONDAY + timedelta(minutes=11)).dispatch.deliver()

    desk.dispatch.sender._handing().record(claimed, [Receipt(Outcome.ACCEPTED)] * 3)

    assert states(database) == {"accepted": 8}


def test_a_full_stop_between_two_batches_ends_the_loop(database, issue):
    transport = MemoryTransport()
    desk = make_desk(database, transport)
    desk.dispatch.start(issue, actor="test")
    sender = replace(desk.dispatch.sender, stopped=lambda: len(transport.sent) >= 3)

    refitted(desk, sender=sender).dispatch.deliver()

    assert len(transport.sent) == 3


def test_a_batch_larger_than_a_call_is_handed_over_in_several_calls(database, issue):
    transport = MemoryTransport()
    transport.most = 2

    make_desk(database, transport, batch_size=8).send(issue, actor="test")

    assert len(transport.sent) == 8


def test_the_audience_is_frozen_once(database, issue):
    desk = make_desk(database)
    desk.dispatch.start(issue, actor="test")
    with database.writing() as session:
        add_subscribers(session, 9)

    desk.dispatch.start(issue, actor="test")
    desk.dispatch.deliver()

    assert desk.dispatch.books(issue).eligible == 8


def test_an_issue_with_a_batch_in_other_hands_is_not_settled(database, issue):
    desk = make_desk(database, batch_size=8)
    desk.dispatch.start(issue, actor="test")
    with database.writing() as session:
        session.execute(
            update(Batch)
            .where(col(Batch.issue_number) == issue)
            .values(state=BatchState.SENDING.value, leased_until=MONDAY + timedelta(hours=1))
        )

    desk.dispatch.deliver()

    assert desk.issue(issue).state == IssueState.SENDING


def test_a_late_word_that_nothing_was_taken_brings_the_readers_back(database, issue):
    desk = make_desk(database, scripted(Outcome.NOT_TAKEN), batch_size=8)
    desk.dispatch.start(issue, actor="test")
    held = desk.dispatch.sender._claim(issue)
    assert held is not None
    make_desk(database, now=MONDAY + timedelta(minutes=11)).dispatch.deliver()

    desk.dispatch.sender._send(held, desk.dispatch.sender.letterhead.mailing(desk.issue(issue)))
    make_desk(database, now=MONDAY + timedelta(hours=1)).dispatch.deliver()

    assert states(database) == {"accepted": 8}


def test_a_transport_that_raises_leaves_one_batch_in_doubt_and_pauses_the_issue(database, issue):
    def answer(message: Message) -> Receipt:
        if message.delivery_id.startswith("notice"):
            return Receipt(Outcome.ACCEPTED)
        raise RuntimeError("a bug")

    desk = make_desk(database, MemoryTransport(answer))

    desk.send(issue, actor="test")
    desk.dispatch.deliver()

    assert desk.issue(issue).state == IssueState.HELD
    assert states(database) == {"held": 3, "queued": 5}


def test_a_header_that_cannot_be_written_pauses_before_any_batch_is_touched(database, issue):
    desk = make_desk(database)
    letterhead = replace(desk.dispatch.sender.letterhead, address="Nobody <nobody>")
    broken = refitted(desk, sender=replace(desk.dispatch.sender, letterhead=letterhead))
    broken.dispatch.start(issue, actor="test")

    broken.dispatch.sender.send_due()

    assert desk.issue(issue).state == IssueState.HELD
    assert states(database) == {"queued": 8}


def test_one_mailbox_that_is_full_for_ever_is_held_and_the_books_close(database, issue):
    full = scripted(Outcome.NOT_TAKEN, "reader1@example.org", code="452")
    make_desk(database, full, batch_size=8).send(issue, actor="test")

    for turn in range(1, 12):
        make_desk(database, full, now=MONDAY + turn * timedelta(minutes=20)).dispatch.deliver()

    books = make_desk(database).dispatch.books(issue)
    assert (DeliveryState.HELD, "deferred-452", 1) in books.lines
    assert books.settled
    assert make_desk(database).issue(issue).state == IssueState.SETTLED


def test_resuming_tries_at_once_and_counts_anew(database, issue):
    broken = scripted(Outcome.NOT_TAKEN, code="10")
    make_desk(database, broken, batch_size=8).send(issue, actor="test")
    for turn in range(1, 12):
        make_desk(database, broken, now=MONDAY + turn * timedelta(minutes=20)).dispatch.deliver()
    mended = make_desk(database, now=MONDAY + timedelta(hours=12))

    mended.resume(issue, actor="test")
    mended.dispatch.deliver()

    assert states(database) == {"accepted": 8}


def test_cancelling_in_the_middle_accounts_for_everybody(database, issue):
    desk = make_desk(database)
    desk.dispatch.start(issue, actor="test")
    held = desk.dispatch.sender._claim(issue)
    assert held is not None

    desk.change(issue, IssueEvent.CANCELLED, actor="editor")
    desk.dispatch.sender._send(held, desk.dispatch.sender.letterhead.mailing(desk.issue(issue)))
    desk.dispatch.deliver()

    assert states(database) == {"accepted": 3, "skipped": 5}
    assert desk.dispatch.books(issue).settled


@pytest.mark.parametrize(("verdict", "after"), [("held", "held"), ("resend", "accepted")])
def test_a_person_can_settle_what_is_in_doubt(database, issue, verdict, after):
    doubtful = scripted(Outcome.UNKNOWN, "reader2@example.org")
    make_desk(database, doubtful).send(issue, actor="test")
    desk = make_desk(database)

    count = desk.dispatch.settle_unknown(issue, verdict, actor="operator")
    desk.dispatch.deliver()

    assert count == 1
    assert states(database)[after] == (8 if after == "accepted" else 1)
    assert desk.issue(issue).state == IssueState.SETTLED


def test_editors_are_told_once_that_doubt_was_left_to_them(database, issue):
    doubtful = scripted(Outcome.UNKNOWN, "reader2@example.org", "reader5@example.org")

    desk = make_desk(database, doubtful)
    desk.send(issue, actor="test")
    desk.dispatch.deliver()
    desk.dispatch.deliver()

    told = [mailing.subject for mailing, _ in doubtful.sent if mailing.stream == "transactional"]
    assert told == ["Weekly Verdict: Issue 1 has copies in doubt: 2 held"]


def test_a_batch_whose_lease_was_lost_between_two_calls_is_not_sent_further(database, issue):
    class GivenUp(MemoryTransport):
        most = 2

        def send(self, mailing, messages, **options):
            make_desk(database, now=MONDAY + timedelta(minutes=11)).dispatch.sender.tidy()
            return super().send(mailing, messages, **options)

    transport = GivenUp()
    desk = make_desk(database, transport, batch_size=8)
    desk.dispatch.start(issue, actor="test")

    desk.dispatch.sender.send_some(issue, 1)

    assert len(transport.sent) == 2
    assert states(database) == {"accepted": 2, "queued": 6}


class Slow(MemoryTransport):
    """A provider of which each call takes a minute; it says in which order issues were handed over."""

    def __init__(self, outcome: Outcome = Outcome.ACCEPTED) -> None:
        super().__init__(lambda _: Receipt(outcome))
        self.now = MONDAY

    def send(self, mailing, messages, **options):
        self.now += timedelta(minutes=1)
        return super().send(mailing, messages, **options)

    @property
    def order(self) -> list[str]:
        return [mailing.key for mailing, _ in self.asked]


def both_leaving(database, slow, readers=8):
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, readers)
    desk = make_desk(database, slow, batch_size=1, issue_size=1)
    for _ in range(2):
        issue = desk.build(desk.slots.to_build(), actor="test")
        desk.dispatch.start(issue.number, actor="test")
    return refitted(desk, sender=replace(desk.dispatch.sender, timer=lambda: slow.now))


def test_two_issues_that_leave_at_once_share_the_time_of_a_pass(database):
    slow = Slow()
    sender = both_leaving(database, slow).dispatch.sender

    sent = sender.send_due(lasting=timedelta(minutes=4))

    assert slow.order == ["issue-1"] * 2 + ["issue-2"] * 2
    assert sent.is_broken_off
    assert sender.send_due().messages == 12


def test_each_of_them_gets_a_batch_however_short_the_pass_is(database):
    slow = Slow()
    sender = both_leaving(database, slow).dispatch.sender

    sender.send_due(lasting=timedelta(seconds=1))

    assert slow.order == ["issue-1", "issue-2"]


def test_an_issue_of_which_nothing_is_free_takes_no_time_from_the_other(database):
    slow = Slow()
    desk = both_leaving(database, slow)
    with database.writing() as session:
        of_first = update(Batch).where(col(Batch.issue_number) == 1)
        session.execute(of_first.values(wave_at=MONDAY + timedelta(hours=1)))

    desk.dispatch.sender.send_due(lasting=timedelta(minutes=4))

    assert slow.order == ["issue-2"] * 4


def test_what_is_left_of_the_first_is_not_forgotten_because_the_second_is_through(database):
    slow = Slow()
    desk = both_leaving(database, slow)
    with database.writing() as session:
        of_second = update(Batch).where(col(Batch.issue_number) == 2, col(Batch.number) > 1)
        session.execute(of_second.values(wave_at=MONDAY + timedelta(hours=1)))

    assert desk.dispatch.sender.send_due(lasting=timedelta(minutes=4)).is_broken_off


def test_a_line_that_is_down_for_one_issue_is_not_tried_for_the_next(database):
    slow = Slow(Outcome.NOT_TAKEN)
    desk = both_leaving(database, slow)

    assert desk.dispatch.sender.send_due(lasting=timedelta(minutes=4)).line_is_down
    assert slow.order == ["issue-1"]


def test_at_a_rate_that_lets_one_batch_go_in_a_pass_they_take_turns(database):
    slow = Slow()
    desk = both_leaving(database, slow)
    sender = replace(
        desk.dispatch.sender, clock=lambda: slow.now, guards=Guards(per_second=1 / 1000)
    )

    for _ in range(4):
        sender.send_due(lasting=timedelta(minutes=4))
        slow.now += timedelta(seconds=1000)

    assert slow.order == ["issue-1", "issue-2"] * 2


@pytest.mark.parametrize("lost", [1, 3])
def test_copies_of_nobody_are_skipped_and_keep_nobody_waiting(database, issue, lost):
    """Their batch would be free again and again, and none behind it would have its turn."""
    transport = MemoryTransport()
    desk = make_desk(database, transport)
    desk.dispatch.start(issue, actor="test")
    readers = sorted(row["subscriber_id"] for row in deliveries(database))
    with database.writing() as session:
        theirs = update(Delivery).where(col(Delivery.subscriber_id).in_(readers[:lost]))
        session.execute(theirs.values(subscriber_id=Delivery.subscriber_id + 1_000_000))

    desk.dispatch.deliver()

    assert len(addressees(transport)) == 8 - lost
    skipped = [row["reason"] for row in deliveries(database) if row["state"] == "skipped"]
    assert skipped == ["nobody"] * lost
    assert desk.issue(issue).state == IssueState.SETTLED
