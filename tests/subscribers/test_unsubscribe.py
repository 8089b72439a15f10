import threading

import pytest
from sqlalchemy import select
from sqlmodel import col

from subscribers.consent import Actor, ConsentEvent
from subscribers.erasing import erase
from subscribers.errors import NothingToUndo, RequestGone, UnknownSubscriber
from subscribers.models import Subscriber
from subscribers.queries import changes_of, consents_of, receivable
from subscribers.signup import confirm, request
from subscribers.states import OUT, State
from subscribers.unsubscribe import UNDO_WITHIN, By, Unsubscribed, undo, undo_until, unsubscribe
from tests.subscribers.people import DAY, HOUR, INES, NOW, PEPPER, make_subscriber, yes


def leave(session, subscriber, now=NOW):
    return unsubscribe(session, subscriber.public_id, now=now, source="one-click")


def test_leaving_is_answered_with_the_masked_address_and_leaves_evidence(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)

        answer = leave(session, ines)

        assert answer == Unsubscribed("i…@reader.example", already=False, received=True)
        assert (ines.state, ines.unsubscribed_at) == (State.UNSUBSCRIBED, NOW)
        assert consents_of(session, ines)[-1].event == ConsentEvent.UNSUBSCRIBED
        assert changes_of(session, ines)[-1].reason == "one-click"


@pytest.mark.parametrize("state", State)
def test_leaving_works_in_every_state_as_often_as_one_likes(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)

        leave(session, ines)
        again = leave(session, ines, NOW + HOUR)

        assert again.already
        assert ines.state in OUT
        assert ines.unsubscribed_at != NOW + HOUR


@pytest.mark.parametrize("state", State)
def test_it_is_said_whether_letters_came_until_then(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)

        first, second = leave(session, ines), leave(session, ines)

        assert first.received is (state in (State.ACTIVE, State.PAUSED))
        assert not second.received


def test_a_mail_that_is_brought_again_says_nothing_new(database):
    def hear(message_id, now):
        return unsubscribe(session, ines.public_id, now=now, source="mailto", by=By(message_id))

    with database.writing() as session:
        ines = make_subscriber(session, INES)
        assert hear("one", NOW).received
        undo(session, ines.public_id, now=NOW + HOUR, source="page")

        again = hear("one", NOW + 2 * HOUR)
        assert (again.received, ines.state) == (False, State.ACTIVE)

        another = hear("two", NOW + 3 * HOUR)
        assert (another.received, ines.state) == (True, State.UNSUBSCRIBED)
        assert [one.message_id for one in consents_of(session, ines)][-3:] == ["one", "", "two"]


def test_leaving_withdraws_a_request_to_come_back(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=State.UNSUBSCRIBED)
        consent = yes(ConsentEvent.REQUESTED, at=NOW + DAY)
        request(session, INES, consent=consent, pepper=PEPPER)

        leave(session, ines, NOW + DAY + HOUR)

        with pytest.raises(RequestGone):
            confirm(session, ines.public_id, consent=yes(at=NOW + DAY + 2 * HOUR))


def test_an_erased_person_can_still_leave(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)
        erase(session, ines.public_id, now=NOW)

        assert leave(session, ines) == Unsubscribed("…", already=True)


def test_a_person_who_is_no_longer_here_has_left(database):
    with database.writing() as session:
        answer = unsubscribe(session, "nobodynobody", now=NOW, source="page")

        assert answer == Unsubscribed("…", already=True)


@pytest.mark.parametrize("state", [State.ACTIVE, State.PAUSED])
def test_a_slip_of_the_finger_is_taken_back_within_a_day(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)
        leave(session, ines)

        undo(session, ines.public_id, now=NOW + UNDO_WITHIN, source="page")
        undo(session, ines.public_id, now=NOW + UNDO_WITHIN, source="page")

        assert (ines.state, ines.unsubscribed_at) == (State.ACTIVE, None)


def test_after_a_day_only_a_new_sign_up_helps(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)
        leave(session, ines)

        with pytest.raises(NothingToUndo):
            undo(session, ines.public_id, now=NOW + UNDO_WITHIN + HOUR, source="page")

        assert ines.state == State.UNSUBSCRIBED


@pytest.mark.parametrize("state", [State.PENDING, State.BOUNCED, State.COMPLAINED])
def test_undoing_gives_nobody_more_than_they_had(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)
        leave(session, ines)

        with pytest.raises(NothingToUndo):
            undo(session, ines.public_id, now=NOW + HOUR, source="page")

        assert ines.state != State.ACTIVE


def test_until_when_it_can_be_taken_back_is_said_to_nobody_else(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)
        assert undo_until(session, ines, now=NOW) is None
        leave(session, ines)

        assert undo_until(session, ines, now=NOW + HOUR) == NOW + UNDO_WITHIN
        assert undo_until(session, ines, now=NOW + UNDO_WITHIN + HOUR) is None


def test_a_link_does_not_undo_what_the_operator_did(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)
        unsubscribe(session, ines.public_id, now=NOW, source="letter", actor=Actor.OPERATOR)

        with pytest.raises(NothingToUndo):
            undo(session, ines.public_id, now=NOW + HOUR, source="page")


def test_there_is_nothing_to_undo_for_nobody(database):
    with database.writing() as session, pytest.raises(UnknownSubscriber):
        undo(session, "nobodynobody", now=NOW, source="page")


def test_an_answered_unsubscribe_is_seen_by_every_claim_after_it(database):
    with database.writing() as session:
        public_id = make_subscriber(session, INES).public_id
    claimed: list[str] = []

    def claim():
        statement = select(col(Subscriber.email)).where(receivable(NOW + DAY))
        with database.writing() as session:
            claimed.extend(session.scalars(statement.with_for_update(read=True)))

    with database.writing() as session:
        unsubscribe(session, public_id, now=NOW, source="one-click")
        claimer = threading.Thread(target=claim)
        claimer.start()
    claimer.join(timeout=20)

    assert claimed == []
