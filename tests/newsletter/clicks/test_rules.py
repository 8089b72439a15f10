"""Who followed a link: filters are told from readers, and doubt is called doubt."""

from datetime import datetime, timedelta

import pytest

from newsletter.clicks.rules import Click, Verdict, judge
from tests.factories import MONDAY

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
HUMAN, UNKNOWN, MACHINE = Verdict.HUMAN, Verdict.UNKNOWN, Verdict.MACHINE


def click(
    seconds: float, link: str = "a", user_agent: str = FIREFOX, platform: str = "Desktop"
) -> Click:
    return Click(link, MONDAY + timedelta(seconds=seconds), user_agent, platform)


def verdicts(*clicks: Click, arrived: datetime | None = MONDAY) -> dict[str, Verdict]:
    return dict(judge(clicks, arrived))


def test_a_browser_after_breakfast_is_a_human():
    assert verdicts(click(3600)) == {"a": HUMAN}


def test_two_links_in_ten_seconds_are_followed_by_a_human():
    assert verdicts(click(600), click(610, "b")) == {"a": HUMAN, "b": HUMAN}


def test_all_links_in_a_second_half_a_minute_after_delivery_are_followed_by_a_machine():
    burst = [click(30 + place / 10, str(place)) for place in range(8)]

    assert set(verdicts(*burst).values()) == {MACHINE}


def test_a_slow_burst_is_one_too_whenever_it_comes():
    burst = [click(4000 + 3 * place, str(place)) for place in range(6)]

    assert set(verdicts(*burst).values()) == {MACHINE}


def test_a_reader_who_comes_after_a_filter_counts():
    burst = [click(5 + place / 10, link) for place, link in enumerate("abc")]

    assert verdicts(*burst, click(7200, "b")) == {"a": MACHINE, "b": HUMAN, "c": MACHINE}


@pytest.mark.parametrize(
    "name",
    ["curl/8.5", "python-requests/2.32", "Googlebot/2.1", "Mozilla/5.0 HeadlessChrome/131", "SecurityScan"],
)  # fmt: skip
def test_what_names_itself_a_program_is_a_machine(name):
    assert verdicts(click(3600, user_agent=name)) == {"a": MACHINE}


@pytest.mark.parametrize("seconds", [-5, 0, 1.9])
def test_nobody_has_seen_a_letter_that_has_just_arrived(seconds):
    assert verdicts(click(seconds)) == {"a": MACHINE}


@pytest.mark.parametrize(
    "clicks",
    [
        [click(45)],
        [click(3600, user_agent="")],
        [click(3600, platform="Unknown")],
        [click(3600), click(3600.4, "b")],
    ],
    ids=["early", "unnamed", "no browser", "two at once"],
)
def test_what_speaks_for_neither_is_unknown(clicks):
    assert set(verdicts(*clicks).values()) == {UNKNOWN}


def test_of_a_copy_whose_arrival_nobody_knows_nobody_knows_more():
    assert verdicts(click(3600), arrived=None) == {"a": UNKNOWN}
