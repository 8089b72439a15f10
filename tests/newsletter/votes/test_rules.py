from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.votes.rules import Choice, Share, Tally, is_open, share
from tests.factories import MONDAY

COUNTS = st.integers(min_value=0, max_value=10_000)


@pytest.mark.parametrize("text", ["a", "b", "neither"])
def test_an_answer_is_read_as_links_and_forms_write_it(text):
    assert Choice.read(text) == text


@pytest.mark.parametrize("text", [None, "", "A", "c", "a ", "both"])
def test_what_is_no_answer_is_none(text):
    assert Choice.read(text) is None


def test_an_issue_is_open_to_votes_while_none_has_followed():
    assert is_open(None, MONDAY)


def test_voting_ends_at_the_instant_the_next_issue_begins_to_leave():
    assert is_open(MONDAY, MONDAY - timedelta(seconds=1))
    assert not is_open(MONDAY, MONDAY)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (61, 39, Share(61, 39)),
        (1, 7, Share(12, 88)),
        (7, 1, Share(88, 12)),
        (2, 1, Share(67, 33)),
        (5, 5, Share(50, 50)),
        (8, 0, Share(100, 0)),
        (0, 8, Share(0, 100)),
    ],
)
def test_the_share_is_of_those_who_would_ship_one_of_the_two(a, b, expected):
    assert share(Tally(a, b, neither=9), at_least=1) == expected


def test_nobody_is_unanimous_but_for_one():
    assert share(Tally(999, 1), at_least=1) == Share(99, 1)
    assert share(Tally(1, 999), at_least=1) == Share(1, 99)


def test_below_the_minimum_nothing_is_said():
    assert share(Tally(12, 12), at_least=25) is None
    assert share(Tally(12, 13), at_least=25) == Share(48, 52)


def test_neither_does_not_help_to_reach_the_minimum():
    assert share(Tally(1, 1, neither=100), at_least=25) is None


def test_no_votes_are_no_share_whatever_the_minimum():
    assert share(Tally(), at_least=0) is None


@given(COUNTS, COUNTS)
def test_shares_make_a_hundred_and_treat_both_tools_alike(a, b):
    one, other = share(Tally(a, b), at_least=1), share(Tally(b, a), at_least=1)

    assert (one is None) == (a + b == 0)
    if one and other:
        assert one.a + one.b == 100
        assert (one.a, one.b) == (other.b, other.a)
        assert abs(100 * a / (a + b) - one.a) <= 1
