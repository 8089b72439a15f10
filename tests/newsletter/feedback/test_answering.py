"""A provider that answers that it writes to a mailbox no more is believed at once, and not for ever."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from newsletter import personal_data
from newsletter.database import Database
from newsletter.delivery.message import Closed, Message, Outcome, Receipt, Why
from newsletter.delivery.models import Delivery
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.desk import Desk
from newsletter.feedback import inbox
from newsletter.feedback.folding import fold_lot
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.reading import read
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import write_to
from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.models import StateChange, Subscriber
from subscribers.queries import locked_by_public_id
from subscribers.states import Event, State
from tests.factories import MONDAY, PEPPER, add_subscribers, make_desk, store_comparisons

WHO = "reader2@example.org"
WORDS = f'{{"ErrorCode":406,"Message":"Found inactive addresses: {WHO}."}}'
BEFORE = MONDAY - timedelta(days=1)


def inactive(why: Why = Why.UNTOLD, outcome: Outcome = Outcome.REJECTED) -> MemoryTransport:
    """A provider that writes to one reader no more."""

    def answer(message: Message) -> Receipt:
        if message.to == WHO:
            return Receipt(outcome, code="406", closed=Closed(why, WORDS))
        return Receipt(Outcome.ACCEPTED, provider_id=message.delivery_id)

    return MemoryTransport(answer)


@pytest.fixture
def desk_with(database: Database) -> Callable[[MemoryTransport], Desk]:
    """A desk with three readers, for any way out."""
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 3)
    return lambda transport: make_desk(database, transport)


def send(desk: Desk) -> None:
    desk.send(desk.build(desk.slots.next(), actor="test").number, actor="test")


def person(database: Database, email: str = WHO) -> Subscriber:
    with database.reading() as session:
        return session.exec(select(Subscriber).where(Subscriber.email == email)).one()


def changed(session: Any, *, suppressed: bool, at: Any, why: str | None = None) -> None:
    """Let Postmark tell of a suppression, or of its end."""
    told = {
        "RecordType": "SubscriptionChange",
        "MessageStream": "broadcast",
        "Recipient": WHO,
        "ChangedAt": at.isoformat(),
        "SuppressSending": suppressed,
        "SuppressionReason": why,
        "Origin": "Customer",
    }
    inbox.store(session, read(told), source="webhook", pepper=PEPPER, now=at)
    fold_lot(session, ("broadcast", "outbound"), now=at)


def says_yes(session: Any, at: Any) -> None:
    reader = locked_by_public_id(session, session.exec(_who()).one())
    assert reader is not None
    reader.state = State.UNSUBSCRIBED
    record(session, reader, Event.CONFIRMED, now=at, actor=Actor.READER)


def _who() -> Any:
    return select(Subscriber.public_id).where(Subscriber.email == WHO)


@pytest.mark.parametrize(
    ("why", "state", "reason"),
    [
        (Why.UNTOLD, State.SUPPRESSED, "not-taken-suppressed"),
        (Why.BOUNCE, State.BOUNCED, "not-taken-bounced"),
        (Why.COMPLAINT, State.COMPLAINED, "not-taken-complained"),
    ],
)
def test_an_inactive_reader_gets_no_further_issue_and_it_is_known_why(
    database, desk_with, why, state, reason
):
    send(desk_with(inactive(why)))

    assert person(database).state is state
    assert person(database, "reader1@example.org").state is State.ACTIVE
    with database.reading() as session:
        event = session.exec(select(ProviderEvent)).one()
        last = session.exec(select(StateChange).order_by(col(StateChange.id).desc())).first()
        copy = session.exec(select(Delivery).where(Delivery.state == "rejected")).one()
    assert (event.source, event.reason, event.stream) == ("answer", reason, "broadcast")
    assert (event.issue_number, event.body, event.folded_at) == (1, WORDS, MONDAY)
    assert (last.actor, last.reason) == (Actor.PROVIDER, reason)
    assert (copy.reason, copy.feedback) == ("406", "failed")
    assert WHO not in repr(event)


def test_what_was_only_put_off_closes_nobody(database, desk_with):
    send(desk_with(inactive(outcome=Outcome.NOT_TAKEN)))

    assert person(database).state is State.ACTIVE


def test_it_is_undone_like_any_other_word_of_the_provider(database, desk_with):
    send(desk_with(inactive()))
    with database.writing() as session:
        changed(session, suppressed=False, at=MONDAY + timedelta(hours=1))

    assert person(database).state is State.ACTIVE


@pytest.mark.parametrize("known", ["before", "after"])
def test_who_said_yes_since_it_stopped_is_not_closed_by_its_being_slow(database, desk_with, known):
    desk = desk_with(inactive())
    stop: dict[str, Any] = {
        "suppressed": True,
        "at": MONDAY - timedelta(days=2),
        "why": "HardBounce",
    }
    with database.writing() as session:
        if known == "before":
            changed(session, **stop)
        says_yes(session, BEFORE)
    send(desk)
    assert person(database).state is (State.ACTIVE if known == "before" else State.SUPPRESSED)

    with database.writing() as session:
        changed(session, **stop)
    assert person(database).state is State.ACTIVE


def test_a_complaint_that_it_knows_of_outlasts_a_yes(database, desk_with):
    with database.writing() as session:
        says_yes(session, BEFORE)
    send(desk_with(inactive(Why.COMPLAINT)))

    assert person(database).state is State.COMPLAINED


def test_the_answer_to_a_single_letter_counts_too(database, desk_with):
    desk = desk_with(inactive(Why.BOUNCE))
    with database.writing() as session:
        public_id = session.exec(_who()).one()
        write_to(session, public_id, LetterKind.MANAGE, key="a", now=MONDAY)
    desk.mailroom.send_letters()

    assert person(database).state is State.BOUNCED
    with database.reading() as session:
        event = session.exec(select(ProviderEvent)).one()
    assert (event.stream, event.issue_number) == ("outbound", None)


def test_its_words_are_in_the_readers_own_file_and_go_with_them(database, desk_with):
    send(desk_with(inactive()))
    with database.writing() as session:
        reader = person(database)
        [told] = personal_data.export(session, reader)["events"]
        assert told["body"] == WORDS
        personal_data.erase(session, reader.public_id, now=MONDAY)

        assert session.exec(select(ProviderEvent.body)).all() == [""]
