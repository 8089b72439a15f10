"""What is told changes whom it is about, and nobody else; what was answered is stored."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlmodel import col, select

from newsletter import personal_data
from newsletter.delivery.letterhead import delivery_id
from newsletter.delivery.models import Delivery
from newsletter.feedback.folding import fold_lot
from newsletter.feedback.inbox import named, store
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.reading import read
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import NoticeRow, write_to
from newsletter.service import Service
from subscribers import signup
from subscribers.address import Address
from subscribers.changing import record
from subscribers.consent import Actor, ConsentEvent
from subscribers.models import Subscriber
from subscribers.queries import locked_by_public_id
from subscribers.states import Event, State
from subscribers.suppression import release, suppress
from tests.factories import MONDAY
from tests.newsletter.feedback.telling import Told, issue_to
from tests.newsletter.plans import plans
from tests.snapshot import changed, snapshot
from tests.subscribers.people import yes


@pytest.fixture
def told(service: Service) -> Told:
    issue_to(service, 2)
    return Told(service)


def hear(told: Told, *events: dict[str, object]) -> Subscriber:
    for event in events:
        told.service.listener.hear(event)
    return told.person


def rows(service: Service) -> list[ProviderEvent]:
    with service.database.reading() as session:
        return list(session.exec(select(ProviderEvent).order_by(col(ProviderEvent.id))))


@pytest.mark.parametrize(
    ("name", "state", "feedback", "suppressed"),
    [
        ("HardBounce", State.BOUNCED, "bounced", "bounce"),
        ("BadEmailAddress", State.BOUNCED, "bounced", "bounce"),
        ("SpamComplaint", State.COMPLAINED, "complained", "complaint"),
        ("ManuallyDeactivated", State.SUPPRESSED, "rejected", None),
        ("Unsubscribe", State.UNSUBSCRIBED, None, None),
        ("SoftBounce", State.ACTIVE, "soft_bounced", None),
        ("Transient", State.ACTIVE, "deferred", None),
        ("SpamNotification", State.ACTIVE, "rejected", None),
        ("Blocked", State.ACTIVE, "rejected", None),
        ("AutoResponder", State.ACTIVE, None, None),
    ],
)
def test_a_bounce_changes_the_copy_and_its_reader(told, name, state, feedback, suppressed):
    person = hear(told, told.bounced(name))

    assert (person.state, told.copy.feedback, told.suppressed) == (state, feedback, suppressed)
    assert Told(told.service, 2).state() is State.ACTIVE


@pytest.mark.parametrize("name", ["SoftBounce", "DnsError", "Unknown"])
def test_where_postmark_gave_the_address_up_its_reader_is_closed_at_once(told, name):
    person = hear(told, told.bounced(name, Inactive=True))

    assert (person.state, told.copy.feedback, told.suppressed) == (
        State.BOUNCED,
        "bounced",
        "bounce",
    )


def test_the_same_event_is_stored_once(told):
    event = told.bounced()
    hear(told, event, event, event | {"Description": "told in other words"})

    assert len(rows(told.service)) == 1


def test_a_lost_answer_is_found_again_by_any_event_about_the_copy(service):
    issue_to(service, 1, accepted=False)
    told = Told(service)
    hear(told, told.delivered())

    assert (told.copy.state, told.copy.provider_id) == ("accepted", told.message)
    assert told.copy.feedback == "delivered"


def test_what_names_a_foreign_message_changes_nobody(told):
    before = snapshot(told.service.database)
    stranger = {"MessageID": "foreign", "Metadata": {"delivery-id": "1-ffffffffffffffffff"}}
    for event in (
        told.bounced(**stranger),
        told.bounced("SpamComplaint", **stranger),
        told.changed("ManualSuppression", **stranger),
        told.bounced(MessageID="foreign", Metadata={}),
        told.bounced(MessageID=None, Metadata={}, MessageStream="another"),
        told.opened(MessageID=None, Metadata={}),
        told.bounced(MessageID=None, Metadata={"delivery-id": "9" * 40 + "-ab"}, MessageStream=7),
        told.bounced(MessageID="foreign", Metadata={"delivery-id": "confirm.\x00"}),
    ):
        hear(told, event)

    assert set(changed(before, snapshot(told.service.database))) == {"provider_events"}


@pytest.mark.parametrize("stream", ["broadcast", "outbound"])
def test_a_change_by_hand_names_no_message_and_counts_by_its_address(told, stream):
    by_hand = {"MessageID": None, "Metadata": {}, "MessageStream": stream}
    hear(told, told.changed("ManualSuppression", origin="Customer", **by_hand))
    assert told.state() is State.SUPPRESSED

    hear(told, told.changed(None, hours=3, origin="Customer", **by_hand))
    assert told.state() is State.ACTIVE


def test_the_providers_own_name_of_a_copy_is_as_good_as_ours(told):
    hear(told, told.bounced(Metadata={}))

    assert told.state() is State.BOUNCED
    assert told.copy.feedback == "bounced"


def test_what_was_posted_without_its_mailbox_is_known_once_a_list_names_it(told):
    listed = told.bounced("Unsubscribe", Metadata={})
    hear(told, {name: listed[name] for name in listed.keys() - {"Email", "Metadata"}})
    assert told.state() is State.ACTIVE
    with told.service.database.writing() as session:
        store(session, read(listed), source="list", pepper=told.service.pepper, now=MONDAY)
    told.service.listener.fold()

    [event] = rows(told.service)
    assert (told.state(), event.issue_number) == (State.UNSUBSCRIBED, 1)


def test_two_who_leave_in_one_second_have_both_left_though_no_mailbox_is_told(told):
    other = Told(told.service, 2)
    hear(told, *(one.changed("ManualSuppression", Recipient=None) for one in (told, other)))

    assert (told.state(), other.state()) == (State.UNSUBSCRIBED, State.UNSUBSCRIBED)


def test_a_bounce_of_a_confirmation_letter_closes_the_request(service):
    with service.database.writing() as session:
        consent = yes(ConsentEvent.REQUESTED, at=MONDAY)
        asked = signup.request(
            session, Address.parse("reader1@example.org"), consent=consent, pepper=service.pepper
        )
        assert asked.subscriber is not None
        write_to(session, asked.subscriber.public_id, LetterKind.CONFIRM, key="a", now=MONDAY)
        letter = session.exec(select(NoticeRow)).one().public_id
    told = Told(service)
    told.start = MONDAY
    hear(told, told.bounced(Metadata={"delivery-id": f"confirm.{letter}"}))

    assert told.state() is State.BOUNCED


def test_who_moved_to_another_address_has_a_mailbox_that_did_not_bounce(told):
    former = told.reader.address_hash
    with told.service.database.writing() as session:
        person = locked_by_public_id(session, told.reader.public_id)
        assert person is not None
        person.address_hash = "another"
    hear(told, told.bounced(), told.bounced("SpamComplaint"))

    assert told.state() is State.ACTIVE
    assert told.copy.feedback == "complained"
    assert former == told.reader.address_hash
    assert told.suppressed == "complaint"


@pytest.mark.parametrize("by_mail", [False, True])
def test_who_leaves_by_a_letter_to_a_former_address_has_left(told, by_mail):
    with told.service.database.writing() as session:
        person = locked_by_public_id(session, told.reader.public_id)
        assert person is not None
        person.address_hash = "another"
    hear(told, told.bounced("Unsubscribe") if by_mail else told.changed("ManualSuppression"))

    assert told.state() is State.UNSUBSCRIBED


def test_a_stranger_who_was_asked_for_a_mistyped_address_says_goodbye_for_nobody(told):
    with told.service.database.writing() as session:
        write_to(session, told.reader.public_id, LetterKind.CHANGE_TO, key="a", now=MONDAY)
        letter = session.exec(select(NoticeRow)).one().public_id
    event = told.bounced("Unsubscribe", Metadata={"delivery-id": f"change_to.{letter}"})
    hear(told, event | {"Email": "stranger@example.org"})

    assert told.state() is State.ACTIVE


def test_an_operators_word_outlasts_the_providers(told):
    hear(told, told.changed("ManualSuppression", 1, "Customer"))
    address = Address.parse(told.reader.email or "")
    with told.service.database.writing() as session:
        suppress(session, address, pepper=told.service.pepper, now=MONDAY)
    hear(told, told.changed(None, 2, "Customer"))
    assert told.state() is State.SUPPRESSED


def test_what_an_operator_released_is_not_closed_by_old_news(told):
    hear(told, told.bounced("SpamComplaint", hours=-2))
    with told.service.database.writing() as session:
        pepper = told.service.pepper
        release(session, Address.parse(told.reader.email or ""), pepper=pepper, now=MONDAY)
    hear(told, told.bounced("HardBounce", hours=-1), told.opened())
    assert (told.state(), told.suppressed) == (State.UNSUBSCRIBED, None)


def test_a_new_yes_is_not_taken_back_by_an_old_goodbye(told):
    hear(told, told.changed("ManualSuppression", hours=-3))
    assert told.person.unsubscribed_at is not None
    with told.service.database.writing() as session:
        person = locked_by_public_id(session, told.reader.public_id)
        assert person is not None
        record(session, person, Event.CONFIRMED, now=MONDAY, actor=Actor.READER)
    hear(told, told.changed("HardBounce", hours=-2), told.delivered())
    assert told.state() is State.ACTIVE


def test_the_log_of_a_reader_says_what_the_provider_told(told):
    hear(told, told.bounced(), told.changed(None, 5, "Customer"))
    with told.service.database.reading() as session:
        file = personal_data.export(session, told.person)
    log = [(one["event"], one["actor"], one["reason"]) for one in file["state_changes"][1:]]

    assert log == [
        ("hard_bounced", "provider", "hard-bounce"),
        ("reactivated", "provider", "provider"),
    ]
    assert [event["kind"] for event in file["events"]] == ["bounced", "subscribed"]


def test_what_is_told_of_somebody_erased_keeps_their_address_off_and_names_nobody(told):
    with told.service.database.writing() as session:
        personal_data.erase(session, told.reader.public_id, now=MONDAY)
    assert told.suppressed == "erased"
    hear(told, told.bounced("SpamComplaint"))

    assert told.state() is State.ERASED
    assert told.suppressed == "complaint"


def test_what_a_call_that_was_under_way_brings_after_an_erasing_is_forgotten_by_the_next_day(told):
    with told.service.database.writing() as session:
        personal_data.erase(session, told.reader.public_id, now=MONDAY)
        session.execute(text("UPDATE deliveries SET provider_id = 'late'"))
    hear(told, told.delivered())
    assert rows(told.service)[0].body

    told.service.listener.tidy()

    [event] = rows(told.service)
    assert (event.body, event.provider_id, event.address_hash) == ("", None, None)
    with told.service.database.reading() as session:
        kept = session.exec(select(Delivery.subscriber_id, Delivery.provider_id)).all()
    assert {name for person, name in kept if person == told.reader.id} == {None}
    assert {name for person, name in kept if person != told.reader.id} == {"late"}


def test_no_event_about_somebody_erased_holds_what_was_posted(told):
    other = Told(told.service, 2)
    by_hand: dict[str, Any] = {"MessageID": None, "Metadata": {}}
    hear(
        told,
        told.bounced("Transient"),
        told.changed("ManualSuppression", origin="Customer", **by_hand),
        told.changed("HardBounce", MessageStream="a stream of others", **by_hand),
        told.opened() | {"Recipient": other.email},
        other.opened() | {"Recipient": told.email},
    )
    assert sum(told.email in event.body for event in rows(told.service)) == 4
    with told.service.database.writing() as session:
        personal_data.erase(session, told.reader.public_id, now=MONDAY)
    assert [event.body for event in rows(told.service)] == [""] * 5

    hear(told, told.changed(None, MessageStream="a stream of others", **by_hand))
    assert told.email in rows(told.service)[-1].body
    told.service.listener.tidy()
    assert [event.body for event in rows(told.service)] == [""] * 6


def test_nobodys_file_holds_what_was_posted_about_somebody_else(told):
    other = Told(told.service, 2)
    hear(told, told.delivered(), told.opened() | {"Recipient": other.email})
    hear(told, other.delivered(), other.opened() | {"Recipient": told.email})
    with told.service.database.reading() as session:
        files = [personal_data.export(session, one.person)["events"] for one in (told, other)]

    for own, foreign, events in ((told, other, files[0]), (other, told, files[1])):
        assert [event["kind"] for event in events] == ["delivered", "opened"]
        assert own.email in events[0]["body"]
        assert foreign.public_id not in str(events)
        assert foreign.email not in str(events)


def test_a_request_that_is_forgotten_takes_no_event_with_it(told):
    hear(told, told.bounced("AutoResponder"))
    with told.service.database.writing() as session:
        for table in ("deliveries", "consents", "state_changes", "subscribers"):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608

    assert [event.subscriber_id for event in rows(told.service)] == [None]


def test_bodies_are_emptied_in_time_and_what_follows_stays(told):
    hear(told, told.bounced())
    late = replace(told.service, clock=lambda: MONDAY + timedelta(days=91))
    late.listener.tidy()
    assert [event.body for event in rows(told.service)] == [""]

    hear(told, told.opened())
    assert told.state() is State.BOUNCED


def test_what_was_stored_and_not_folded_is_folded_by_the_heartbeat(told):
    hear(told, told.bounced())
    with told.service.database.writing() as session:
        session.execute(text("UPDATE provider_events SET folded_at = NULL"))
        person = locked_by_public_id(session, told.reader.public_id)
        assert person is not None
        person.state = State.ACTIVE
        session.execute(text("DELETE FROM state_changes WHERE actor = 'provider'"))

    told.service.listen()
    assert told.state() is State.BOUNCED


def test_an_instant_that_is_far_ahead_does_not_outlast_everything(told):
    hear(told, told.changed(None, hours=24 * 365 * 50, origin="Customer"), told.bounced(hours=30))

    assert told.state() is State.BOUNCED


def test_our_name_of_a_message_is_read_back(told):
    public_id = told.reader.public_id
    assert named(delivery_id(12, public_id)).public_id == public_id
    assert named("confirm.abc").letter == "abc"
    for foreign in ("", "x", "12-zz", "test-1", "-", ".", "notice.a", "9" * 30 + "-ab"):
        assert (named(foreign).public_id, named(foreign).letter) == ("", "")


@pytest.mark.parametrize("readers", [2, 40])
def test_a_lot_of_deliveries_costs_as_many_statements_as_one(service, readers):
    issue_to(service, readers)
    people = [Told(service, number) for number in range(1, readers + 1)]
    with service.database.writing() as session:
        for told in people:
            event = read(told.delivered())
            store(session, event, source="webhook", pepper=service.pepper, now=MONDAY)
    statements: list[str] = []
    with service.database.writing() as session:
        sqlalchemy.event.listen(
            session.connection(), "before_cursor_execute", lambda *seen: statements.append(seen[2])
        )
        folded = fold_lot(session, ("broadcast",), now=MONDAY)

    assert folded.events == readers
    assert {told.copy.feedback for told in people} == {"delivered"}
    assert len(statements) <= 11


def test_a_letter_that_is_no_issue_is_found_by_its_name_alone(service):
    """Without an index each webhook read all letters, of which a correction sends a million."""
    if not service.database.is_sqlite:
        pytest.skip("PostgreSQL goes by its statistics")
    delivered = read({"RecordType": "Delivery", "Metadata": {"delivery-id": "correction.name"}})

    with service.database.writing() as session:
        found = list(
            plans(
                session,
                lambda session: store(session, delivered, source="webhook", pepper=b"", now=MONDAY),
            )
        )

    assert any("ix_notices_public_id" in plan for plan in found)
