"""Words that come when others have acted already: of frozen workers, and of late evidence."""

from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from newsletter.afterwards import tell_of_oddities
from newsletter.delivery.letterhead import delivery_id
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Batch, DeliveryState
from newsletter.delivery.proving import prove
from newsletter.feedback import inbox
from newsletter.feedback.folding import fold_due
from newsletter.feedback.reading import read
from newsletter.issues.states import IssueEvent
from newsletter.notices.rows import NoticeRow
from subscribers import queries
from subscribers.models import Subscriber
from tests.factories import MONDAY, PEPPER, refitted
from tests.newsletter.delivery.at_once import beside
from tests.newsletter.delivery.reconciling.desks import (
    desk_at,
    doubts,
    let_pass,
    states,
    written_issue,
)
from tests.newsletter.delivery.reconciling.provider import LOST, Provider, Watch
from tests.newsletter.feedback.telling import Telling

REFUSED = Receipt(Outcome.REJECTED, code="406")


@pytest.fixture
def watch():
    return Watch(MONDAY)


@pytest.fixture
def provider(watch):
    return Provider(watch)


@pytest.fixture
def desk(database, provider, watch):
    """A desk whose only issue has begun to leave, to three readers in one batch."""
    desk = desk_at(database, provider, watch)
    desk.dispatch.start(written_issue(desk, 3), actor="test")
    return desk


def claimed(desk):
    held = desk.dispatch.sender._claim(1)
    assert held is not None
    return held


def hand_over(desk, provider, held):
    """Let the provider take the copies of a claim; nothing is recorded."""
    letterhead = desk.dispatch.sender.letterhead
    messages = [
        letterhead.message(1, held.issue_date, one, held.attempt_id) for one in held.recipients
    ]
    return provider.send(letterhead.mailing(desk.issue(1)), messages)


def let_pass_until_free(desk, watch):
    """Let others look, and send nothing, until the copies have provably not left."""
    idle = refitted(desk, sender=replace(desk.dispatch.sender, stopped=lambda: True))
    for _ in range(60):
        watch.advance(minutes=1)
        idle.dispatch.deliver()
        if batch_of(desk.database).state == "queued":
            return
    raise AssertionError(states(desk.database))


def batch_of(database):
    with database.reading() as session:
        return session.get_one(Batch, (1, 1))


def notices(database):
    with database.reading() as session:
        return [one.subject for one in session.execute(select(NoticeRow)).scalars()]


@pytest.fixture
def two_calls(desk, watch):
    """A call of a machine that sleeps, given up, and a second one of the same copies in flight."""
    first = claimed(desk)
    let_pass_until_free(desk, watch)
    return first, claimed(desk)


@pytest.mark.parametrize("word", [LOST, REFUSED])
def test_a_dead_call_says_nothing_of_copies_that_another_call_has_in_flight(
    desk, two_calls, database, word
):
    first, second = two_calls

    desk.dispatch.sender._handing().record(first, [word] * 3)

    assert states(database) == {("queued", None): 3}
    assert (batch_of(database).state, batch_of(database).attempt_id) == (
        "sending",
        second.attempt_id,
    )


def test_a_call_that_dies_after_a_late_word_of_the_first_is_looked_for_and_not_repeated(
    desk, two_calls, provider, watch, database
):
    first, second = two_calls
    desk.dispatch.sender._handing().record(first, [LOST] * 3)
    hand_over(desk, provider, second)  # and its worker dies

    let_pass(desk, watch, minutes=120, step=1)

    assert second.attempt_id in provider.looks
    assert len(provider.letters) == 3
    assert states(database) == {("accepted", None): 3}


def test_a_late_word_of_a_call_leaves_the_audit_of_it_planned(desk, two_calls, provider, watch):
    first, _ = two_calls

    desk.dispatch.sender._handing().record(first, [LOST] * 3)

    [doubt] = [one for one in doubts(desk.database) if one.attempt_id == first.attempt_id]
    assert doubt.look_at is not None
    assert doubt.look_at > watch()


def prove_all(desk, provider, attempt_id, now):
    with desk.database.writing() as session:
        rows = session.execute(select(col(Subscriber.public_id), col(Subscriber.id)))
        who = {delivery_id(1, public): row_id for public, row_id in rows}
        seen = [
            (1, who[one.delivery_id], one.message_id)
            for one in provider.accepted
            if one.attempt_id == attempt_id
        ]
        return prove(session, seen, now=now)


@pytest.fixture
def twice(desk, provider, watch):
    """Both calls were taken; the first is proved by webhooks while the second is in flight."""
    first = claimed(desk)
    provider.lag = timedelta(hours=1)
    hand_over(desk, provider, first)
    provider.lag = timedelta(0)
    let_pass_until_free(desk, watch)
    second = claimed(desk)
    receipts = hand_over(desk, provider, second)
    prove_all(desk, provider, first.attempt_id, watch())
    return second, receipts


def test_an_answer_for_copies_that_are_accepted_already_is_a_second_letter(
    desk, twice, database, watch
):
    second, receipts = twice

    desk.dispatch.sender._handing().record(second, receipts)

    assert states(database) == {("accepted", "sent-twice"): 3}
    assert (desk.issue(1).note or "").startswith("code sent-twice:")


@pytest.mark.parametrize("by", ["its record", "a webhook"])
def test_what_turns_out_to_have_left_after_the_second_claim_is_not_sent_again(
    desk, provider, watch, database, by
):
    first = claimed(desk)
    let_pass_until_free(desk, watch)
    second = claimed(desk)
    receipts = hand_over(desk, provider, first)
    if by == "its record":
        desk.dispatch.sender._handing().record(first, receipts)
    else:
        prove_all(desk, provider, first.attempt_id, watch())

    desk.dispatch.sender._send(second, desk.dispatch.sender._mailing(desk.issue(1), None))

    assert len(provider.letters) == 3
    assert states(database) == {("accepted", None): 3}


def test_a_repeated_record_is_no_second_letter(desk, provider, database):
    held = claimed(desk)
    receipts = hand_over(desk, provider, held)

    for _ in range(2):
        desk.dispatch.sender._handing().record(held, receipts)

    assert states(database) == {("accepted", None): 3}


def test_a_second_call_without_an_answer_is_looked_for_although_the_first_is_proved(
    desk, twice, database, watch
):
    second, _ = twice
    desk.dispatch.sender._handing().record(second, [LOST] * 3)

    let_pass(desk, watch, minutes=120, step=5)
    tell_of_oddities(desk)

    assert states(database) == {("accepted", "sent-twice"): 3}
    assert "Weekly Verdict: Issue 1: letters too many, 3 of them" in notices(database)


@pytest.mark.parametrize(
    ("verdict", "reason"), [("rejected", "was-rejected"), ("skipped", "was-skipped")]
)
def test_evidence_corrects_what_was_written_off_and_editors_are_told(
    desk, provider, watch, database, verdict, reason
):
    held = claimed(desk)
    hand_over(desk, provider, held)
    if verdict == "rejected":
        desk.dispatch.sender._handing().record(held, [REFUSED] * 3)
    else:
        desk.dispatch.sender._handing().record(held, [Receipt(Outcome.NOT_TAKEN, code="429")] * 3)
        desk.change(1, IssueEvent.CANCELLED, actor="editor")
    assert desk.dispatch.books(1).count(DeliveryState(verdict)) == 3

    proved = prove_all(desk, provider, held.attempt_id, watch())
    tell_of_oddities(desk)

    assert proved.accepted == 3
    assert states(database) == {("accepted", reason): 3}
    assert "Weekly Verdict: Issue 1: 3 copies left that had been written off" in notices(database)


def test_a_late_loss_leaves_to_a_person_what_a_person_is_to_decide_about(
    desk, provider, watch, database
):
    held = claimed(desk)
    provider.down = True
    watch.advance(minutes=11)
    let_pass(desk, watch, 7 * 60, step=20)
    assert states(database) == {("held", "not-proved"): 3}

    desk.dispatch.sender._handing().record(held, [LOST] * 3)
    let_pass(desk, watch, 20, step=10)

    [doubt] = doubts(database)
    assert states(database) == {("held", "not-proved"): 3}
    assert (doubt.state, doubt.look_at is None) == ("held", False)


def test_a_late_record_says_how_many_copies_are_in_doubt(desk, watch, database):
    held = claimed(desk)
    watch.advance(minutes=11)
    desk.dispatch.sender.tidy()
    assert doubts(database)[0].size == 3

    watch.advance(seconds=1)
    desk.dispatch.sender._handing().record(held, [REFUSED, LOST, LOST])

    assert doubts(database)[0].size == 2


def test_a_late_record_and_the_end_of_its_lease_at_the_same_moment_are_no_deadlock(
    desk, provider, watch, database
):
    held = claimed(desk)
    receipts = hand_over(desk, provider, held)
    watch.advance(minutes=11)

    with beside(database, desk.dispatch.sender.tidy) as begin:
        with database.writing() as session:
            desk.dispatch.sender._handing()._write_down(session, held, receipts)
            other = begin()
        other.result()

    assert states(database) == {("accepted", None): 3}


def test_evidence_of_a_copy_that_is_being_claimed_ends_no_pass(desk, database):
    """The evidence has its reader and wants the batch, the claim the other way round."""
    begun: list[Future[Any]] = []

    def evidence(session, begin):
        met = queries.locked(session, col(Subscriber.id) > 0)
        if not begun:
            begun.append(begin())
        return prove(session, [(1, met[0].id or 0, "message-0")], now=MONDAY)

    with beside(database, lambda: desk.dispatch.sender._try_to_claim(1, None)) as begin:
        proved = database.write(lambda session: evidence(session, begin))
        held = begun[0].result()
    # The second try of a claim that met the batch still locked found nothing; the next one does.
    held = held or desk.dispatch.sender._try_to_claim(1, None)

    assert proved.accepted == 1
    assert held is not None
    assert states(database) == {("accepted", None): 1, ("queued", None): 2}


def test_a_webhook_about_a_copy_that_is_being_claimed_ends_no_pass(desk, database):
    """As above, where the one that waited first is what was told: as a rule PostgreSQL fails that one."""
    with database.writing() as session:
        reader = session.scalars(select(Subscriber).order_by(col(Subscriber.id))).first()
        assert reader is not None
        body = Telling(reader.email or "", reader.public_id, MONDAY).delivered()
        inbox.store(session, read(body), source="webhook", pepper=PEPPER, now=MONDAY)

    begun: list[Future[Any]] = []

    def fold():
        return fold_due(database, ("broadcast",), lambda: MONDAY)

    def claim_by_halves(session, begin):
        session.execute(select(Batch).with_for_update())
        if not begun:
            begun.append(begin())
        session.execute(select(Subscriber).with_for_update(read=True))

    with beside(database, fold) as begin:
        database.write(lambda session: claim_by_halves(session, begin))
        folded = begun[0].result()

    assert folded.events == 1
    assert states(database) == {("accepted", None): 1, ("queued", None): 2}
