import pytest
from sqlalchemy import select
from sqlmodel import col

from subscribers.errors import (
    ForbiddenTransition,
    HasLeft,
    InvalidPause,
    UnknownSubscriber,
    UnknownTimeZone,
)
from subscribers.models import Subscriber
from subscribers.pausing import LONGEST_PAUSE, is_pausing, pause, resume
from subscribers.queries import changes_of, receivable
from subscribers.states import OUT, Event, State
from subscribers.zones import choose_zone, zones_by_region
from tests.subscribers.people import DAY, HOUR, INES, NOW, make_subscriber

NOBODY = "nobodynobody"


def receives(session, at):
    return bool(session.scalars(select(col(Subscriber.id)).where(receivable(at))).all())


def test_no_letter_comes_during_a_pause_and_the_next_one_does(database):
    with database.writing() as session:
        ines = make_subscriber(session)

        pause(session, ines.public_id, until=NOW + 28 * DAY, now=NOW)

        assert (ines.state, ines.paused_until) == (State.PAUSED, NOW + 28 * DAY)
        assert not receives(session, NOW)
        assert not receives(session, NOW + 28 * DAY - HOUR)
        assert receives(session, NOW + 28 * DAY)


def test_a_pause_is_written_down_once_with_its_end(database):
    with database.writing() as session:
        ines = make_subscriber(session)

        for _ in range(2):
            pause(session, ines.public_id, until=NOW + 7 * DAY, now=NOW)

        changes = [change for change in changes_of(session, ines) if change.event == Event.PAUSED]
        assert [change.reason for change in changes] == ["until 2026-11-30 09:00 UTC"]


def test_another_end_replaces_the_first(database):
    with database.writing() as session:
        ines = make_subscriber(session)
        pause(session, ines.public_id, until=NOW + 28 * DAY, now=NOW)

        pause(session, ines.public_id, until=NOW + 2 * DAY, now=NOW)

        assert receives(session, NOW + 3 * DAY)


def test_who_resumes_gets_letters_at_once_and_a_second_press_changes_nothing(database):
    with database.writing() as session:
        ines = make_subscriber(session)
        pause(session, ines.public_id, until=NOW + 28 * DAY, now=NOW)

        for _ in range(2):
            resume(session, ines.public_id, now=NOW + DAY)

        assert (ines.state, ines.paused_until) == (State.ACTIVE, None)
        assert receives(session, NOW + DAY)
        assert len([one for one in changes_of(session, ines) if one.event == Event.RESUMED]) == 1


def test_a_pause_without_an_end_can_be_ended(database):
    with database.writing() as session:
        ines = make_subscriber(session, state=State.PAUSED)

        assert is_pausing(ines, NOW + 10_000 * DAY)
        resume(session, ines.public_id, now=NOW)

        assert not is_pausing(ines, NOW)


def test_a_pause_is_over_at_its_end_without_anybody_doing_anything(database):
    with database.writing() as session:
        ines = pause(session, make_subscriber(session).public_id, until=NOW + DAY, now=NOW)

        assert is_pausing(ines, NOW + DAY - HOUR)
        assert not is_pausing(ines, NOW + DAY)


@pytest.mark.parametrize("until", [NOW, NOW - DAY, NOW + LONGEST_PAUSE + HOUR])
def test_a_pause_ends_after_now_and_within_a_year(database, until):
    with database.writing() as session:
        ines = make_subscriber(session)

        with pytest.raises(InvalidPause):
            pause(session, ines.public_id, until=until, now=NOW)

        assert ines.state == State.ACTIVE


@pytest.mark.parametrize("state", sorted(OUT | {State.PENDING}))
def test_who_gets_no_letters_can_neither_pause_nor_come_back_by_resuming(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)

        with pytest.raises(ForbiddenTransition):
            pause(session, ines.public_id, until=NOW + DAY, now=NOW)
        with pytest.raises(ForbiddenTransition):
            resume(session, ines.public_id, now=NOW)

        assert (ines.state, ines.paused_until) == (state, None)


def test_nobody_has_nothing_to_choose(database):
    with database.writing() as session:
        with pytest.raises(UnknownSubscriber):
            pause(session, NOBODY, until=NOW + DAY, now=NOW)
        with pytest.raises(UnknownSubscriber):
            resume(session, NOBODY, now=NOW)
        with pytest.raises(UnknownSubscriber):
            choose_zone(session, NOBODY, "Europe/Berlin")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "UTC"])
def test_a_time_zone_is_kept_and_given_up_again(database, zone):
    with database.writing() as session:
        ines = make_subscriber(session)

        assert choose_zone(session, ines.public_id, zone).timezone == zone
        assert choose_zone(session, ines.public_id, "").timezone is None


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd", "europe/berlin", "\x00"])
def test_a_zone_that_is_none_is_refused(database, zone):
    with database.writing() as session:
        ines = make_subscriber(session)
        choose_zone(session, ines.public_id, "Europe/Berlin")

        with pytest.raises(UnknownTimeZone):
            choose_zone(session, ines.public_id, zone)

        assert ines.timezone == "Europe/Berlin"


@pytest.mark.parametrize("state", sorted(OUT))
def test_nothing_new_is_kept_about_who_has_left(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)

        with pytest.raises(HasLeft):
            choose_zone(session, ines.public_id, "Europe/Berlin")

        assert ines.timezone is None


def test_zones_are_offered_as_places_by_region():
    zones = zones_by_region()

    assert "Europe/Berlin" in zones["Europe"]
    assert "America/Argentina/Ushuaia" in zones["America"]
    assert list(zones["Asia"]) == sorted(zones["Asia"])
    assert not {"Etc", "US", "posix"} & set(zones)
