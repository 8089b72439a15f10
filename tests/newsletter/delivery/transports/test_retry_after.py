"""How long a refusal asks for is heeded, within reason; whatever makes no sense is not heard."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.transports.retry_after import LONGEST, asked_wait

NOON = "Mon, 23 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("said", "date", "seconds"),
    [
        ("30", None, 30),
        (" 30 ", None, 30),
        ("86400", None, 600),
        ("9" * 400, None, 600),
        ("Mon, 23 Nov 2026 12:02:00 GMT", NOON, 120),
        ("Tue, 24 Nov 2026 12:02:00 GMT", NOON, 600),
        ("Monday, 23-Nov-26 12:02:00 GMT", NOON, 120),
    ],
)
def test_both_forms_are_understood_and_capped(said, date, seconds):
    assert asked_wait(said, date) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("said", "date"),
    [
        (None, NOON),
        ("", NOON),
        ("0", NOON),
        ("-5", NOON),
        ("1e3", NOON),
        ("1.5", NOON),
        ("٣٠", NOON),
        ("soon", NOON),
        ("Mon, 23 Nov 2026 11:59:00 GMT", NOON),
        ("Mon, 23 Nov 2026 12:02:00 GMT", None),
        ("Mon, 23 Nov 2026 12:02:00 GMT", "today"),
        ("Mon, 99 Nov 2026 12:02:00 GMT", NOON),
        ("Mon, 23 Nov 99999 12:02:00 GMT", NOON),
    ],
)
def test_what_makes_no_sense_is_not_heard(said, date):
    assert asked_wait(said, date) is None


@given(st.none() | st.text(), st.none() | st.text())
def test_whatever_a_server_says_is_none_or_a_while(said, date):
    wait = asked_wait(said, date)

    assert wait is None or timedelta(0) < wait <= LONGEST
