"""The letter about a correction reaches exactly those who got the wrong line, each of them once."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from newsletter import personal_data
from newsletter.correction_letters import ordering
from newsletter.correction_letters.audience import Audience, audience
from newsletter.correction_letters.ordering import NobodyToTell, StillLeaving
from newsletter.correction_letters.sending import send_corrections
from newsletter.corrections import store
from newsletter.corrections.store import Erratum, NoSuchCorrection
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Delivery
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.feedback.inbox import named
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.issues.seen import ChangedMeanwhile
from newsletter.issues.states import IssueState
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import NoticeRow, write_to
from newsletter.notices.sending import LEASE
from subscribers import queries, unsubscribe, wishes
from subscribers.address import Address
from subscribers.models import Subscriber
from subscribers.wishes import Wishes
from tests.factories import MONDAY, make_comparison, make_tool
from tests.newsletter.corrections.correcting import BY, correct, entry_price, let_leave

NOT_TAKEN = Receipt(Outcome.NOT_TAKEN, code="450")


class Small(MemoryTransport):
    """Takes two at a time."""

    most = 2


class Dies(Small):
    """Takes a batch and is gone before it can say so."""

    def send(self, mailing, messages):
        super().send(mailing, messages)
        raise ZeroDivisionError


def order(service, correction=None):
    """Publish a correction if there is none, and tell everybody who got the line."""
    with service.database.writing() as session:
        correction = correction or correct(session)
        goes = audience(session, correction, now=MONDAY).goes
        ordering.tell_those_who_got_it(session, correction.id, expected=goes, now=MONDAY)
    return correction


def send(service, transport, later=timedelta(0)):
    sender = replace(service.dispatch.sender, transport=transport, clock=lambda: MONDAY + later)
    return send_corrections(sender)


def states(service):
    with service.database.reading() as session:
        rows = session.exec(select(NoticeRow.state).where(NoticeRow.kind == "correction"))
        return dict(Counter(rows))


def to(transport):
    return sorted(message.to for _, message in transport.asked)


def readers(*numbers):
    return [f"reader{number}@example.org" for number in numbers]


def change_copies(service, number, **values):
    with service.database.writing() as session:
        reader = queries.by_address(session, Address.parse(f"reader{number}@example.org"))
        session.execute(
            update(Delivery).where(col(Delivery.subscriber_id) == reader.id).values(values)
        )


def leaves(service, number):
    with service.database.writing() as session:
        reader = queries.by_address(session, Address.parse(f"reader{number}@example.org"))
        unsubscribe.unsubscribe(session, reader.public_id, now=MONDAY, source="test")


def test_it_goes_to_those_who_got_it_and_are_there_and_the_count_says_so_before(service):
    let_leave(service, readers=7)
    leaves(service, 1)
    change_copies(service, 2, feedback="bounced")
    change_copies(service, 3, state="rejected")
    change_copies(service, 4, state="unknown", attempt_id="lost")
    change_copies(service, 5, state="held", reason="deferred-450")
    with service.database.writing() as session:
        before = audience(session, correct(session), now=MONDAY)
    transport = MemoryTransport()
    with service.database.reading() as session:
        correction = store.of_issues(session, [1])[1][0]

    order(service, correction)

    assert send(service, transport) == 3
    assert to(transport) == readers(4, 6, 7)
    assert (before, before.away) == (Audience(had=5, told=0, bounced=1, goes=3), 1)


def test_pressed_twice_or_for_other_people_than_were_shown_nobody_gets_a_second_one(service):
    let_leave(service)
    correction, transport = order(service), MemoryTransport()

    with service.database.writing() as session:
        counted = audience(session, correction, now=MONDAY)
        with pytest.raises(NobodyToTell):
            ordering.tell_those_who_got_it(session, correction.id, expected=0, now=MONDAY)
    send(service, transport)
    send(service, transport)
    with service.database.writing() as session:
        other = correct(session, entry_price(session.get_one(Issue, 1), place=1))
        with pytest.raises(ChangedMeanwhile):
            ordering.tell_those_who_got_it(session, other.id, expected=4, now=MONDAY)

    assert counted == Audience(had=3, told=3, bounced=0, goes=0)
    assert to(transport) == readers(1, 2, 3)


def test_whoever_gets_the_line_later_is_told_later(service):
    let_leave(service)
    change_copies(service, 3, state="queued")
    correction, transport = order(service), MemoryTransport()
    change_copies(service, 3, state="accepted")

    order(service, correction)
    send(service, transport)

    assert to(transport) == readers(1, 2, 3)


def test_while_the_issue_leaves_nobody_is_told(service):
    let_leave(service)
    with service.database.writing() as session:
        session.get_one(Issue, 1).state = IssueState.SENDING.value
    with pytest.raises(StillLeaving):
        order(service)


def test_a_process_that_dies_with_a_batch_in_hand_leaves_doubt_and_no_second_letter(service):
    let_leave(service, readers=5)
    order(service)
    died, then = Dies(), Small()

    with pytest.raises(ZeroDivisionError):
        send(service, died)
    send(service, then)
    in_hand = states(service)
    send(service, then, later=LEASE + timedelta(seconds=1))

    assert sorted(to(died) + to(then)) == readers(1, 2, 3, 4, 5)
    assert in_hand == {"sending": 2, "accepted": 3}
    assert states(service) == {"unknown": 2, "accepted": 3}


def test_what_was_not_taken_leaves_later_and_a_lost_answer_does_not(service):
    let_leave(service)
    order(service)
    answers = {readers(1)[0]: NOT_TAKEN, readers(2)[0]: Receipt(Outcome.UNKNOWN, code="lost")}
    first = MemoryTransport(lambda message: answers.get(message.to, Receipt(Outcome.ACCEPTED)))
    second = MemoryTransport()

    assert send(service, first) == 1
    assert send(service, second) == 0
    assert send(service, second, later=timedelta(hours=1)) == 1
    assert to(second) == readers(1)
    assert states(service) == {"accepted": 2, "unknown": 1}


def test_a_line_that_is_down_is_not_tried_with_every_batch(service):
    let_leave(service, readers=5)
    order(service)
    down = Small(lambda _message: NOT_TAKEN)

    send(service, down)

    assert len(down.asked) == 2


def test_whoever_leaves_after_the_order_gets_nothing(service):
    let_leave(service)
    order(service)
    leaves(service, 2)
    with service.database.writing() as session:
        gone = queries.by_address(session, Address.parse(readers(3)[0]))
        personal_data.erase(session, gone.public_id, now=MONDAY)
    transport = MemoryTransport()

    send(service, transport)

    assert to(transport) == readers(1)
    assert states(service) == {"accepted": 1, "skipped": 1}


@pytest.mark.parametrize("word", [store.amend, store.withdraw])
def test_what_was_amended_or_withdrawn_before_it_left_does_not_leave(service, word):
    let_leave(service)
    correction, transport = order(service), MemoryTransport()
    with service.database.writing() as session:
        word(session, correction.id, "Something else", BY)
        with pytest.raises(NoSuchCorrection):
            ordering.tell_those_who_got_it(session, correction.id, expected=3, now=MONDAY)

    assert send(service, transport) == 0
    assert states(service) == {"skipped": 3}


def test_letters_of_other_kinds_are_not_kept_waiting_and_a_passive_host_sends_none(service):
    let_leave(service)
    order(service)
    with service.database.writing() as session:
        public_id = session.exec(select(Subscriber.public_id)).first()
        write_to(session, public_id, LetterKind.MANAGE, key="k", now=MONDAY)
    transport = MemoryTransport()
    sender = replace(service.dispatch.sender, transport=transport)
    mailroom = replace(service.mailroom, sender=sender)

    passive = replace(mailroom, sender=replace(sender, may_send=lambda: "a copy"))
    assert passive.send_letters() == 0
    assert mailroom.send_letters() == 4
    assert [mailing.key for mailing, _ in transport.sent] == ["manage", *["correction-1"] * 3]


def test_the_letter_is_a_newsletters_with_its_ways_out_and_names_nobodys_issue(service):
    let_leave(service, readers=1)
    order(service)
    transport = MemoryTransport()
    send(service, transport)

    [(mailing, message)] = transport.sent
    headers = {name: value.fill(message.values) for name, value in mailing.headers}
    text, html = mailing.text.fill(message.values), mailing.html.fill_html(message.values)
    out = f"/unsubscribe/{message.values['unsubscribe']}"
    assert mailing.stream == "broadcast"
    assert out in headers["List-Unsubscribe"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in (text, html):
        assert out in part
        assert "Free" in part
        assert "Right is: Paid" in part
        assert "/archive/1#c-left-" in part
    assert max(map(len, text.splitlines())) <= 100
    with service.database.reading() as session:
        assert (
            named(message.delivery_id).letter
            == session.exec(select(NoticeRow.public_id).where(NoticeRow.kind == "correction")).one()
        )


def wish(service, number, **wanted):
    with service.database.writing() as session:
        reader = queries.by_address(session, Address.parse(f"reader{number}@example.org"))
        wishes.choose(session, reader.public_id, Wishes(**wanted), now=MONDAY, source="test")


@pytest.fixture
def with_editions(service):
    """Issue 1 in three letters: whole (1, 2), only the first topic (3), only the other one (4)."""
    from newsletter.content.catalogue.store import save
    from tests.factories import SEEN, add_subscribers

    with service.database.writing() as session:
        for name, topic in (("violin", "Audio"), ("robot", "Developer Tools")):
            tools = make_tool(name, category=topic), make_tool(f"{name}-2", category=topic)
            save(session, make_comparison(*tools), now=SEEN)
        add_subscribers(session, 5, pepper=service.pepper)
    groups = {"Audio": "Audio", "Developer Tools": "Developer Tools"}
    wish(service, 3, topics=frozenset({groups["Audio"]}))
    wish(service, 4, topics=frozenset({"Coding"}))
    wish(service, 5, cadence="monthly")
    return service


def test_readers_of_editions_are_told_of_what_was_in_theirs(with_editions):
    service = with_editions
    service.desk.build(service.desk.slots.next(), actor="test")
    service.desk.send(1, actor="test")
    with service.database.writing() as session:
        issue = session.get_one(Issue, 1)
        rows = {row.tool_a.name: row.entry_id for row in frozen.view(issue).match_ups}
        print(
            {
                e.subscriber_id: (e.edition, e.state, e.reason)
                for e in session.exec(select(Delivery))
            },
            rows,
        )
