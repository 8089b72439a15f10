"""A duty is done by one of several processes, and not too often."""

from datetime import timedelta

import pytest

from newsletter.feedback import turns
from tests.factories import MONDAY

DAY = timedelta(days=1)


def take(database, now):
    with database.writing() as session:
        return turns.take(session, "lists", every=DAY, now=now)


@pytest.mark.parametrize(
    ("later", "taken"),
    [
        (timedelta(0), False),
        (timedelta(hours=23), False),
        (DAY, True),
        (-timedelta(minutes=5), False),
        (-timedelta(days=10), True),
    ],
)
def test_a_turn_comes_when_the_last_one_was_long_enough_ago_by_a_clock_that_can_be_right(
    database, later, taken
):
    assert take(database, MONDAY)

    assert take(database, MONDAY + later) is taken
