from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from newsletter.database import Database
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Batch, DeliveryState, Doubt, DoubtState, Probe
from newsletter.delivery.proving import prove
from newsletter.delivery.reconciling.measuring import worst_lag
from newsletter.delivery.transport import Job
from newsletter.desk import Desk
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.notices.rows import tell
from newsletter.rendering.notice import Notice
from subscribers.models import Subscriber
from tests.factories import MONDAY, refitted
from tests.newsletter.delivery.reconciling.desks import (
    desk_at,
    doubts,
    let_pass,
    states,
    written_issue,
)
from tests.newsletter.delivery.reconciling.provider import (
    LOST,
    Accepted,
    Crash,
    Mood,
    Provider,
    Watch,
)

READERS = 5


@pytest.fixture
def watch() -> Watch:
    return Watch(MONDAY)


@pytest.fixture
def provider(watch: Watch) -> Provider:
    return Provider(watch)


@pytest.fixture
def desk(database: Database, provider: Provider, watch: Watch) -> Desk:
    """A desk whose only issue goes to five readers in batches of three."""
    desk = desk_at(database, provider, watch)
    written_issue(desk, READERS)
    return desk


def readers(session: Session) -> list[int]:
    return list(session.execute(select(col(Subscriber.id)).order_by(col(Subscriber.id))).scalars())


def send(desk: Desk, provider: Provider, mood: Mood) -> None:
    provider.mood = mood
    desk.send(1, actor="test")
    provider.mood = "answers"


def test_what_the_search_shows_is_accepted_under_its_own_name(desk, provider, database, watch):
    send(desk, provider, "loses")
    assert states(database) == {("unknown", "answer-lost"): READERS}

    desk.dispatch.deliver()

    assert states(database) == {("accepted", None): READERS}
    assert {doubt.state for doubt in doubts(database)} == {DoubtState.SETTLED}
    assert desk.issue(1).state == IssueState.SETTLED
    assert len(provider.letters) == READERS
    assert sorted(provider.looks) == sorted(doubt.attempt_id for doubt in doubts(database))


def test_doubt_is_looked_into_while_the_rest_of_a_long_issue_still_leaves(
    database, provider, watch
):
    desk = desk_at(database, provider, watch, batch_size=1)
    written_issue(desk, 30)
    provider.mood = "drops"

    def two_minutes_later(_readers):
        provider.mood = "answers"
        watch.advance(minutes=2)

    desk.send(1, actor="test", progress=two_minutes_later)

    assert states(database) == {("accepted", None): 30}
    assert len(set(provider.letters)) == len(provider.letters) == 30


def test_a_letter_that_cannot_be_sent_keeps_no_long_issue_from_going_on(database, provider, watch):
    desk = desk_at(database, provider, watch, batch_size=1)
    written_issue(desk, READERS)
    with database.writing() as session:
        tell(session, "k", ["editor@example.org"], Notice("Something", "happened."), now=MONDAY)
    accepts = provider.send

    def send(mailing, messages, **options):
        if mailing.stream == "transactional":
            raise Crash
        return accepts(mailing, messages, **options)

    provider.send = send
    desk.send(1, actor="test", progress=lambda _readers: watch.advance(minutes=10))

    assert states(database) == {("accepted", None): READERS}


def test_whoever_is_asked_to_end_begins_no_other_round(database, provider, watch):
    desk = desk_at(database, provider, watch, batch_size=1)
    written_issue(desk, READERS)
    asked: list[str] = []
    sender = replace(desk.dispatch.sender, stopped=lambda: bool(asked))

    def ask(_readers):
        asked.append("to end")
        watch.advance(minutes=10)

    refitted(desk, sender=sender).send(1, actor="test", progress=ask)

    assert len(provider.letters) == 1


def test_what_never_left_is_sent_again_once_the_search_must_show_it(
    desk, provider, watch, database
):
    send(desk, provider, "drops")

    let_pass(desk, watch, minutes=8)
    assert provider.letters == []
    let_pass(desk, watch, minutes=40)

    assert len(provider.letters) == len(set(provider.letters)) == READERS
    assert states(database) == {("accepted", None): READERS}


def test_what_is_seen_late_is_accepted_and_not_sent_again(desk, provider, watch, database):
    provider.lag = timedelta(minutes=14)
    send(desk, provider, "loses")

    let_pass(desk, watch, minutes=40)

    assert len(provider.letters) == READERS
    assert states(database) == {("accepted", None): READERS}


def test_a_row_that_is_seen_is_accepted_while_the_others_are_still_in_doubt(
    desk, provider, watch, database
):
    send(desk, provider, "loses")
    for one in provider.accepted[1:]:
        one.visible_at += timedelta(minutes=5)

    desk.dispatch.deliver()

    assert states(database) == {("accepted", None): 1, ("unknown", "answer-lost"): 4}


def test_without_a_later_message_in_sight_a_message_to_nobody_is_sent_first(
    desk, provider, watch, database
):
    send(desk, provider, "drops")
    provider.lag = timedelta(minutes=40)  # of the fence too: the index stands still

    let_pass(desk, watch, minutes=28)

    fences = [one for one in provider.accepted if one.delivery_id.startswith("fence")]
    assert len(fences) == 1
    assert provider.letters == []


def test_a_later_call_serves_as_the_fence(desk, provider, watch, database):
    desk.dispatch.start(1, actor="test")
    held = desk.dispatch.sender._claim(1)
    assert held is not None  # and its worker dies
    watch.advance(minutes=11)
    desk.dispatch.sender.tidy()
    watch.advance(seconds=1)

    let_pass(desk, watch, minutes=40)

    assert states(database) == {("accepted", None): READERS}
    assert not [one for one in provider.accepted if one.delivery_id.startswith("fence")]


def test_the_doubt_of_a_dead_worker_begins_when_its_silence_is_noticed(desk, watch, database):
    """By the clock that goes on from there; the lease was written by another one."""
    desk.dispatch.start(1, actor="test")
    held = desk.dispatch.sender._claim(1)
    assert held is not None
    watch.advance(minutes=47)

    desk.dispatch.deliver()

    [doubt] = doubts(database)
    assert doubt.ended_at == watch()
    assert (doubt.attempt_id, doubt.size) == (held.attempt_id, 3)


def test_a_search_that_is_down_settles_nothing_and_after_six_hours_a_person_decides(
    desk, provider, watch, database
):
    send(desk, provider, "drops")
    provider.down = True

    let_pass(desk, watch, minutes=350, step=10)
    assert states(database) == {("unknown", "answer-lost"): READERS}
    let_pass(desk, watch, minutes=40, step=10)

    assert states(database) == {("held", "not-proved"): READERS}
    assert provider.letters == []
    assert desk.issue(1).state == IssueState.SETTLED


def test_what_is_held_in_doubt_can_be_sent_by_a_persons_word(desk, provider, watch, database):
    send(desk, provider, "drops")
    provider.down = True
    let_pass(desk, watch, minutes=400, step=20)

    assert desk.dispatch.settle_unknown(1, "resend", actor="editor", unseen=True) == READERS
    provider.down = False
    desk.dispatch.deliver()

    assert states(database) == {("accepted", None): READERS}
    assert desk.issue(1).state == IssueState.SETTLED
    assert {doubt.state for doubt in doubts(database)} == {DoubtState.SETTLED}


def test_evidence_that_comes_late_still_corrects_what_was_held(desk, provider, watch, database):
    provider.lag = timedelta(hours=9)
    send(desk, provider, "loses")
    provider.down = True
    let_pass(desk, watch, minutes=400, step=20)
    assert desk.dispatch.books(1).count(DeliveryState.HELD) == READERS

    with database.writing() as session:
        prove(session, [(1, reader, f"id-{reader}") for reader in readers(session)], now=watch())

    assert desk.dispatch.books(1).count(DeliveryState.ACCEPTED) == READERS
    assert {doubt.state for doubt in doubts(database)} == {DoubtState.SETTLED}


def test_copies_that_did_not_leave_wait_for_a_person_where_the_settings_say_so(
    database, provider, watch
):
    desk = desk_at(database, provider, watch, when_absent="hold")
    written_issue(desk, READERS)
    send(desk, provider, "drops")

    let_pass(desk, watch, minutes=40)

    assert states(database) == {("held", "never-left"): READERS}


def test_a_process_that_dies_between_a_look_and_its_writing_does_no_harm(
    desk, provider, watch, database
):
    send(desk, provider, "loses")
    provider.dies = True
    with pytest.raises(Crash):
        desk.dispatch.deliver()
    assert desk.dispatch.books(1).count(DeliveryState.UNKNOWN) == READERS

    let_pass(desk, watch, minutes=4)

    assert states(database) == {("accepted", None): READERS}


class InPart(Provider):
    """Of three messages it loses the answer for one, refuses one for now, and accepts one."""

    def send(self, mailing, messages, **options):
        if mailing.stream == "transactional" or self.mood == "answers":
            return super().send(mailing, messages, **options)
        self.mood = "answers"
        [accepted] = super().send(mailing, messages[2:], **options)
        return [LOST, Receipt(Outcome.NOT_TAKEN, code="429"), accepted]


def test_of_a_batch_of_which_part_was_not_taken_the_rest_goes_on(database, watch):
    provider = InPart(watch)
    desk = desk_at(database, provider, watch)
    written_issue(desk, 3)
    send(desk, provider, "busy")
    unknown = ("unknown", "answer-lost")
    assert states(database) == {("accepted", None): 1, ("queued", None): 1, unknown: 1}

    watch.advance(seconds=6)
    desk.dispatch.deliver()

    assert states(database) == {("accepted", None): 2, unknown: 1}
    with database.reading() as session:
        assert session.execute(select(col(Batch.state))).scalars().all() == ["unknown"]
    let_pass(desk, watch, minutes=40)
    assert len(set(provider.letters)) == len(provider.letters) == 3
    assert desk.issue(1).state == IssueState.SETTLED


def test_a_second_letter_is_counted_once_and_stops_the_issue(desk, provider, watch, database):
    desk.dispatch.start(1, actor="test")
    desk.dispatch.sender.send_some(1, 1)

    with database.writing() as session:
        first, second = readers(session)[:2]
        seen = [(1, first, "message-0"), (1, second, "another")]
        proved, again = (prove(session, seen, now=watch()) for _ in range(2))

    assert (proved.doubled, again.doubled) == (1, 0)
    assert states(database)["accepted", "sent-twice"] == 1
    assert (desk.issue(1).note or "").startswith("code sent-twice:")


def test_proof_that_comes_before_our_own_record_stays(desk, watch, database):
    desk.dispatch.start(1, actor="test")
    held = desk.dispatch.sender._claim(1)
    assert held is not None
    with database.writing() as session:
        prove(session, [(1, one.id, f"id-{one.id}") for one in held.recipients], now=watch())

    desk.dispatch.sender._handing().record(held, [LOST] * 3)

    assert states(database) == {("accepted", None): 3, ("queued", None): 2}
    assert [doubt.state for doubt in doubts(database)] == [DoubtState.SETTLED]
    with database.reading() as session:
        batch = session.get(Batch, (1, held.batch))
    assert batch is not None
    assert (batch.state, batch.accepted) == ("done", 3)


def test_what_was_proved_while_it_waited_is_not_claimed(desk, provider, watch, database):
    desk.dispatch.start(1, actor="test")
    with database.writing() as session:
        first = readers(session)[0]
        prove(session, [(1, first, "id-1")], now=watch())

    desk.dispatch.deliver()

    assert len(provider.letters) == READERS - 1
    assert desk.issue(1).state == IssueState.SETTLED


def test_letters_that_nobody_asked_for_pause_the_issue_and_tell_its_editors(
    desk, provider, watch, database
):
    provider.mood = "loses"
    desk.dispatch.start(1, actor="test")
    desk.dispatch.sender.send_some(1, 1)
    [doubt] = doubts(database)
    provider.accepted.append(
        Accepted(doubt.attempt_id, "1-ffff", "message-99", "broadcast", watch())
    )
    provider.mood = "answers"

    desk.dispatch.deliver()

    issue = desk.issue(1)
    assert (issue.state, (issue.note or "").split(":")[0]) == ("held", "code foreign-copies")
    told = [one for one in provider.accepted if one.stream == "transactional"]
    assert len(told) == 1


def test_an_issue_that_was_given_up_sends_nothing_again(desk, provider, watch, database):
    send(desk, provider, "drops")
    desk.change(1, IssueEvent.CANCELLED, actor="editor")

    let_pass(desk, watch, minutes=40)

    assert states(database) == {("skipped", "cancelled"): READERS}
    assert provider.letters == []


def test_a_copy_that_turns_up_after_it_was_sent_again_does_not_go_unnoticed(
    desk, provider, watch, database
):
    provider.lag = timedelta(minutes=40)  # longer than anything that was measured
    send(desk, provider, "loses")
    provider.lag = timedelta(0)

    let_pass(desk, watch, minutes=160, step=4)

    assert len(provider.letters) == 2 * READERS
    assert states(database) == {("accepted", "sent-twice"): READERS}


def test_the_lag_of_the_search_is_measured_and_counts(desk, provider, watch, database):
    provider.lag = timedelta(minutes=4)
    send(desk, provider, "answers")
    let_pass(desk, watch, minutes=8)

    with database.reading() as session:
        probes = session.execute(select(Probe)).scalars().all()
    found = desk.dispatch.doubts(1).lag

    assert [probe.looks for probe in probes] == [2, 2]
    assert found is not None
    assert found.time == timedelta(minutes=4)
    assert desk.dispatch.reconciler.patience(found).settled_after == timedelta(minutes=20)


@pytest.mark.parametrize("behind", [timedelta(minutes=30), timedelta(hours=3)])
def test_a_search_that_is_far_behind_is_given_the_time_that_it_takes(
    desk, provider, watch, database, behind
):
    provider.lag = behind
    send(desk, provider, "answers")

    let_pass(desk, watch, minutes=240, step=1)

    with database.reading() as session:
        measured = worst_lag(session, desk.dispatch.reconciler.patience(), watch())
    assert measured is not None
    assert behind <= measured.time <= 2 * behind + timedelta(minutes=1)


def test_a_call_that_is_far_behind_is_looked_for_a_few_times_only(desk, provider, watch):
    provider.lag = timedelta(hours=3)
    send(desk, provider, "answers")

    let_pass(desk, watch, minutes=240, step=1)

    assert max(Counter(provider.looks).values()) <= 11


def test_a_long_send_is_measured_once_a_minute_and_at_its_end(database, provider, watch):
    desk = desk_at(database, provider, watch, batch_size=1)
    written_issue(desk, 8)
    desk.dispatch.start(1, actor="test")
    for _ in range(8):
        desk.dispatch.sender.send_some(1, 1)
        watch.advance(seconds=20)

    with database.reading() as session:
        probes = session.execute(select(col(Probe.accepted_at)).order_by(col(Probe.accepted_at)))
        offsets = [round((at - MONDAY).total_seconds()) for at in probes.scalars()]

    assert offsets == [0, 60, 120, 140]


class TakesWhole(Provider):
    """It takes letters as a job, of whose end it tells later."""

    def send(self, mailing, messages, **options):
        if mailing.stream == "transactional":
            return super().send(mailing, messages, **options)
        return [Receipt(Outcome.UNKNOWN, provider_id="job-1", code="bulk-accepted")] * len(messages)


@pytest.mark.parametrize(
    ("job", "outcome"),
    [
        (Job("working", 3, 0, 0), ("unknown", "bulk-accepted")),
        (Job("completed", 3, 0, 3), ("rejected", "bulk-failed")),
    ],
)
def test_a_job_is_asked_what_became_of_copies_that_it_took_as_a_whole(
    database, watch, job, outcome
):
    provider = TakesWhole(watch)
    provider.turned_over = {"job-1": job}
    desk = desk_at(database, provider, watch)
    written_issue(desk, 3)
    desk.send(1, actor="test")

    let_pass(desk, watch, minutes=40)

    assert states(database) == {outcome: 3}
    assert provider.letters == []


def test_a_batch_whose_two_halves_were_settled_at_the_same_moment_does_not_stay_in_doubt(
    desk, provider, watch, database
):
    send(desk, provider, "answers")
    with database.writing() as session:
        session.execute(update(Batch).values(state="unknown"))  # as two transactions may leave it

    desk.dispatch.deliver()

    with database.reading() as session:
        assert set(session.execute(select(col(Batch.state))).scalars()) == {"done"}


def test_only_one_of_two_processes_looks(desk, provider, watch, database):
    send(desk, provider, "drops")
    with database.reading() as session:
        due = session.execute(select(Doubt)).scalars().all()
    patience = desk.dispatch.reconciler.patience()

    taken = [desk.dispatch.reconciler._take(doubt, patience) for doubt in (*due, *due)]

    assert taken == [True, True, False, False]


def test_the_report_says_how_often_it_was_looked_and_when_next(desk, provider, watch, database):
    send(desk, provider, "drops")
    desk.dispatch.deliver()
    watch.advance(minutes=2)
    desk.dispatch.deliver()

    first, second = desk.dispatch.doubts(1).lines()

    assert first == "3 in doubt, the search still has time: looked 2 times, next 09:02:30 UTC"
    assert second == "2 in doubt, the search still has time: looked 2 times, next 09:02:30 UTC"
