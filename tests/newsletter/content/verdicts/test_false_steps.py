"""False steps met while verdicts were built: each is walked once, and must lead nowhere."""

import pytest

from newsletter.content.comparison import Comparison, Quote, Tool
from newsletter.content.verdicts.excerpts import LIMIT
from newsletter.content.verdicts.extraction import Extracts, extract
from newsletter.content.verdicts.summary import summarise

PRAISE = "The open format earns the ship for small archives"
BLAME = "the scoring model is a hard skip for everybody who uses it"
FILLER = " and then another word or two of little weight" * 4


def compared(*reviews: str) -> Comparison:
    return Comparison(
        Tool("alder", "Alder", panel_percent=100),
        Tool("birch", "Birch", panel_percent=50),
        tuple(Quote("a", number, text) for number, text in enumerate(reviews, start=1)),
    )


def labels(*reviews: str) -> set[str]:
    """Give the labels under which any piece of the reviews may be shown."""
    return {quote.stance for quote in extract(compared(*reviews)).quotes}


def parts(*reviews: str) -> list[str]:
    """Give what may become a part of sentence two."""
    return [candidate.quote.text for candidate in extract(compared(*reviews)).clauses]


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not true that the open format is a genuine differentiator for archives.",
        "Nothing about the open format is a genuine differentiator for any archive here.",
        "The archive never earned the trust of anybody on my team in all those months.",
        "There is no reason to believe that the open format is a genuine differentiator.",
    ],
)
def test_praise_that_is_denied_is_not_praise(sentence):
    assert "for" not in labels(sentence)


@pytest.mark.parametrize("sentence", [
    "The founders claim that the open format is a genuine differentiator for archives.",
    "According to the launch post the open format is a genuine differentiator for all.",
    "They call it “a genuine differentiator for archives” on every page of the site.",
    "Some people call the open format a genuine differentiator for small archives.",
])  # fmt: skip
def test_praise_that_is_reported_is_not_praise(sentence):
    assert labels(sentence) == set()


@pytest.mark.parametrize("sentence", [
    "Most archives lose track of their records, and the records of the town are no exception.",
    "Other editors crash when the page is long, as everybody in this trade has learned.",
    "The incumbent is the fastest archive anyone has ever used for records of this kind.",
])  # fmt: skip
def test_what_is_said_of_others_is_not_said_of_the_tool(sentence):
    assert labels(sentence) == set()


def test_a_fault_that_the_tool_finds_is_not_its_own():
    assert "against" not in labels("It catches the edits that break our build before they land.")
    assert "against" not in labels("It warns me when the export loses rows on its way to the bank.")


def test_the_part_after_a_list_is_not_told_as_if_it_had_its_own_subject():
    sentence = "The lab offers tuning, hosting, and now the archive is a real business for it."

    assert "now the archive is a real business for it" not in parts(sentence)


@pytest.mark.parametrize("mark", [":", " —"])
def test_a_headless_beginning_is_never_a_part_of_sentence_two(mark):
    sentence = (
        f"The one technical decision that earns the ship{mark} plain files in a plain folder."
    )

    assert "The one technical decision that earns the ship" not in parts(sentence)


@pytest.mark.parametrize("hedge", [
    "if the price holds", "unless the price moves", "though that may change",
    "at least it seems so", "which could be luck", "and that should last",
])  # fmt: skip
def test_a_hedge_anywhere_in_the_sentence_keeps_all_of_it_out_of_sentence_two(hedge):
    assert parts(f"{PRAISE} — {hedge}.") == []
    assert parts(f"{PRAISE}.") != []


@pytest.mark.parametrize(
    "opening", ["That", "It", "They", "But that", "Still, it", "Which", "And it"]
)
def test_a_part_that_opens_by_pointing_back_is_not_used(opening):
    assert parts(f"{opening} is a genuine differentiator for every archive in town.") == []


@pytest.mark.parametrize("turn", ["but", "unless", "if", "until", "except that", "although"])
def test_no_cut_takes_away_what_takes_it_back(turn):
    sentence = f"{PRAISE} — {turn} the story goes on{FILLER}."

    assert len(sentence) > LIMIT
    assert extract(compared(sentence)).excerpts == ()


def test_what_a_cut_takes_away_still_counts_against_the_label():
    sentence = f"{PRAISE} — {BLAME}{FILLER}."

    assert len(sentence) > LIMIT
    assert "for" not in labels(sentence)


def test_praise_after_the_cut_does_not_label_what_is_left():
    sentence = f"The archive holds nine years of readings from four towns — {PRAISE}{FILLER}."

    assert extract(compared(sentence)).excerpts == ()


def test_praise_under_a_condition_is_the_last_choice():
    plain = f"{PRAISE} of every size in this town."
    conditional = f"{PRAISE} of every size if it stays."

    first, second = extract(compared(conditional, plain)).excerpts

    assert (first.quote.text, second.quote.text) == (plain, conditional)


def test_an_equal_score_is_decided_by_length_and_then_by_the_order_of_reviews():
    short = "The open format is a genuine differentiator for an archive of this sort and size."
    longer = (
        "The open format is a genuine differentiator for some archive of just this sort and size."
    )

    ranked = [candidate.quote for candidate in extract(compared(longer, short, short)).excerpts]

    assert [(quote.reviewer, quote.text) for quote in ranked] == [
        (2, short),
        (3, short),
        (1, longer),
    ]


def test_the_same_words_are_not_shown_twice_in_an_issue():
    comparison = compared(f"{PRAISE}.")
    shown = summarise(comparison).texts

    assert shown
    assert summarise(comparison, shown=shown).texts == ()


def test_a_review_without_a_cue_gives_no_quote_under_any_label():
    review = "The service exposes an endpoint and a client for three languages."

    assert extract(compared(review)) == Extracts()
