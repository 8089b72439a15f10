from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.delivery.message import Outcome, Receipt
from newsletter.issues.outdated import Change
from newsletter.links.answer import Answer
from newsletter.preflight.rules import LEAST_DIFFERENCE, RULES, look_around
from newsletter.preflight.surroundings import Band, LastIssue, Mailed, Page, Surroundings
from tests.factories import MONDAY
from tests.newsletter.rendering.samples import BRAND

SENT_ABROAD = replace(BRAND, leaves_host=True)
FROM_HERE = replace(SENT_ABROAD, sender="Weekly Verdict <digest@localhost.localdomain>")

GOOD = Surroundings(
    number=12,
    begun=False,
    built_with=SENT_ABROAD,
    brand=SENT_ABROAD,
    sender=SENT_ABROAD.sender,
    editors=2,
    audience=1_000,
    band=Band(fall=20, rise=30),
    last=LastIssue(11, 1_000),
    pages=(
        Page("unsubscribe", "/unsubscribe/…", 200),
        Page("one-click", "POST /unsubscribe/…", 200),
        Page("preferences", "/manage/…", 200),
        Page("vote", "/vote/…?a=1", 200),
        Page("page", "/archive", 200),
    ),
    links=(
        Answer("https://verdicts.example.org/compare/a-vs-b", 200),
        Answer("https://shy.example.org/", 403),
    ),
)

BROKEN: dict[str, tuple[str, Surroundings]] = {
    "settings-changed": ("block", replace(GOOD, built_with=replace(SENT_ABROAD, name="Other"))),
    "letter-altered": ("block", replace(GOOD, altered=("html", "hash"))),
    "draft-outdated": ("hold", replace(GOOD, outdated=(Change("A vs B", "it was banned"),))),
    "sender-not-configured": ("block", replace(GOOD, sender="Other <other@example.org>")),
    "sender-of-nowhere": (
        "block",
        replace(GOOD, sender=FROM_HERE.sender, brand=FROM_HERE, built_with=FROM_HERE),
    ),
    "editors-missing": ("note", replace(GOOD, editors=0)),
    "audience-empty": ("block", replace(GOOD, audience=0)),
    "wishes-unmet": ("note", replace(GOOD, is_wanted=False)),
    "audience-fell": ("hold", replace(GOOD, audience=799)),
    "audience-rose": ("hold", replace(GOOD, audience=1_301)),
    "end-too-early": (
        "note",
        replace(GOOD, not_after=MONDAY, gone_by=MONDAY + timedelta(minutes=1)),
    ),
    "mailed-before": ("block", replace(GOOD, mailed=(Mailed("A vs B", 7),))),
    "not-composable": ("block", replace(GOOD, refusal="Subject holds a line break")),
    "way-out-closed": (
        "block",
        replace(GOOD, way_out=Receipt(Outcome.NOT_TAKEN, code="10", needs_operator=True)),
    ),
    "way-out-silent": (
        "note",
        replace(GOOD, way_out=Receipt(Outcome.NOT_TAKEN, code="not-reached")),
    ),
    "unsubscribe-unanswered": (
        "block",
        replace(GOOD, pages=(Page("unsubscribe", "/unsubscribe/…", 404),)),
    ),
    "one-click-unanswered": (
        "block",
        replace(GOOD, pages=(Page("one-click", "POST /unsubscribe/…", 405),)),
    ),
    "preferences-unanswered": (
        "block",
        replace(GOOD, pages=(Page("preferences", "/manage/…", 404),)),
    ),
    "vote-unanswered": ("block", replace(GOOD, pages=(Page("vote", "/vote/…", 500),))),
    "page-unanswered": ("block", replace(GOOD, pages=(Page("page", "/archive", 302),))),
    "link-dead": ("hold", replace(GOOD, links=(Answer("https://gone.example.org/", 410),))),
    "link-silent": ("note", replace(GOOD, links=(Answer("https://slow.example.org/", None),))),
}


def codes(around: Surroundings) -> list[str]:
    return [found.code for found in look_around(around)]


def test_nothing_is_found_when_all_is_well():
    assert look_around(GOOD) == []


@pytest.mark.parametrize("code", BROKEN)
def test_each_broken_world_trips_exactly_its_code(code):
    level, around = BROKEN[code]

    [finding] = look_around(around)

    assert (finding.code, finding.level) == (code, level)
    assert finding.message
    assert finding.where


def test_every_rule_has_a_broken_world_and_is_called_like_its_code():
    assert [rule.__name__.replace("_", "-") for rule in RULES] == list(BROKEN)


@pytest.mark.parametrize("audience", [800, 900, 1_000, 1_300])
def test_an_audience_inside_the_band_is_no_surprise(audience):
    assert codes(replace(GOOD, audience=audience)) == []


def test_the_first_issue_has_nothing_to_be_compared_with():
    assert codes(replace(GOOD, audience=1_000_000, last=None)) == []


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (10, 1, []),
        (20, 11, []),
        (20, 10, ["audience-fell"]),
        (1, 10, []),
        (1, 11, ["audience-rose"]),
    ],
)
def test_on_a_short_list_a_few_people_are_no_alarm(before, now, found):
    assert LEAST_DIFFERENCE == 10
    assert codes(replace(GOOD, audience=now, last=LastIssue(11, before))) == found


def test_an_empty_audience_is_said_once_and_not_also_as_a_fall_or_as_unmet_wishes():
    assert codes(replace(GOOD, audience=0, is_wanted=False)) == ["audience-empty"]


def test_a_sender_of_this_machine_is_fine_as_long_as_nothing_leaves_it():
    at_home = replace(FROM_HERE, leaves_host=False)

    assert codes(replace(GOOD, sender=at_home.sender, brand=at_home, built_with=at_home)) == []


def test_new_settings_hold_an_issue_that_is_half_sent_and_do_not_bury_it():
    """A refused sender is mended in the settings, and then the rest has to be able to leave."""
    changed = replace(GOOD, begun=True, built_with=replace(SENT_ABROAD, name="Other"))

    assert [(found.code, found.level) for found in look_around(changed)] == [
        ("settings-changed", "hold")
    ]


def test_many_vote_links_that_fail_are_one_finding_that_counts_them():
    pages = tuple(Page("vote", f"/vote/…?a={number}", 404) for number in range(1, 17))

    [finding] = look_around(replace(GOOD, pages=pages))

    assert finding.where == "/vote/…?a=1 and 15 more"


def test_a_page_without_the_place_a_link_leads_to_is_not_an_answer():
    lacking = Page("page", "/archive/12#c-a-vs-b", 200, lacks="c-a-vs-b")

    [finding] = look_around(replace(GOOD, pages=(lacking,)))

    assert finding.code == "page-unanswered"
    assert "no place called c-a-vs-b" in finding.message


def test_the_number_of_the_earlier_issue_is_named():
    [finding] = look_around(replace(GOOD, mailed=(Mailed("A vs B", 7),)))

    assert "issue 7" in finding.message
    assert finding.where == "A vs B"


def test_one_cause_of_silence_is_told_once_however_many_links_it_hits():
    why = "the host slow.example.org is not known"
    links = tuple(Answer(f"https://slow.example.org/{place}", None, why) for place in range(8))

    [found] = look_around(replace(GOOD, links=links))

    assert found.where == "https://slow.example.org/0 and 7 more"
