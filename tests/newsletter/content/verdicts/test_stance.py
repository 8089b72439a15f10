"""Every cue with its example and foil, every trap, and the sentences the cues were tuned on."""

from collections import Counter

import pytest

from newsletter.content.verdicts.cues import CUES, Cue
from newsletter.content.verdicts.cues.classes import CLASSES
from newsletter.content.verdicts.stance import WORTH_QUOTING, Weights, score
from tests.newsletter.content.verdicts.measuring import HERE, VOICES, judged, leaning, tally

TRAPS = (HERE / "traps.txt").read_text(encoding="utf-8").splitlines()
TUNING = judged(HERE / "tuning.txt")


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.phrase)
def test_each_cue_is_found_in_its_example_and_speaks_for_its_side_alone(cue):
    found = score(cue.example)

    assert cue.pattern.search(cue.example)
    assert found.for_ >= max(cue.weight, 0)
    assert found.against >= max(-cue.weight, 0)
    assert not (found.for_ and cue.weight <= 0)
    assert not (found.against and cue.weight >= 0)


@pytest.mark.parametrize("cue", [cue for cue in CUES if cue.foil], ids=lambda cue: cue.phrase)
def test_each_foil_stays_silent(cue):
    assert score(cue.foil) == Weights()


def test_no_cue_stands_in_the_table_twice():
    phrases = Counter(cue.phrase for cue in CUES)

    assert [phrase for phrase, times in phrases.items() if times > 1] == []


@pytest.mark.parametrize("sentence", TRAPS)
def test_praise_and_blame_that_is_not_the_reviewers_own_gets_no_leaning(sentence):
    assert leaning(sentence) == "neutral"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It has yet to earn the ship.", "against"),
        ("The numbers don't hold up.", "against"),
        ("On a bad line it does not fall apart.", "for"),
        ("What you get is not a wrapper but a planner.", "neutral"),
        ("It isn’t a wrapper.", "for"),
        ("A nicer page would not earn the ship.", "against"),
    ],
)
def test_a_phrase_with_its_own_negation_overrules_the_bare_one(sentence, expected):
    assert leaning(sentence) == expected


def test_verdict_words_outweigh_phrases_and_phrases_outweigh_adjectives():
    verdict = score("This earns the ship.").for_
    phrase = score("It is a genuine differentiator.").for_
    adjective = score("It is elegant.").for_

    assert verdict > phrase > adjective > 0


def test_a_cue_said_twice_counts_once():
    assert score("An elegant and again elegant schema.") == score("An elegant schema.")


def test_what_is_granted_before_a_turn_does_not_count():
    assert score("The API is elegant and polished, but nobody asked for it.").for_ == 0
    assert leaning("Although the docs are thin, this earns the ship.") == "for"


def test_a_question_has_no_stance():
    assert score("Is this a hard skip?") == Weights()


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("a|b c", "b c", True),
        ("a b? c", "a c", True),
        ("retr* it", "retries it", True),
        ("no_one came", "no one came", True),
        ("moat is … real", "the moat is at last real", True),
        ("moat is … real", "the moat is not real", False),
        ("moat is … real", "the moat is one two three four real", False),
        ("^ skip it", "skip it", True),
        ("^ skip it", "they skip it", False),
        ("a ship $", "a ship for teams", True),
        ("a ship $", "a ship date", False),
        ("it's fine", "it’s fine", True),
        ("box", "black-box", False),
        ("it <fails>", "it crashes", True),
        ("it <fails>", "it times out", True),
        ("it <fails>", "it works", False),
        ("no <feared>, no", "no daemon, no ports", True),
        ("every …… source", "every figure on the long page has a source", True),
        ("every …… source", "every figure, and then a source", False),
    ],
)
def test_the_notation_of_phrases(phrase, text, found):
    cue = Cue(phrase, +1, "")

    assert bool(cue.pattern.search(text)) is found


def test_a_failure_counts_only_where_the_sentence_asserts_it():
    cue = Cue("it crashes", -2, "", main=True)

    assert cue.main
    assert leaning("On long pages it crashes the browser or the importer chokes.") == "against"
    assert leaning("I wrote down what happens when the importer chokes.") == "neutral"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The importer chokes on the second file.", "against"),
        ("Other importers choke, and the old editor crashed on the second file.", "neutral"),
        ("It tells nobody whether the importer chokes.", "neutral"),
        ("It never loses a page.", "for"),
        ("I would not say that it never loses a page.", "neutral"),
        ("Once they fix the index it will be extremely fast, they would add.", "neutral"),
        ("The founders say it never loses a page.", "neutral"),
    ],
)
def test_a_cue_speaks_only_for_what_the_reviewer_says_of_this_tool_now(sentence, expected):
    assert leaning(sentence) == expected


def test_every_class_of_words_is_used_by_a_cue_and_holds_no_word_twice():
    used = {
        word.strip("?,")
        for cue in CUES
        for token in cue.phrase.split()
        for word in token.split("|")
    }

    assert set(CLASSES) <= used
    assert {word for word in used if word.startswith("<")} <= set(CLASSES)
    assert [name for name, words in CLASSES.items() if len(set(words)) < len(words)] == []


def test_on_the_sentences_the_cues_were_tuned_on_none_leans_the_wrong_way_and_three_in_five_lean():
    found = tally(TUNING, WORTH_QUOTING)

    assert found.wrong == 0
    assert found.share >= 0.6


def test_the_tuning_sentences_come_in_five_voices_and_argue_both_ways_alike():
    voices = Counter(each.voice for each in TUNING)
    meant = Counter(each.meant for each in TUNING)

    assert set(voices) == set(VOICES)
    assert min(voices.values()) >= 0.8 * max(voices.values())
    assert min(meant["for"], meant["against"]) >= 0.9 * max(meant["for"], meant["against"])
    assert meant["neutral"] * 10 >= len(TUNING)
