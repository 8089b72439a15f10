"""How fast an issue leaves, and when it will have left."""

from datetime import timedelta

from newsletter.delivery.rate import Left, Tempo, gone_by, over_at, per_minute
from tests.factories import MONDAY

MINUTE = timedelta(minutes=1)


def test_the_rate_is_what_was_accepted_within_a_minute():
    assert per_minute(900, MONDAY - timedelta(hours=1), MONDAY) == 900


def test_an_issue_that_has_just_begun_is_not_measured_over_a_whole_minute():
    assert per_minute(500, MONDAY - timedelta(seconds=30), MONDAY) == 1000


def test_the_first_moment_says_nothing_of_a_minute():
    assert per_minute(500, MONDAY, MONDAY) == per_minute(500, MONDAY - timedelta(seconds=5), MONDAY)


def test_what_waits_leaves_at_the_rate():
    assert over_at([(None, 300)], 100, MONDAY) == MONDAY + 3 * MINUTE


def test_a_wave_waits_for_its_hour_and_for_those_before_it():
    soon, later = MONDAY + MINUTE, MONDAY + timedelta(hours=1)

    assert over_at([(later, 200), (None, 300)], 100, MONDAY) == later + 2 * MINUTE
    assert over_at([(None, 300), (soon, 200)], 100, MONDAY) == MONDAY + 5 * MINUTE


def test_a_wave_of_which_nothing_waits_is_not_waited_for():
    assert over_at([(MONDAY + timedelta(hours=9), 0), (None, 100)], 100, MONDAY) == MONDAY + MINUTE


def test_while_nothing_leaves_nobody_can_say_when_it_is_over():
    assert over_at([(None, 300)], 0, MONDAY) is None


def test_at_a_permitted_rate_the_last_copy_leaves_after_so_many_seconds():
    parts = [Left(None, 0, 200), Left(None, 0, 100)]

    assert gone_by(parts, Tempo(per_second=0.1), MONDAY) == MONDAY + timedelta(seconds=3000)


def test_without_a_limit_it_leaves_with_its_last_wave():
    parts = [Left(MONDAY + timedelta(hours=2), 0, 5), Left(MONDAY - MINUTE, 0, 5)]

    assert gone_by(parts, Tempo(), MONDAY) == MONDAY + timedelta(hours=2)
    assert gone_by(parts[1:], Tempo(), MONDAY) == MONDAY


def test_between_two_stages_there_is_a_rest_also_after_one_that_has_left():
    parts = [Left(None, 1, 0), Left(None, 2, 3), Left(None, 3, 300)]

    assert gone_by(parts, Tempo(rest=MINUTE), MONDAY) == MONDAY + 2 * MINUTE
    assert gone_by(parts[1:], Tempo(rest=MINUTE), MONDAY) == MONDAY + MINUTE
    assert gone_by(parts, Tempo(per_second=1, rest=MINUTE), MONDAY) == MONDAY + 7.05 * MINUTE


def test_of_what_has_left_nobody_waits_for_the_end():
    assert gone_by([Left(None, 1, 0)], Tempo(rest=MINUTE), MONDAY) is None
