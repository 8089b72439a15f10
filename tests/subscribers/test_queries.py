import pytest
from sqlalchemy import insert, literal, select
from sqlmodel import col

from schedules.clock import UtcDateTime
from subscribers import queries
from subscribers.address import Address
from subscribers.models import StateChange, Subscriber, SuppressionReason
from subscribers.profile import Profile
from subscribers.states import State
from subscribers.suppression import block
from tests.subscribers.people import DAY, HOUR, INES, NOW, OMAR, make_subscriber


def receiving(session, now=NOW):
    return list(session.scalars(select(col(Subscriber.email)).where(queries.receivable(now))))


def test_a_subscriber_is_found_by_any_spelling_of_the_address(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)

        found = queries.by_address(session, Address.parse(" INES@Reader.Example"))

        assert found is ines
        assert queries.by_address(session, OMAR) is None


def test_a_subscriber_is_found_by_the_id_in_links(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)

        assert queries.by_public_id(session, ines.public_id) is ines
        assert queries.locked_by_public_id(session, ines.public_id) is ines
        assert queries.token_epoch(session, ines.public_id) == 0
        assert queries.by_public_id(session, "nobodynobody") is None
        assert queries.token_epoch(session, "nobodynobody") is None


def test_all_states_are_counted_zeros_too(database):
    with database.writing() as session:
        make_subscriber(session, INES)
        make_subscriber(session, OMAR, state=State.BOUNCED)

        counts = queries.counts(session)

        assert counts[State.ACTIVE] == counts[State.BOUNCED] == 1
        assert counts[State.PENDING] == 0
        assert set(counts) == set(State)


@pytest.mark.parametrize("state", State)
def test_an_issue_goes_to_active_subscribers_only(database, state):
    with database.writing() as session:
        make_subscriber(session, INES, state=state)

        assert receiving(session) == ([INES.text] if state == State.ACTIVE else [])


def test_a_pause_with_an_end_ends_by_itself(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=State.PAUSED)
        ines.paused_until = NOW + DAY
        session.flush()

        assert receiving(session, NOW + DAY - HOUR) == []
        assert receiving(session, NOW + DAY) == [INES.text]


def test_how_often_somebody_wants_letters_is_not_asked_here(database):
    with database.writing() as session:
        make_subscriber(session, INES, profile=Profile(cadence="monthly"))

        assert receiving(session) == [INES.text]


def test_who_came_between_two_instants_is_known_by_the_yes_or_by_the_end_of_a_pause(database):
    def came(session, first, last):
        return bool(
            session.scalars(select(Subscriber).where(queries.came_between(first, last))).all()
        )

    with database.writing() as session:
        make_subscriber(session, INES)
        ines = session.scalars(select(Subscriber)).one()
        ines.state_changed_at = NOW
        session.flush()
        assert came(session, NOW, NOW)
        assert not came(session, NOW - DAY, NOW - HOUR)
        assert not came(session, NOW + HOUR, NOW + DAY)

        ines.paused_until = NOW + DAY
        session.flush()
        assert came(session, NOW + DAY, NOW + DAY)
        assert not came(session, NOW, NOW + DAY - HOUR)


def test_a_suppression_wins_even_when_the_state_does_not_know_of_it(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)
        make_subscriber(session, OMAR)
        block(session, [ines.address_hash or ""], SuppressionReason.OPERATOR, now=NOW)

        assert receiving(session) == [OMAR.text]
        assert list(session.scalars(queries.away(NOW))) == [ines.id]


def test_the_condition_works_inside_one_insert_from_select(database):
    with database.writing() as session:
        make_subscriber(session, INES)
        make_subscriber(session, OMAR, state=State.UNSUBSCRIBED)
        ids = select(col(Subscriber.id), literal("a note"), literal("operator")).where(
            queries.receivable(NOW)
        )
        before = len(session.scalars(select(StateChange)).all())

        names = ["subscriber_id", "reason", "actor", "to_state", "event", "at"]
        rest = (literal("active"), literal("resumed"), literal(NOW, UtcDateTime))
        session.execute(insert(StateChange).from_select(names, ids.add_columns(*rest)))

        assert len(session.scalars(select(StateChange)).all()) == before + 1
