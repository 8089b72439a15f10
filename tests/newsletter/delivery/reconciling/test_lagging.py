from datetime import UTC, datetime, timedelta

import pytest

from newsletter.delivery.reconciling.lagging import lag, wants_look
from newsletter.delivery.reconciling.rules import Patience

ENDED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
USUAL = Patience()


def after(**time: float) -> datetime:
    return ENDED + timedelta(**time)


HOUR = 3600


@pytest.mark.parametrize(
    ("missed", "seen", "expected"),
    [
        (None, None, None),
        (None, 10, 10),
        (None, 600, None),
        (10, 130, 130),
        (130, None, 440),
        (2 * HOUR, None, 3 * HOUR),
        (2 * HOUR, 2.5 * HOUR, 2.5 * HOUR),
        (20, 2 * HOUR, 220),
    ],
)
def test_the_lag_is_known_from_an_early_look_and_grows_while_a_call_is_missed(
    missed, seen, expected
):
    """Three hours after a call was answered; of a night with the service stopped nothing is learnt."""

    def at(seconds: float | None) -> datetime | None:
        return None if seconds is None else after(seconds=seconds)

    known = lag(ENDED, at(missed), at(seen), after(hours=3), USUAL.prompt)

    assert known == (None if expected is None else timedelta(seconds=expected))


@pytest.mark.parametrize(
    ("missed", "now", "wanted"),
    [
        (None, 5, False),
        (None, 20, True),
        (None, 181, False),
        (20, 39, False),
        (20, 40, True),
        (3 * HOUR, 5 * HOUR, False),
        (3 * HOUR, 6 * HOUR, True),
        (4 * HOUR, 8 * HOUR, False),
    ],
)
def test_a_recorded_call_is_looked_for_soon_and_then_at_doubled_intervals(missed, now, wanted):
    missed_at = None if missed is None else after(seconds=missed)

    assert wants_look(ENDED, missed_at, after(seconds=now), USUAL) is wanted


def test_the_first_look_has_a_minute_however_short_the_settle_time_is():
    assert Patience(settling=timedelta(seconds=30)).prompt == timedelta(minutes=1)
