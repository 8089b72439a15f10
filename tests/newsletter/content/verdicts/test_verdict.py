"""The rules over numbers: one panel, two panels, and reviewers counted from a share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.comparison import Comparison, Tool
from newsletter.content.verdicts.verdict import (
    Outcome,
    Standing,
    Verdict,
    backers,
    outcome,
    verdict,
)


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        (None, None),
        (0, Verdict.SKIP),
        (49, Verdict.SKIP),
        (50, Verdict.MIXED),
        (74, Verdict.MIXED),
        (75, Verdict.SHIP),
        (100, Verdict.SHIP),
    ],
)
def test_one_panel_ships_from_75_and_is_mixed_from_50(percent, expected):
    assert verdict(percent) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (100, 75, Outcome(Standing.LEADS, leader="a", gap=25)),
        (25, 75, Outcome(Standing.LEADS, leader="b", gap=50)),
        (0, 0, Outcome(Standing.TIE, gap=0)),
        (None, 75, Outcome(Standing.UNKNOWN)),
        (0, None, Outcome(Standing.UNKNOWN)),
    ],
)
def test_the_higher_panel_leads_and_an_unknown_one_is_never_zero(a, b, expected):
    comparison = Comparison(Tool("a", "A", panel_percent=a), Tool("b", "B", panel_percent=b))

    assert outcome(comparison) == expected


@pytest.mark.parametrize(
    ("percent", "reviewers", "expected"),
    [(75, 4, 3), (0, 4, 0), (100, 7, 7), (50, 7, None), (33, 3, None), (75, 0, 0)],
)
def test_a_share_is_counted_in_reviewers_only_when_that_is_whole(percent, reviewers, expected):
    assert backers(percent, reviewers) == expected


@given(st.integers(0, 100), st.integers(1, 20))
def test_a_count_of_reviewers_gives_back_its_share(percent, reviewers):
    backing = backers(percent, reviewers)

    assert backing is None or backing * 100 == percent * reviewers
