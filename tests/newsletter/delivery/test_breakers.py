from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlmodel import col

from newsletter.delivery.breakers import Figures, Limits, tripped
from newsletter.delivery.guards import Guards
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Batch, BatchState, Delivery
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueEvent, IssueState
from tests.factories import MONDAY, add_many_subscribers, make_desk, refitted, store_comparisons

USUAL = Limits(rejections=10, bounces=5, complaints=0.1)

counts = st.integers(min_value=0, max_value=200_000)


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        (Figures(100, accepted=100), None),
        (Figures(100, accepted=101), "accepted-over-audience"),
        (Figures(100, accepted=50, foreign=1), "foreign-copies"),
        (Figures(100, accepted=17, rejected=2, full_batch=10), None),
        (Figures(100, accepted=18, rejected=2, full_batch=10), "rejections"),
        (Figures(100, accepted=19, rejected=1, full_batch=10), None),
        (Figures(900, accepted=80, rejected=19, full_batch=100), None),
        (Figures(900, accepted=81, rejected=19, full_batch=100), "rejections"),
        (Figures(900, accepted=100, bounced=9), None),
        (Figures(900, accepted=200, bounced=10), "bounces"),
        (Figures(900, accepted=201, bounced=10), None),
        (Figures(900, accepted=100, complained=2), None),
        (Figures(9000, accepted=3000, complained=3), "complaints"),
        (Figures(9000, accepted=3001, complained=3), None),
    ],
)
def test_a_breaker_opens_at_its_share_and_not_below_its_floor(figures, code):
    trip = tripped(figures, USUAL, {})

    assert (trip.code if trip else None) == code


def test_what_was_passed_opens_again_when_it_has_doubled():
    seen = Figures(900, accepted=200, bounced=10)

    assert tripped(replace(seen, bounced=19), USUAL, {"bounces": 10}) is None
    assert tripped(replace(seen, bounced=20), USUAL, {"bounces": 10}) is not None


def test_passing_one_breaker_passes_no_other():
    both = Figures(900, accepted=200, bounced=10, complained=3)

    trip = tripped(both, USUAL, {"bounces": 10})

    assert trip is not None
    assert trip.code == "complaints"


@given(st.builds(Figures, *[counts] * 7))
def test_a_breaker_whose_figure_is_passed_is_silent_and_one_that_opens_has_doubled(figures):
    passed: dict[str, int] = {}
    while trip := tripped(figures, USUAL, passed):
        assert trip.figure > 0
        assert trip.figure >= 2 * passed.get(trip.code, 0)
        assert trip.code not in passed
        passed[trip.code] = trip.figure


@given(st.builds(Figures, *[counts] * 6), st.integers(1, 50))
def test_more_bounces_never_close_a_breaker(figures, more):
    worse = replace(figures, bounced=figures.bounced + more)

    assert tripped(figures, USUAL, {}) is None or tripped(worse, USUAL, {}) is not None


def test_the_detail_begins_with_the_figure():
    trip = tripped(Figures(900, accepted=200, bounced=12), USUAL, {})

    assert trip is not None
    assert trip.detail == "12 of 200 accepted copies bounced for good; the limit is 5 %."


@pytest.fixture
def issue(database):
    with database.writing() as session:
        store_comparisons(session, 2)
        add_many_subscribers(session, 60)
    desk = make_desk(database)
    return desk.build(desk.slots.next(), actor="test").number


def rejecting(share: int) -> MemoryTransport:
    """Rejects every so many-th letter, as a provider does whose list of inactive ones is long."""
    seen: list[str] = []

    def answer(message):
        if message.delivery_id.startswith("notice"):
            return Receipt(Outcome.ACCEPTED)
        seen.append(message.to)
        refused = len(seen) % share == 0
        return Receipt(Outcome.REJECTED if refused else Outcome.ACCEPTED, code="406")

    return MemoryTransport(answer)


def letters(transport: MemoryTransport) -> int:
    return sum(mailing.stream == "broadcast" for mailing, _ in transport.asked)


def notices(transport: MemoryTransport) -> list[str]:
    return [mailing.subject for mailing, _ in transport.sent if mailing.stream == "transactional"]


def test_too_many_rejections_stop_the_issue_after_the_first_full_batch_and_tell_why(
    database, issue
):
    transport = rejecting(2)

    make_desk(database, transport, batch_size=20).send(issue, actor="test")

    stopped = make_desk(database).issue(issue)
    assert letters(transport) == 20
    assert stopped.state == IssueState.HELD
    assert stopped.note == "code rejections: 10 of 20 copies were rejected; the limit is 10 %."
    assert notices(transport) == [
        f"Weekly Verdict: Issue {issue} is paused: too many copies were rejected"
    ]


def test_who_resumes_lets_the_figure_pass_until_it_has_doubled(database, issue):
    transport = rejecting(2)
    desk = make_desk(database, transport, batch_size=20)
    desk.send(issue, actor="test")

    desk.resume(issue, actor="editor")
    desk.dispatch.deliver()
    again = letters(transport), desk.issue(issue).state
    desk.resume(issue, actor="editor")
    desk.dispatch.deliver()

    assert again == (40, IssueState.HELD)
    assert (letters(transport), desk.issue(issue).state) == (60, IssueState.SETTLED)


def test_a_pause_by_hand_passes_nothing(database, issue):
    transport = rejecting(2)
    desk = make_desk(database, transport, batch_size=20)
    desk.dispatch.start(issue, actor="test")
    desk.change(issue, IssueEvent.PAUSED, actor="editor", reason="code rejections are many")
    desk.resume(issue, actor="editor")

    desk.dispatch.deliver()

    assert letters(transport) == 20


@pytest.mark.parametrize(("feedback", "copies", "code"), [("bounced", 10, "bounces"), ("complained", 3, "complaints")])  # fmt: skip
def test_what_readers_and_their_mailboxes_say_stops_the_next_wave(
    database, issue, feedback, copies, code
):
    desk = make_desk(database, MemoryTransport(), batch_size=20)
    desk.dispatch.start(issue, actor="test")
    wait(database, batch_from=2, until=MONDAY + timedelta(hours=1))
    desk.dispatch.deliver()
    with database.writing() as session:
        told = select(col(Delivery.subscriber_id)).where(col(Delivery.batch) == 1).limit(copies)
        session.execute(
            update(Delivery).where(col(Delivery.subscriber_id).in_(told)).values(feedback=feedback)
        )
    later = MemoryTransport()

    make_desk(database, later, now=MONDAY + timedelta(hours=2), batch_size=20).dispatch.deliver()

    assert letters(later) == 0
    assert (desk.issue(issue).note or "").startswith(f"code {code}: {copies} of 20 accepted")


def wait(database, *, batch_from, until):
    """Make the later batches a later wave."""
    with database.writing() as session:
        session.execute(update(Batch).where(col(Batch.number) >= batch_from).values(wave_at=until))


def test_limits_are_those_of_the_operator(database, issue):
    transport = rejecting(2)
    desk = make_desk(database, transport, batch_size=20)
    patient = replace(desk.dispatch.sender, guards=Guards(limits=Limits(rejections=60)))

    refitted(desk, sender=patient).send(issue, actor="test")

    assert letters(transport) == 60


class Remembering(MemoryTransport):
    """A provider that knows of so many copies, whoever handed them over."""

    def __init__(self, known: int | None) -> None:
        super().__init__()
        self.known = known
        self.tags: list[tuple[str, str]] = []

    def count(self, tag: str, stream: str) -> int | None:
        self.tags.append((tag, stream))
        return self.known


def test_copies_that_only_the_provider_knows_stop_the_issue_before_its_first_letter(
    database, issue
):
    restored = Remembering(40)

    make_desk(database, restored, batch_size=20).send(issue, actor="test")

    assert letters(restored) == 0
    assert restored.tags == [(f"issue-{issue}", "broadcast")]
    assert (make_desk(database).issue(issue).note or "").startswith("code foreign-copies: 40 ")


@pytest.mark.parametrize("known", [None, 0, 20])
def test_copies_that_are_in_the_books_are_no_foreign_ones(database, issue, known):
    desk = make_desk(database, MemoryTransport(), batch_size=20)
    desk.dispatch.start(issue, actor="test")
    wait(database, batch_from=2, until=MONDAY + timedelta(hours=1))
    desk.dispatch.deliver()
    later = Remembering(known)

    make_desk(database, later, now=MONDAY + timedelta(hours=2), batch_size=20).dispatch.deliver()

    assert letters(later) == 40


def test_copies_in_doubt_may_be_those_that_the_provider_knows(database, issue):
    doubtful = MemoryTransport(lambda _: Receipt(Outcome.UNKNOWN, code="no-answer"))
    desk = make_desk(database, doubtful, batch_size=20)
    desk.dispatch.start(issue, actor="test")
    wait(database, batch_from=2, until=MONDAY + timedelta(hours=1))
    desk.dispatch.sender.send_due()
    later = Remembering(20)

    make_desk(database, later, now=MONDAY + timedelta(hours=2)).dispatch.sender.send_due()

    assert letters(later) == 40


def test_copies_that_a_person_gave_up_in_doubt_may_have_left_all_the_same(database, issue):
    doubtful = MemoryTransport(lambda _: Receipt(Outcome.UNKNOWN, code="no-answer"))
    desk = make_desk(database, doubtful, batch_size=20)
    desk.dispatch.start(issue, actor="test")
    wait(database, batch_from=2, until=MONDAY + timedelta(hours=1))
    desk.dispatch.sender.send_due()
    desk.dispatch.settle_unknown(issue, "held", actor="editor")
    later = Remembering(20)

    make_desk(database, later, now=MONDAY + timedelta(hours=2)).dispatch.sender.send_due()

    assert letters(later) == 40


def test_evidence_that_was_written_down_with_the_copies_alone_counts_as_known(database, issue):
    desk = make_desk(database, MemoryTransport(), batch_size=20)
    desk.dispatch.start(issue, actor="test")
    wait(database, batch_from=2, until=MONDAY + timedelta(hours=1))
    desk.dispatch.deliver()
    with database.writing() as session:
        session.execute(update(Batch).values(accepted=0))
    later = Remembering(20)

    make_desk(database, later, now=MONDAY + timedelta(hours=2)).dispatch.sender.send_due()

    assert letters(later) == 40


def test_answers_are_counted_once_however_often_they_are_written_down(database, issue):
    desk = make_desk(database, MemoryTransport(), batch_size=60)
    desk.dispatch.start(issue, actor="test")
    held = desk.dispatch.sender._claim(issue)
    assert held is not None
    receipts = [Receipt(Outcome.ACCEPTED, provider_id=str(n)) for n in range(60)]

    for _ in range(3):
        desk.dispatch.sender._handing().record(held, receipts)

    with database.reading() as session:
        [batch] = session.execute(select(Batch)).scalars()
    assert (batch.accepted, batch.state) == (60, BatchState.DONE)
