from datetime import timedelta

import pytest
from sqlmodel import col, select

from subscribers.consent import ConsentEvent
from subscribers.expiring import forget_unconfirmed
from subscribers.models import ConsentEntry, StateChange, Subscriber
from subscribers.queries import by_address
from subscribers.signup import request
from subscribers.states import State
from tests.subscribers.people import DAY, INES, NOW, OMAR, PEPPER, make_subscriber, yes

WEEK = timedelta(days=7)


def ask(session, who, at):
    return request(session, who, consent=yes(ConsentEvent.REQUESTED, at=at), pepper=PEPPER)


def test_who_never_said_yes_is_forgotten_with_everything_about_them(database):
    with database.writing() as session:
        ask(session, INES, NOW)

    with database.writing() as session:
        assert forget_unconfirmed(session, asked_before=NOW + WEEK) == 1

    with database.reading() as session:
        for table in (Subscriber, ConsentEntry, StateChange):
            assert session.exec(select(table)).all() == []


def test_who_may_still_say_yes_is_not_forgotten(database):
    with database.writing() as session:
        ask(session, INES, NOW)
        ask(session, OMAR, NOW - DAY)
        ask(session, OMAR, NOW + DAY)

        assert forget_unconfirmed(session, asked_before=NOW) == 0


def test_of_whom_another_room_knows_something_stays_and_keeps_nobody_else(database):
    known = col(Subscriber.address_key) == INES.key
    with database.writing() as session:
        ask(session, INES, NOW)
        ask(session, OMAR, NOW + DAY)

        assert forget_unconfirmed(session, asked_before=NOW + WEEK, unless=known) == 1
        assert forget_unconfirmed(session, asked_before=NOW + WEEK, unless=known) == 0

        assert by_address(session, INES) is not None


@pytest.mark.parametrize("state", [state for state in State if state is not State.PENDING])
def test_who_was_ever_more_than_asked_stays(database, state):
    with database.writing() as session:
        make_subscriber(session, INES, state=state)

        assert forget_unconfirmed(session, asked_before=NOW + 100 * WEEK) == 0


def test_an_address_that_was_forgotten_may_be_typed_again(database):
    with database.writing() as session:
        ask(session, INES, NOW)
        session.flush()
        forget_unconfirmed(session, asked_before=NOW + WEEK)

        assert ask(session, INES, NOW + 2 * WEEK).mail_due
        assert by_address(session, INES) is not None
