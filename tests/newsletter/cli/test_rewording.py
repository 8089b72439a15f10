"""An editor rewords an issue at the command line and finds the words in the letter."""

from pathlib import Path

import orjson
import pytest

from tests.journeys.commands import SAMPLES, Operator

PAIR = "basaltine-7b-open-weights-vs-heronweave-12b-compact"


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    operator = Operator(tmp_path_factory.mktemp("rewording") / "data")
    operator.must("content", "import", str(SAMPLES))
    operator.must("issue", "pin", PAIR)
    operator.must("issue", "build")
    return operator


def letter(operator: Operator) -> tuple[str, str]:
    operator.must("issue", "build")
    files = operator.json("issue", "preview")["files"]
    return Path(files["html"]).read_text(), Path(files["txt"]).read_text()


def test_a_reworded_sentence_is_in_both_parts_until_it_is_given_back(operator):
    before = letter(operator)
    said = "Our own view of these two, in one plain sentence."

    operator.must("issue", "reword", "verdict", said, "--of", PAIR)
    html, text = letter(operator)
    operator.must("issue", "unword", "verdict", "--of", PAIR)

    assert said in html
    assert said in " ".join(text.split())
    assert letter(operator) == before


def test_an_editors_note_is_shown_as_one_and_passes_preflight(operator):
    operator.must("issue", "reword", "for-a", "We ran it.", "--of", PAIR, "--own-words")

    html, text = letter(operator)
    findings = orjson.loads(operator.run("issue", "preflight", "--json").stdout)

    assert "We ran it." in html
    assert "“We ran it.”" not in html + text
    assert "ditor" in text
    assert {"quote-not-in-source"}.isdisjoint(found["code"] for found in findings)


def test_a_subject_of_ones_own_is_the_subject(operator):
    operator.must("issue", "reword", "subject", "Two small models, one verdict")
    operator.must("issue", "build")

    assert operator.json("issue", "show")["subject"] == "Two small models, one verdict"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("for-a", "It is a miracle.", "--of", PAIR), "not-in-source"),
        (("verdict", "One calls it “a miracle”.", "--of", PAIR), "not-in-source"),
        (("subject", " "), "unusable-words"),
        (("case", "Fine.", "--of", "no-such-vs-pair"), "no-such-comparison"),
    ],
)
def test_words_that_cannot_be_shown_are_refused_and_nothing_changes(operator, words, told):
    refused = operator.run("issue", "reword", *words)

    assert refused.returncode == 1
    assert told in refused.stderr


@pytest.mark.parametrize("words", [("verdict", "Fine."), ("title", "Fine.")])
def test_an_unclear_part_is_wrong_usage(operator, words):
    assert operator.run("issue", "reword", *words).returncode == 2
