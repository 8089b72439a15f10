"""The time until an hour, as a person says it."""

from datetime import timedelta

import pytest

from newsletter.web.editor.time_left import time_left
from tests.factories import MONDAY


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=2, hours=22, minutes=59), "2 days and 22 hours"),
        (timedelta(days=1, hours=1), "1 day and 1 hour"),
        (timedelta(hours=5, minutes=1), "5 hours and 1 minute"),
        (timedelta(0), "0 hours and 0 minutes"),
        (timedelta(days=-1), "0 hours and 0 minutes"),
    ],
)
def test_the_time_left_is_said_in_two_units(left, said):
    assert time_left(MONDAY + left, MONDAY) == said
