"""Sentence one, as a truth table over panels, votes and entry words."""

import re
from itertools import product

import pytest

from newsletter.content.comparison import Comparison, Quote, Tool
from newsletter.content.verdicts.headline import headline

PANELS = (None, 0, 25, 50, 75, 100)
ENTRIES = (None, "Free", "Paid", "Freemium")
VOTES = ((None, None), (62, None), (None, 48), (62, 48), (0, 48))
NAME_A, NAME_B = "Alder", "Birch"
PREFERENCE = re.compile(r"(?:leans towards|favours) (?P<first>\w+)|(?P<closer>\w+) comes closer")


def comparison(a, b, *, quotes=4, complete=True, **fields):
    """Build a comparison; a field given as a pair belongs to A and B."""
    one = {name: pair[0] for name, pair in fields.items()}
    two = {name: pair[1] for name, pair in fields.items()}
    reviews = tuple(
        Quote(side, position, "It runs.", complete or position < quotes)
        for position in range(1, quotes + 1)
        for side in ("a", "b")
    )
    return Comparison(
        Tool(**{"slug": "alder", "name": NAME_A, "panel_percent": a} | one),
        Tool(**{"slug": "birch", "name": NAME_B, "panel_percent": b} | two),
        reviews,
    )


def sentences(a, b):
    """Give the sentence for every mixture of votes, entry words and known or unknown reviews."""
    for votes, entry, quotes in product(VOTES, product(ENTRIES, repeat=2), (0, 4)):
        fields = {"community_percent": votes, "entry": entry}
        yield headline(comparison(a, b, quotes=quotes, **fields)), votes, entry


every_pair_of_panels = pytest.mark.parametrize(("a", "b"), list(product(PANELS, repeat=2)))


@every_pair_of_panels
def test_a_preference_is_claimed_only_for_the_higher_of_two_known_panels(a, b):
    leads = a is not None and b is not None and a != b
    leader = (NAME_A if a > b else NAME_B) if leads else None

    for text, *_ in sentences(a, b):
        preferred = PREFERENCE.search(text)
        assert (preferred and (preferred["first"] or preferred["closer"])) == leader


@every_pair_of_panels
def test_an_unknown_panel_is_said_to_be_unknown_and_a_known_one_never(a, b):
    for text, *_ in sentences(a, b):
        assert ("no panel verdict yet" in text) == (a is None or b is None)


@every_pair_of_panels
def test_every_number_comes_from_a_field_and_a_dash_never_becomes_zero(a, b):
    for text, votes, _ in sentences(a, b):
        percentages = {int(number) for number in re.findall(r"(\d+)%", text)}
        counted = {int(k) * 25 for k in re.findall(r"\b(\d) of 4", text)}
        assert percentages <= {a, b, *votes} - {None}
        assert counted <= {a, b}
        assert ("none of 4" not in text) or 0 in (a, b)
        assert ("all 4" not in text) or 100 in (a, b)


@every_pair_of_panels
def test_votes_and_entry_words_are_compared_only_when_there_are_two(a, b):
    for text, votes, entry in sentences(a, b):
        assert ("community" in text) == (None not in votes)
        assert ("entry" in text) == (None not in entry and entry[0] != entry[1])
        assert text.count(".") == 1
        assert "must" not in text


@every_pair_of_panels
def test_zero_per_cent_is_said_only_of_votes_that_were_cast(a, b):
    for text, votes, _ in sentences(a, b):
        assert ("0%" in re.findall(r"\b\d+%", text)) == (votes == (0, 48))


@every_pair_of_panels
def test_both_tools_are_named_and_nothing_else_that_has_a_name(a, b):
    openings = {"The", "Neither", "There"}

    for text, *_ in sentences(a, b):
        named = set(re.findall(r"\b[A-Z]\w+", text)) - openings
        assert named - {"Freemium"} == {NAME_A, NAME_B}


@every_pair_of_panels
def test_nobody_is_told_to_pay_and_no_gap_is_claimed_between_equals(a, b):
    for text, *_ in sentences(a, b):
        assert not re.search(r"\b(?:must|have to|need to|costs?|pay|you)\b", text)
        assert ("against" in text) == (None not in (a, b) and a != b)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (100, 75, "The panel leans towards Alder: all 4 reviewers would ship it, against 3 of 4 for Birch."),
        (25, 75, "The panel favours Birch: 3 of 4 reviewers would ship it, against 1 of 4 for Alder."),
        (100, 0, "The panel clearly favours Alder: all 4 reviewers would ship it, against none of 4 for Birch."),
        (100, 50, "The panel favours Alder: all 4 reviewers would ship it, against 2 of 4 for Birch."),
        (0, 25, "Neither wins the panel over, though Birch comes closer: 1 of 4 reviewers would ship it, against none of 4 for Alder."),
        (100, 100, "The panel would ship both: all 4 reviewers would ship Alder, and all 4 would ship Birch."),
        (75, 75, "The panel would ship both: 3 of 4 reviewers would ship Alder, and 3 of 4 would ship Birch."),
        (50, 50, "The panel calls it a tie: 2 of 4 reviewers would ship Alder, and 2 of 4 would ship Birch."),
        (0, 0, "The panel would ship neither: none of 4 reviewers would ship Alder, and none of 4 would ship Birch."),
        (None, 75, "There is no panel verdict yet on Alder; 3 of 4 reviewers would ship Birch."),
        (0, None, "There is no panel verdict yet on Birch; none of 4 reviewers would ship Alder."),
        (None, None, "There is no panel verdict yet on Alder or Birch."),
    ],
)  # fmt: skip
def test_each_kind_of_outcome_has_its_words(a, b, expected):
    assert headline(comparison(a, b)) == expected


def test_a_share_that_is_no_whole_number_of_reviewers_stays_a_percentage():
    text = headline(comparison(72, 40))

    assert text == "The panel favours Alder: 72% of the panel would ship it, against 40% for Birch."


@pytest.mark.parametrize("known", [{"quotes": 0}, {"quotes": 3}, {"complete": False}])
def test_reviewers_are_not_counted_on_a_page_that_may_have_been_cut(known):
    text = headline(comparison(100, 75, **known))

    assert "all" not in text
    assert "100% of the panel would ship it, against 75% for Birch" in text


def test_a_share_of_nobody_is_said_in_words_when_the_reviewers_cannot_be_counted():
    assert headline(comparison(75, 0, quotes=0)) == (
        "The panel clearly favours Alder: 75% of the panel would ship it, against none for Birch."
    )
    assert headline(comparison(0, 0, quotes=0)) == (
        "The panel would ship neither: none of the panel would ship Alder, "
        "and none would ship Birch."
    )


def test_a_lead_of_one_point_is_not_more_than_leaning():
    assert "leans towards Alder" in headline(comparison(76, 75))


def test_the_entry_words_are_said_as_a_listing_when_both_are_known_and_differ():
    text = headline(comparison(75, 75, entry=("Free", "Paid")))

    assert text.endswith("; entry is listed as free for Alder and paid for Birch.")


@pytest.mark.parametrize(
    "entry", [("Free", "free "), (None, "Paid"), ("", "Paid"), ("Paid", "Paid")]
)
def test_equal_or_unknown_entry_words_are_not_mentioned(entry):
    assert "entry" not in headline(comparison(75, 75, entry=entry))


def test_an_unusual_entry_word_is_said_as_it_stands():
    assert "listed as $9/mo for Alder" in headline(comparison(75, 75, entry=("$9/mo", "Free")))


def test_one_community_vote_alone_is_left_to_the_card():
    assert "62" not in headline(comparison(75, 75, community_percent=(62, None)))


def test_two_community_votes_are_compared_even_when_one_is_a_real_zero():
    text = headline(comparison(75, 75, community_percent=(0, 48)))

    assert text.endswith("; the community vote stands at 0% for Alder and 48% for Birch.")


def test_tools_of_the_same_name_are_told_apart_by_their_slugs():
    text = headline(comparison(100, 50, name=("Claw", "claw")))

    assert "favours Claw (alder)" in text
    assert "for claw (birch)" in text


UNSEEN = ["\u3164", "\u061c", "\u2800 \u2800", "\u034f", "\U000e0100", "\ufe0f", "\ue000", "\u200d"]


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_that_shows_nothing_gives_way_to_the_slug(name):
    assert "favours alder: " in headline(comparison(100, 50, name=(name, "Birch")))
    assert "for birch" in headline(comparison(100, 50, name=("Alder", name)))


@pytest.mark.parametrize("name", ["★", "7", "ض", "👩\u200d💻", "&"])
def test_a_name_that_shows_anything_stays(name):
    assert f"favours {name}: " in headline(comparison(100, 50, name=(name, "Birch")))


@pytest.mark.parametrize(
    "name", ["Plumb & Pitch", 'The "Best" <b>Tool</b>', "Foo vs Bar", "{{ x }}"]
)
def test_a_name_may_hold_anything_and_is_not_escaped(name):
    assert f"favours {name}:" in headline(comparison(100, 50, name=(name, "Birch")))


def test_a_long_name_loses_its_subtitle_at_the_second_mention():
    name = "Orchard Ledger: Autonomous Month-End Close for Small Firms"
    text = headline(comparison(100, 50, name=(name, "Birch"), entry=("Free", "Paid")))

    assert text.count(name) == 1
    assert "free for Orchard Ledger and paid" in text


def test_long_names_that_share_their_beginning_stay_whole():
    names = (
        "Orchard Ledger: Autonomous Month-End Close",
        "Orchard Ledger: Quarterly Tax Assistant",
    )
    text = headline(comparison(100, 50, name=names, entry=("Free", "Paid")))

    assert all(text.count(name) == 2 for name in names)
