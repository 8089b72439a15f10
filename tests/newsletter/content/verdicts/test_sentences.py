"""Cleaning changes nothing that is ordinary; splitting loses nothing but blanks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.verdicts.sentences import clean, split


def texts(text: str, names: tuple[str, ...] = ()) -> list[str]:
    return [sentence.text for sentence in split(text, names=names)]


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, 72.9% of them — with dashes; “curly” and 'straight' marks.",
        "A & B, <commit-hash>, a < b, `pip install x`, $0.50/M, naïve café, 日本語, 👩‍💻 ok.",
        "Ten\u00a0minutes with a no-break blank.",
        "שלום עולם, a right-to-left greeting",
    ],
)
def test_cleaning_leaves_ordinary_text_alone(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("cafe\u0301", "café"),
        ("a\u202eb\u2066c\u2069d", "abcd"),
        ("a\x00b\x1bc\x7fd\x9fe", "abcde"),
        ("no\u200bt\ufeff a wr\u2060apper", "not a wrapper"),
        ("one\r\ntwo\n\nthree\tfour  five", "one two three four five"),
        ("  edges \n", "edges"),
        ("lone \ud800 surrogate \uffff", "lone surrogate"),
    ],
)
def test_cleaning_takes_away_what_cannot_be_seen(dirty, expected):
    assert clean(dirty) == expected


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text):
    once = clean(text)

    assert clean(once) == once
    assert once.encode("utf-8").decode("utf-8") == once


def test_two_sentences_are_two():
    assert texts("It works. That is all.") == ["It works.", "That is all."]


@pytest.mark.parametrize(
    "text",
    [
        "It beats e.g. Foo and i.e. Bar by far.",
        "Foo vs. Bar is an old fight.",
        "The team at Acme Inc. Boston wrote it.",
        "A U.S. Army manual is shorter.",
        "J. Smith measured it.",
        "It costs $0.50 on v3.2 of Node.js at 72.9 percent.",
        "See No. 5 of the list.",
        "Run `make check. Then push` and wait.",
        "It is small (really small. Tiny.) and quick.",
        "The log says “Done. Nothing changed.” every night.",
        'The log says "Done. Nothing changed." every night.',
        "It waits... and then it answers.",
    ],
)
def test_a_stop_inside_a_sentence_does_not_end_it(text):
    assert texts(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They sell to Acme Inc. The rest is free.", 2),
        ("It reads logs, traces, etc. But it never writes.", 2),
        ("It works in the U.S. They checked.", 2),
        ("Is it a wrapper? No. It runs on its own.", 3),
        ("It costs $3. Then it costs more.", 2),
        ("It is called Plan B. The first one failed.", 2),
        ("He wrote “stop.” Then he stopped.", 2),
        ("What a thing! 40 people use it.", 2),
        ("It trails off… Nobody minds.", 2),
        ("It ends in code: `rm`. `ls` comes next.", 2),
    ],
)
def test_a_stop_that_ends_a_sentence_does(text, expected):
    assert len(texts(text)) == expected


def test_a_name_in_small_letters_opens_a_sentence_when_it_is_known():
    text = "Nobody else can buy it. git-why sits on that."

    assert len(texts(text)) == 1
    assert texts(text, names=("git-why",)) == ["Nobody else can buy it.", "git-why sits on that."]


@given(st.text(alphabet='aA.!? "“”()`1—,', max_size=120).map(clean))
def test_every_sentence_stands_at_its_place_and_only_blanks_are_lost(text):
    sentences = split(text)

    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in sentences)
    assert "".join(s.text for s in sentences).replace(" ", "") == text.replace(" ", "")
