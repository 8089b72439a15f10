import json
from hashlib import shake_256

import pytest
from sqlalchemy import text

from subscribers.consent import Actor, ConsentEvent
from subscribers.errors import (
    FollowsNothing,
    HasLeft,
    InvalidWish,
    TooManyWishes,
    UnknownSubscriber,
)
from subscribers.profile import MOST_FOLLOWED, MOST_TOPICS
from subscribers.queries import consents_of, wishes
from subscribers.states import OUT, State
from subscribers.wishes import Wishes, choose, wishes_of
from tests.subscribers.people import DAY, INES, NOW, OMAR, make_subscriber

NOBODY = "nobodynobody"
MONTHLY_AUDIO = Wishes("monthly", frozenset({"Audio"}), frozenset({"beta", "alpha"}))


def wish(session, subscriber, wishes, *, now=NOW):
    return choose(session, subscriber.public_id, wishes, now=now, source="preferences")


def test_wishes_are_kept_and_replaced_by_later_ones(database):
    with database.writing() as session:
        ines, omar = make_subscriber(session), make_subscriber(session, OMAR)

        wish(session, ines, MONTHLY_AUDIO)
        assert wishes_of(ines) == MONTHLY_AUDIO
        assert (ines.topics, ines.follows) == (["Audio"], ["alpha", "beta"])

        wish(session, ines, Wishes())
        assert wishes_of(ines) == Wishes()
        assert wishes_of(omar) == Wishes()


@pytest.mark.parametrize(
    ("wishes", "tailored"),
    [
        pytest.param(Wishes("monthly"), True, id="monthly"),
        pytest.param(Wishes("followed", follows=frozenset({"alpha"})), True, id="followed"),
        pytest.param(Wishes(topics=frozenset({"Audio"})), True, id="a topic"),
        pytest.param(Wishes(follows=frozenset({"alpha"})), False, id="following, weekly"),
    ],
)
def test_whose_letter_may_differ_is_marked(database, wishes, tailored):
    with database.writing() as session:
        assert wish(session, make_subscriber(session), wishes).tailored is tailored


def test_who_had_wishes_once_stays_marked_for_what_still_waits(database):
    with database.writing() as session:
        ines = make_subscriber(session)
        wish(session, ines, Wishes("monthly"))

        assert wish(session, ines, Wishes()).tailored


def test_wishes_are_counted_however_long_and_however_written(database):
    many = frozenset(shake_256(bytes([number])).hexdigest(100) for number in range(MOST_TOPICS))
    with database.writing() as session:
        ines, omar = make_subscriber(session), make_subscriber(session, OMAR)
        wish(session, ines, Wishes("monthly", many))
        wish(session, omar, Wishes("monthly", many))
        session.flush()
        as_written = text("UPDATE subscribers SET topics = :topics WHERE id = :id")
        session.execute(as_written, {"topics": json.dumps(ines.topics, indent=1), "id": ines.id})

        assert wishes(session) == {("monthly", tuple(sorted(many))): 2}


def test_only_another_rhythm_is_evidence_of_a_changed_mind(database):
    with database.writing() as session:
        ines = make_subscriber(session)
        topics = Wishes("monthly", frozenset({"Audio"}))
        for number, wishes in enumerate((Wishes("monthly"), topics, topics, Wishes("monthly"))):
            wish(session, ines, wishes, now=NOW + number * DAY)

        [entry] = [one for one in consents_of(session, ines) if one.event == ConsentEvent.CHANGED]
        assert (entry.at, entry.source, entry.actor) == (NOW, "preferences", Actor.READER)


@pytest.mark.parametrize(
    ("wishes", "error"),
    [
        pytest.param(Wishes("hourly"), InvalidWish, id="no such rhythm"),
        pytest.param(Wishes("followed"), FollowsNothing, id="waiting for no tool"),
        pytest.param(
            Wishes(topics=frozenset(map(str, range(MOST_TOPICS + 1)))), TooManyWishes, id="topics"
        ),
        pytest.param(
            Wishes(follows=frozenset(map(str, range(MOST_FOLLOWED + 1)))), TooManyWishes, id="tools"
        ),
    ],
)
def test_wishes_that_no_letter_could_meet_are_refused_and_change_nothing(database, wishes, error):
    with database.writing() as session:
        ines = make_subscriber(session)

        with pytest.raises(error):
            wish(session, ines, wishes)

        assert wishes_of(ines) == Wishes()


@pytest.mark.parametrize("state", sorted(set(State) - OUT))
def test_whoever_is_not_gone_may_wish(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, state=state)

        assert wishes_of(wish(session, ines, MONTHLY_AUDIO)) == MONTHLY_AUDIO
        assert ines.state == state


@pytest.mark.parametrize("state", sorted(OUT))
def test_of_who_has_left_nothing_new_is_kept(database, state):
    with database.writing() as session:
        gone = make_subscriber(session, INES, state=state)

        with pytest.raises(HasLeft):
            wish(session, gone, MONTHLY_AUDIO)

        assert wishes_of(gone) == Wishes()


def test_nobody_has_no_wishes(database):
    with database.writing() as session, pytest.raises(UnknownSubscriber):
        choose(session, NOBODY, MONTHLY_AUDIO, now=NOW, source="preferences")
