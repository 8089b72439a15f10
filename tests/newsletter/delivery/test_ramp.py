from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlmodel import col

from newsletter.delivery.guards import Guards
from newsletter.delivery.lateness import Span
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Batch, Delivery, DeliveryState
from newsletter.delivery.ramp import Ramp, Stage, Stages
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueState
from subscribers.models import Subscriber
from tests.factories import (
    MONDAY,
    add_many_subscribers,
    add_subscribers,
    make_desk,
    refitted,
    store_comparisons,
)

REST = timedelta(minutes=15)
SEEDS = ("reader3@example.org", "READER7@example.org", "nobody@example.org")
READERS = 240
"""Enough for one of the few at least, whatever ids they have."""

issues, ids = st.integers(1, 100_000), st.integers(1, 2**31 - 1)


@given(issues, ids)
def test_the_stage_of_a_reader_is_always_the_same(issue_number, who):
    stages = Stages(issue_number, frozenset())

    assert stages.of(who) is Stages(issue_number, frozenset()).of(who)
    assert stages.of(who) is not Stage.SEEDS
    assert Stages(issue_number, frozenset({who})).of(who) is Stage.SEEDS


@pytest.mark.parametrize("issue_number", [1, 2, 52, 1000])
@pytest.mark.parametrize("step", [1, 2, 7, 100])
def test_one_in_a_hundred_goes_first_however_ids_were_given(issue_number, step):
    stages = Stages(issue_number, frozenset())

    few = sum(stages.of(step * who) is Stage.FEW for who in range(1, 100_001))

    assert 900 <= few <= 1100


def test_hardly_anybody_is_a_canary_twice_in_a_row():
    first, second = ({who for who in range(1, 100_001) if Stages(number, frozenset()).of(who) is Stage.FEW} for number in (7, 8))  # fmt: skip

    assert len(first & second) < 100


def test_the_database_counts_the_few_as_python_does(database):
    rows = [1, 2, 3, 99, 100, 12_345, 2**24, 2**31 - 1, *range(500, 1500)]
    stages = Stages(41, frozenset({2, 99}))
    with database.writing() as session:
        person = add_subscribers(session, 1)[0].model_dump()
        session.execute(
            insert(Subscriber),
            [
                person | {"id": who, "public_id": f"p{who}", "email": f"{who}@example.org", "address_key": f"{who}", "address_hash": f"{who}"}
                for who in rows
                if who != person["id"]
            ],
        )  # fmt: skip
    found: defaultdict[Stage, set[int]] = defaultdict(set)
    with database.reading() as session:
        for stage, condition in stages.conditions():
            found[stage] = set(
                session.execute(select(col(Subscriber.id)).where(condition)).scalars()
            )

    few = {who for who in rows if stages.of(who) is Stage.FEW}
    assert found[Stage.SEEDS] == {2, 99}
    assert found[Stage.FEW] - {2, 99, person["id"]} == few - {person["id"]}
    assert found[Stage.ALL] == {*rows, person["id"]}


@pytest.fixture
def issue(database):
    with database.writing() as session:
        store_comparisons(session, 2)
        add_many_subscribers(session, READERS)
    return build(database)


def build(database):
    desk = make_desk(database)
    return desk.build(desk.slots.next(), actor="test").number


def ramped(database, transport, minutes=0, ramp=Ramp(SEEDS, REST)):  # noqa: B008  # a value
    desk = make_desk(database, transport, now=MONDAY + timedelta(minutes=minutes), batch_size=50)
    return refitted(desk, sender=replace(desk.dispatch.sender, guards=Guards(ramp=ramp)))


def addressees(transport):
    return sorted(m.to for mailing, m in transport.asked if mailing.stream == "broadcast")


def test_seeds_go_first_then_the_few_then_all_with_a_rest_between(database, issue):
    transports = [MemoryTransport() for _ in range(5)]
    ramped(database, transports[0]).send(issue, actor="test")
    for transport, minutes in zip(transports[1:], (14, 16, 30, 32), strict=True):
        ramped(database, transport, minutes).dispatch.deliver()

    seeds, too_early, few, too_early_again, rest = map(addressees, transports)
    assert seeds == ["reader3@example.org", "reader7@example.org"]
    assert (too_early, too_early_again) == ([], [])
    assert 1 <= len(few) <= 4
    assert len(rest) == READERS - len(seeds) - len(few)
    assert make_desk(database).issue(issue).state == IssueState.SETTLED


def test_without_a_rest_one_pass_does_all_stages_in_order(database, issue):
    transport = MemoryTransport()

    ramped(database, transport, ramp=Ramp(SEEDS, timedelta(0))).send(issue, actor="test")

    order = [message.to for _, message in transport.asked]
    assert set(order[:2]) == {"reader3@example.org", "reader7@example.org"}
    assert len(order) == READERS


def test_a_stage_in_doubt_keeps_the_next_one_waiting(database, issue):
    doubtful = MemoryTransport(lambda _: Receipt(Outcome.UNKNOWN, code="no-answer"))
    ramped(database, doubtful).dispatch.start(issue, actor="test")
    ramped(database, doubtful).dispatch.sender.send_due()
    later = MemoryTransport()

    ramped(database, later, 300).dispatch.sender.send_due()

    assert addressees(later) == []


def test_a_stage_whose_doubt_waits_for_a_person_keeps_the_next_one_waiting(database, issue):
    doubtful = MemoryTransport(lambda _: Receipt(Outcome.UNKNOWN, code="connection-lost"))
    ramped(database, doubtful).send(issue, actor="test")
    ramped(database, doubtful, 1).dispatch.deliver()
    assert make_desk(database).dispatch.books(issue).count(DeliveryState.HELD) == 2
    later = MemoryTransport()

    ramped(database, later, 300).dispatch.sender.send_due()
    assert addressees(later) == []

    desk = ramped(database, later, 300)
    desk.dispatch.settle_unknown(issue, "held", actor="editor")
    desk.dispatch.sender.send_due()
    assert addressees(later) != []


def test_a_seed_whose_mailbox_is_full_for_ever_keeps_nobody_waiting(database, issue):
    ramped(database, MemoryTransport()).send(issue, actor="test")
    with database.writing() as session:
        seeds = col(Delivery.batch).in_(
            select(col(Batch.number)).where(col(Batch.stage) == Stage.SEEDS.value)
        )
        put_off = {"state": "held", "reason": "deferred-452", "attempt_id": "the last of eight"}
        session.execute(update(Delivery).where(seeds).values(**put_off))
    few = MemoryTransport()

    ramped(database, few, 16).dispatch.deliver()

    assert 1 <= len(addressees(few)) <= 4


def test_each_wave_has_stages_of_its_own(database, issue):
    ramped(database, MemoryTransport()).dispatch.start(issue, actor="test")
    with database.writing() as session:
        sizes = {
            row.number: row.size
            for row in session.execute(select(col(Batch.number), col(Batch.size)))
        }
        seeds, few, *rest = sorted(sizes)
        east, west = [seeds, *rest[::2]], [few, *rest[1::2]]
        for numbers, wave_at in ((east, MONDAY), (west, MONDAY + timedelta(hours=1))):
            of_wave = update(Batch).where(col(Batch.number).in_(numbers))
            session.execute(of_wave.values(wave_at=wave_at))
    transports = [MemoryTransport() for _ in range(3)]
    for transport, minutes in zip(transports, (0, 60, 76), strict=True):
        ramped(database, transport, minutes).dispatch.deliver()

    first, second, third = (len(addressees(transport)) for transport in transports)
    assert first == sizes[seeds]
    assert second == sum(sizes[number] for number in (*rest[::2], few))
    assert third == sum(sizes[number] for number in rest[1::2])


def test_a_stage_that_is_still_under_way_keeps_the_next_one_waiting(database, issue):
    desk = ramped(database, MemoryTransport())
    desk.dispatch.start(issue, actor="test")
    held = desk.dispatch.sender._claim(issue)

    assert held is not None
    assert desk.dispatch.sender._claim(issue) is None


def test_a_seed_whose_wave_comes_later_keeps_nobody_waiting(database, issue):
    desk = ramped(database, MemoryTransport())
    desk.dispatch.start(issue, actor="test")
    with database.writing() as session:
        seeds = col(Batch.stage) == Stage.SEEDS.value
        later = MONDAY + timedelta(hours=3)
        session.execute(update(Batch).where(seeds).values(wave_at=later))
    transport = MemoryTransport()

    ramped(database, transport).dispatch.deliver()

    assert 1 <= len(addressees(transport)) <= 4


def test_a_breaker_that_opens_on_the_few_keeps_the_rest_at_home(database, issue):
    ramped(database, MemoryTransport()).send(issue, actor="test")
    ramped(database, MemoryTransport(), 16).dispatch.deliver()
    with database.writing() as session:
        sent = col(Delivery.state) == "accepted"
        session.execute(update(Delivery).where(sent).values(feedback="complained"))
    rest = MemoryTransport()

    ramped(database, rest, 40).dispatch.deliver()

    assert addressees(rest) == []
    assert (make_desk(database).issue(issue).note or "").startswith("code complaints: ")


def test_readers_with_wishes_of_their_own_have_stages_too(database):
    with database.writing() as session:
        store_comparisons(session, 4)
        add_many_subscribers(session, READERS)
        session.execute(update(Subscriber).values(tailored=True))
    issue = build(database)
    transport = MemoryTransport()

    ramped(database, transport).dispatch.start(issue, actor="test")

    with database.reading() as session:
        stages = Counter(
            session.execute(
                select(col(Batch.stage)).join(Delivery, (col(Delivery.batch) == col(Batch.number)))
            ).scalars()
        )
    assert stages[Stage.SEEDS] == 2
    assert 1 <= stages[Stage.FEW] <= 4
    assert stages.total() == READERS


def test_a_ramp_that_was_turned_off_meanwhile_holds_nobody_back(database, issue):
    ramped(database, MemoryTransport()).send(issue, actor="test")
    rest = MemoryTransport()

    ramped(database, rest, ramp=None).dispatch.deliver()

    assert len(addressees(rest)) == READERS - 2


def test_an_issue_that_began_without_a_ramp_is_not_held_back_by_one(database, issue):
    ramped(database, MemoryTransport(), ramp=None).dispatch.start(issue, actor="test")
    transport = MemoryTransport()

    ramped(database, transport).dispatch.deliver()

    assert len(addressees(transport)) == READERS


def test_an_issue_has_time_for_the_rests_of_its_ramp_however_long_they_are(database, issue):
    slow = Ramp(SEEDS, timedelta(minutes=200))
    transport = MemoryTransport()
    ramped(database, transport, ramp=slow).send(issue, actor="test")

    for minutes in range(20, 800, 20):
        ramped(database, transport, minutes, ramp=slow).dispatch.deliver()

    left = make_desk(database).issue(issue)
    assert len(addressees(transport)) == READERS
    assert (left.state, left.not_after) == (
        IssueState.SETTLED,
        MONDAY + timedelta(minutes=2 * 200) + timedelta(hours=6),
    )


@pytest.mark.parametrize(("rest", "noted"), [(60, False), (61, True)])
def test_an_end_that_leaves_the_ramp_no_time_is_noted_before_it_begins(
    database, issue, rest, noted
):
    desk = ramped(database, MemoryTransport(), ramp=Ramp(SEEDS, timedelta(minutes=rest)))
    its_hour = MONDAY + timedelta(weeks=1)
    desk.set_span(issue, Span(not_after=its_hour + timedelta(hours=2)), actor="editor")

    found = {finding.code for finding in desk.preflight(desk.issue(issue))}

    assert ("end-too-early" in found) is noted
