"""Batches that carry an edition: prepared before a claim, told apart, and never mixed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from newsletter.content.catalogue.store import save
from newsletter.delivery import books
from newsletter.delivery.forecasting import Forecast
from newsletter.delivery.guards import Guards
from newsletter.delivery.models import Batch
from newsletter.delivery.ramp import Ramp
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.editions.models import Edition
from newsletter.issues.states import IssueState
from subscribers.wishes import Wishes, choose
from tests.factories import (
    MONDAY,
    SEEN,
    add_subscribers,
    make_comparison,
    make_desk,
    make_tool,
    refitted,
)

TOPICS = {1: "Design", 2: "Design", 3: "Security", 4: "Writing"}
"""What some of the eight readers chose; the issue has nothing on writing."""


@pytest.fixture
def issue(database):
    with database.writing() as session:
        for name, category in (("brush", "Design"), ("lock", "Security")):
            tools = (make_tool(f"{name}-{side}", category=category) for side in "ab")
            save(session, make_comparison(*tools), now=SEEN)
        for number, reader in enumerate(add_subscribers(session, 8), start=1):
            if topic := TOPICS.get(number):
                wishes = Wishes(topics=frozenset({topic}))
                choose(session, reader.public_id, wishes, now=SEEN, source="test")
    desk = make_desk(database)
    return desk.build(desk.slots.next(), actor="test").number


def keys(transport):
    return {
        message.to.removesuffix("@example.org"): mailing.key
        for mailing, message in transport.sent
        if mailing.stream == "broadcast"
    }


def test_each_reader_gets_their_edition_and_everybody_else_the_whole_issue(database, issue):
    transport = MemoryTransport()

    done = make_desk(database, transport).send(issue, actor="test")

    assert keys(transport) == {
        "reader1": "issue-1-e1",
        "reader2": "issue-1-e1",
        "reader3": "issue-1-e2",
        **{f"reader{number}": "issue-1" for number in range(5, 9)},
    }
    assert done.equation == "8 eligible = 7 accepted + 0 rejected + 1 skipped + 0 held"
    assert make_desk(database).issue(issue).state == IssueState.SETTLED


def test_an_edition_leaves_in_the_name_of_its_issue_with_its_own_subject(database, issue):
    transport = MemoryTransport()
    make_desk(database, transport).send(issue, actor="test")

    by_key = {mailing.key: mailing for mailing, _ in transport.sent}
    whole, edition = by_key["issue-1"], by_key["issue-1-e2"]

    assert edition.headers == whole.headers
    assert "Lock A" in edition.subject
    assert "Brush" not in "".join(edition.text.parts)


def test_the_mailing_of_an_edition_says_how_many_copies_there_are_in_all_its_batches(
    database, issue
):
    transport = MemoryTransport()
    make_desk(database, transport, batch_size=1).send(issue, actor="test")

    copies = {mailing.key: mailing.copies for mailing, _ in transport.sent}

    assert copies["issue-1"] is None
    assert (copies["issue-1-e1"], copies["issue-1-e2"]) == (2, 1)


def test_a_batch_holds_one_edition(database, issue):
    desk = make_desk(database, batch_size=2)
    desk.dispatch.start(issue, actor="test")

    with database.reading() as session:
        found = session.exec(select(Batch).order_by(col(Batch.number))).all()
        editions = books.editions(session, issue)

    assert [(batch.number, batch.edition, batch.size) for batch in found] == [
        (1, 1, 2),
        (2, 2, 1),
        (3, None, 2),
        (4, None, 2),
    ]
    assert {key: share.copies for key, share in editions.items()} == {
        (1, "topics"): 2,
        (2, "topics"): 1,
    }


def test_an_edition_that_cannot_be_written_pauses_the_issue_before_any_batch_is_touched(
    database, issue
):
    transport = MemoryTransport()
    desk = make_desk(database, transport)
    desk.dispatch.start(issue, actor="test")
    with database.writing() as session:
        edition = session.get_one(Edition, (issue, 2))
        edition.subject, edition.content_hash = "Two\nlines", "frozen"

    desk.dispatch.sender.send_due()

    assert transport.asked == []
    held = desk.issue(issue)
    assert held.state == IssueState.HELD
    assert "unsafe-header" in (held.note or "")


def test_an_edition_is_prepared_once_a_pass_and_its_batches_cost_as_much_as_any(database, issue):
    with database.writing() as session:
        for reader in add_subscribers(session, 30)[8:]:
            wishes = Wishes(topics=frozenset({"Design"}))
            choose(session, reader.public_id, wishes, now=SEEN, source="test")
    desk = make_desk(database, batch_size=2)
    desk.dispatch.start(issue, actor="test")
    make_desk(database).dispatch.sender._mailing(desk.issue(issue), 1)
    counted = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))

    sent = desk.dispatch.sender.send_due()

    assert sent.messages == 29
    letters = [line for line in counted if "FROM editions" in line]
    batches = [line for line in counted if line.startswith("UPDATE batches SET state")]
    assert len(letters) == 2 * 2  # two editions: checked before any claim, then written
    assert len(batches) >= 15


def test_an_edition_in_a_wave_is_not_even_prepared_before_its_hour(database, issue):
    nine = MONDAY + timedelta(weeks=1)
    desk = make_desk(database, now=nine - timedelta(hours=1))
    desk.dispatch.start(issue, actor="schedule", scheduled=True)
    desk.dispatch.deliver()

    with database.reading() as session:
        assert [one.content_hash for one in session.exec(select(Edition))] == ["", ""]
    later = MemoryTransport()
    make_desk(database, later, now=nine).dispatch.deliver()
    assert len(keys(later)) == 7


@pytest.mark.parametrize("ramp", [None, Ramp(("reader1@example.org", "reader6@example.org"))])
@pytest.mark.parametrize("batch_size", [1, 2, 3])
def test_what_a_rehearsal_counts_is_what_is_frozen_then(database, issue, batch_size, ramp):
    desk = make_desk(database, batch_size=batch_size)
    desk = refitted(desk, sender=replace(desk.dispatch.sender, guards=Guards(ramp=ramp)))
    told = desk.rehearse(desk.issue(issue))
    with database.reading() as session:
        written = session.exec(select(Edition)).all()

    desk.dispatch.start(issue, actor="test")

    assert written == []
    with database.reading() as session:
        batches = session.exec(select(Batch)).all()
        editions = len(session.exec(select(Edition)).all())
    letters = sum(batch.size for batch in batches)
    assert told == Forecast(8, letters, editions, len(batches))
