"""Pull quotes, rule by rule: the bar, the cut, no repeats, other voices first, certain ends."""

from collections.abc import Collection

import pytest

from newsletter.content.comparison import Comparison, Quote, Tool
from newsletter.content.verdicts import wording
from newsletter.content.verdicts.excerpts import LIMIT, cut_to_fit
from newsletter.content.verdicts.extraction import extract
from newsletter.content.verdicts.summary import pull_quotes

FOR = "Keeping every run in a plain file earns the ship for a tool that edits code."
AGAINST = "What kills this in a year is one silent price cut, so I would skip it today."
PLAIN = "The service exposes an endpoint and a client for three languages."


def compared(*texts: str, complete: bool = True, rival: str = "Birch") -> Comparison:
    quotes = tuple(Quote("a", n, text, complete) for n, text in enumerate(texts, start=1))
    return Comparison(Tool("alder", "Alder"), Tool("birch", rival), quotes)


def chosen(
    *texts: str, shown: Collection[str] = (), complete: bool = True, rival: str = "Birch"
) -> dict[str, str]:
    comparison = compared(*texts, complete=complete, rival=rival)
    quotes = pull_quotes(extract(comparison), "a", shown=shown)
    return {quote.stance: quote.text for quote in quotes}


def test_each_tool_gets_at_most_one_quote_for_and_one_against():
    assert chosen(f"{FOR} {PLAIN} {AGAINST}") == {"for": FOR, "against": AGAINST}


def test_a_quote_names_its_reviewer_and_how_many_there_are():
    (quote,) = pull_quotes(extract(compared(PLAIN, FOR, PLAIN)), "a")

    assert (quote.reviewer, quote.reviewers) == (2, 3)


def test_what_argues_by_one_phrase_alone_is_shown_under_no_label():
    phrase = "Keeping every run in a plain file is the right call for a tool that edits code."

    assert chosen(phrase) == {"neutral": phrase}


def test_what_has_no_label_steps_in_where_one_of_the_two_is_missing():
    phrase = "Every error is typed, which is the right call for clients that run unattended."

    assert chosen(f"{phrase} {FOR}") == {"for": FOR, "neutral": phrase}
    assert chosen(f"{phrase} {FOR} {AGAINST}") == {"for": FOR, "against": AGAINST}


def test_without_a_cue_there_is_no_quote():
    assert chosen(PLAIN, PLAIN) == {}


def test_one_adjective_is_below_the_bar():
    assert chosen("The schema is elegant, and the client speaks three languages.") == {}


def test_a_sentence_that_argues_both_ways_equally_is_not_shown():
    text = "It removes a whole class of bugs and the ranking step is a black box to everybody."

    assert chosen(text) == {}


def test_a_question_is_never_a_quote():
    assert chosen("Is it the right call to keep every single run in a plain file?") == {}


def test_a_sentence_naming_the_other_tool_is_passed_over():
    assert chosen(FOR.replace("a tool", "Birch"), rival="Birch") == {}


def test_a_rival_whose_name_is_part_of_this_ones_cannot_be_told_apart():
    comparison = Comparison(
        Tool("claw-code", "Claw Code"),
        Tool("claw", "Claw"),
        (Quote("a", 1, "Claw Code made the right call with its plain and readable files."),),
    )

    assert len(pull_quotes(extract(comparison), "a")) == 1


def test_the_other_quote_comes_from_another_review_when_it_can():
    later = "The real risk is a silent change of the model, and I would skip it for that alone."

    assert chosen(f"{FOR} {AGAINST}", later)["against"] == later


def test_a_dangling_opening_steps_back_behind_one_that_stands_alone():
    dangling = "This earns the ship for a tool that edits code in large repositories."

    assert chosen(dangling, FOR)["for"] == FOR


def test_praise_that_the_next_sentence_takes_back_steps_behind_other_praise():
    conceded = "Typed errors earn the ship in a client that runs without a person. But it fails."
    other = "Typed errors everywhere earn the ship in clients that run unattended."

    assert chosen(conceded, other)["for"] == other


def test_praise_under_a_condition_steps_behind_praise_without():
    hedged = "For teams with a queue, typed errors earn the ship if they are all documented."
    plain = "For teams with a queue, typed errors earn the ship and all are documented here."

    assert chosen(hedged, plain)["for"] == plain


def test_nothing_like_a_text_already_shown_is_shown_again():
    assert chosen(FOR, shown=[FOR]) == {}
    assert chosen(FOR, shown=[FOR.removeprefix("Keeping every run in ")]) == {}
    assert chosen(FOR, shown=[PLAIN]) == {"for": FOR}


def test_more_than_half_of_the_words_in_common_is_a_repeat():
    assert wording.repeats("one two three four", "one two three five")
    assert not wording.repeats("one two three four", "one two five six")


def test_of_a_cut_review_only_sentences_that_are_certainly_whole_are_used():
    assert chosen(f"{PLAIN} {FOR}", complete=False) == {}
    assert chosen(f"{FOR} {PLAIN}", complete=False) == {"for": FOR}


def test_on_a_cut_page_the_fuller_side_tells_how_many_reviewers_there_are():
    quotes = (Quote("b", 1, FOR), Quote("a", 1, PLAIN), Quote("a", 2, "Cut", complete=False))
    comparison = Comparison(Tool("alder", "Alder"), Tool("birch", "Birch"), quotes)

    assert pull_quotes(extract(comparison), "b")[0].reviewers == 2


def test_a_whole_sentence_within_the_limit_is_not_cut():
    assert cut_to_fit(FOR) == FOR


LONG = " and then another word or two of little weight" * 4


@pytest.mark.parametrize("mark", [" — ", "; ", ", which ", ", because ", ", where "])
def test_a_long_sentence_is_cut_on_the_right_at_a_mark(mark):
    sentence = f"{FOR.removesuffix('.')}{mark}it goes on{LONG}."

    kept = cut_to_fit(sentence)

    assert kept == FOR.removesuffix(".")
    assert len(sentence) > LIMIT >= len(kept)


@pytest.mark.parametrize("turn", ["but", "unless", "if", "except", "only", "not", "though"])
def test_nothing_is_cut_when_the_lost_part_takes_it_back(turn):
    assert cut_to_fit(f"{FOR.removesuffix('.')} — {turn} it goes on{LONG}.") is None


def test_nothing_is_cut_when_the_lost_part_turns_later_on():
    lost = "which is fine, it is the right plan, but it means little" + LONG

    assert cut_to_fit(f"{FOR.removesuffix('.')} — {lost}.") is None


@pytest.mark.parametrize("sentence", ["It calls `run; stop` and", "It calls (run; stop) and"])
def test_nothing_is_cut_inside_code_or_brackets(sentence):
    assert cut_to_fit(f"{sentence}{LONG}{LONG}.") is None


def test_a_headless_beginning_is_no_quote():
    sentence = f"The specific technical decision that earns the ship — plain files{LONG}{LONG}."

    assert cut_to_fit(sentence) is None


def test_a_colon_is_no_place_to_cut():
    assert cut_to_fit(f"{FOR.removesuffix('.')}: it goes on{LONG}.") is None


def test_a_cut_quote_says_that_it_was_cut_and_is_still_a_substring():
    sentence = f"{FOR.removesuffix('.')} — it goes on{LONG}."

    (quote,) = pull_quotes(extract(compared(sentence)), "a")

    assert quote.cut
    assert quote.text in sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The specific technical decision that earns the ship", False),
        ("The scenario where this breaks", False),
        ("What would need to change for this to be a ship", False),
        ("What kills this is a default setting", True),
        ("The moat is thin", True),
        ("Nine people in a room", False),
    ],
)
def test_a_verb_inside_a_subordinate_clause_is_no_main_verb(text, expected):
    assert wording.has_main_verb(text) is expected
