import pytest
from sqlalchemy.exc import IntegrityError

from subscribers.address import Address
from subscribers.changing import record
from subscribers.consent import Actor, ConsentEvent
from subscribers.errors import ForbiddenTransition
from subscribers.queries import changes_of, consents_of
from subscribers.states import Event, State
from tests.subscribers.people import DAY, INES, NOW, OMAR, make_subscriber


def test_entering_leaves_a_trace_and_the_evidence(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)

        (change,) = changes_of(session, ines)
        (consent,) = consents_of(session, ines)

        assert (change.from_state, change.to_state) == (None, State.ACTIVE)
        assert (change.event, change.actor) == (Event.IMPORTED_WITH_CONSENT, Actor.OPERATOR)
        assert consent.event == ConsentEvent.IMPORTED
        assert consent.source == "a paper list at the meetup"
        assert ines.created_at == ines.state_changed_at == NOW


def test_a_step_is_logged_with_who_when_and_why(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)

        record(
            session,
            ines,
            Event.HARD_BOUNCED,
            now=NOW + DAY,
            actor=Actor.PROVIDER,
            reason="550 no such user",
        )

        *_, last = changes_of(session, ines)
        assert (last.from_state, last.to_state) == (State.ACTIVE, State.BOUNCED)
        assert (last.at, last.actor, last.reason) == (
            NOW + DAY,
            Actor.PROVIDER,
            "550 no such user",
        )
        assert ines.state_changed_at == NOW + DAY


def test_news_that_changes_nothing_is_not_logged(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=State.BOUNCED)
        before = len(changes_of(session, ines))

        record(session, ines, Event.HARD_BOUNCED, now=NOW + DAY, actor=Actor.PROVIDER)

        assert len(changes_of(session, ines)) == before
        assert ines.state_changed_at == NOW


def test_what_cannot_happen_changes_nothing(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=State.COMPLAINED)

        with pytest.raises(ForbiddenTransition):
            record(session, ines, Event.CONFIRMED, now=NOW + DAY, actor=Actor.READER)

        assert ines.state == State.COMPLAINED
        assert ines.confirmed_at is None


def test_leaving_ends_a_pause_and_an_open_request(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=State.PAUSED)
        omar = make_subscriber(session, OMAR, state=State.PENDING)
        ines.paused_until, omar.asked_at = NOW + DAY, NOW

        for person in (ines, omar):
            record(session, person, Event.UNSUBSCRIBED, now=NOW, actor=Actor.READER)

        assert {open_ends(ines), open_ends(omar)} == {(None, None)}
        assert ines.unsubscribed_at == omar.unsubscribed_at == NOW


def open_ends(subscriber):
    return subscriber.paused_until, subscriber.asked_at


def test_one_person_is_one_row_whatever_the_spelling(database):
    with database.writing() as session:
        make_subscriber(session, INES)

        with pytest.raises(IntegrityError), session.begin_nested():
            make_subscriber(session, Address.parse("Ines@READER.example"))


def test_a_row_in_a_log_shows_no_address(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)

        assert repr(ines) == str(ines) == f"Subscriber({ines.public_id}, active)"
