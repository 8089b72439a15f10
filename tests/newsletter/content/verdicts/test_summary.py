"""The two sentences and the quotes together: who is argued for, and nothing that is not there."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.comparison import Comparison, Quote, Tool
from newsletter.content.verdicts.sentences import clean
from newsletter.content.verdicts.summary import UnfaithfulQuote, check_faithful, summarise
from newsletter.content.verdicts.verdict import PullQuote, Standing, Summary

CASE_A = "The archive of readings earns the ship."
CAUTION_A = "The scoring model is a hard skip."
CASE_B = "The offline mode deserves a ship."
CAUTION_B = "For small teams the price is a clear skip."


def compared(a: int | None, b: int | None) -> Comparison:
    return Comparison(
        Tool("alder", "Alder", panel_percent=a),
        Tool("birch", "Birch", panel_percent=b),
        (
            Quote("a", 1, f"It runs. {CASE_A} {CAUTION_A}"),
            Quote("b", 1, f"It runs. {CASE_B} {CAUTION_B}"),
        ),
    )


def quoted(summary: Summary) -> list[tuple[str, str]]:
    return [(quote.side, quote.stance) for quote in summary.case_quotes]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (100, 75, [("a", "for"), ("b", "against")]),
        (25, 75, [("b", "for"), ("a", "against")]),
        (75, 75, [("a", "for"), ("b", "for")]),
        (25, 25, [("a", "against"), ("b", "against")]),
        (None, 75, [("a", "for"), ("b", "for")]),
        (None, None, [("a", "for"), ("b", "for")]),
    ],
)
def test_sentence_two_argues_for_the_leader_and_prefers_nobody_in_a_tie(a, b, expected):
    assert quoted(summarise(compared(a, b))) == expected


def test_sentence_two_quotes_each_clause_with_its_reviewer():
    assert summarise(compared(100, 75)).case == (
        "The case for Alder: “The archive of readings earns the ship” (reviewer 1); "
        "the caution on Birch: “For small teams the price is a clear skip” (reviewer 1)."
    )


def test_sentence_two_is_left_out_when_nothing_clears_the_bar():
    silent = replace(compared(100, 75), quotes=(Quote("a", 1, "It runs on two systems."),))

    summary = summarise(silent)

    assert (summary.case, summary.case_quotes, summary.quotes) == (None, (), ())
    assert summary.outcome.standing is Standing.LEADS


def test_a_card_does_not_say_the_same_twice():
    summary = summarise(compared(100, 75))

    assert len(set(summary.texts)) == len(summary.texts)
    assert not any(CASE_A.removesuffix(".") in quote.text for quote in summary.quotes)


def test_a_tool_in_two_comparisons_of_an_issue_gets_fresh_words():
    first = summarise(compared(100, 75))

    second = summarise(compared(100, 75), shown=first.texts)

    assert not set(first.texts) & set(second.texts)


def test_the_same_input_gives_the_same_summary_in_any_order_of_quotes():
    comparison = compared(100, 75)

    turned = replace(comparison, quotes=tuple(reversed(comparison.quotes)))

    assert summarise(comparison) == summarise(comparison) == summarise(turned)


def test_a_quote_that_is_not_in_its_review_is_refused():
    comparison = compared(100, 75)
    summary = summarise(comparison)
    forged = PullQuote("a", "for", 1, 1, "The archive of readings earned the ship.")

    with pytest.raises(UnfaithfulQuote, match="not in review 1 of alder"):
        check_faithful(replace(summary, quotes=(forged,)), comparison)


def test_a_quote_that_is_in_another_review_is_refused():
    comparison = compared(100, 75)
    misplaced = PullQuote("b", "for", 1, 1, CASE_A)

    with pytest.raises(UnfaithfulQuote):
        check_faithful(replace(summarise(comparison), quotes=(misplaced,)), comparison)


PHRASES = st.sampled_from(
    [
        CASE_A, CAUTION_A, CASE_B, CAUTION_B, "It earns the ship,", "but", "—", "not", "if", ";",
        "“", "”", "`", "(", "Birch", "e.g.", "v3.2", "\u202e", "\n", "café", "cafe\u0301", "?", ".",
    ]
)  # fmt: skip


@given(
    st.lists(st.lists(PHRASES, max_size=9).map(" ".join), max_size=6),
    st.sampled_from([None, 0, 50, 75, 100]),
    st.booleans(),
)
def test_whatever_the_reviews_hold_every_quote_is_a_substring_of_its_review(texts, panel, complete):
    quotes = tuple(
        Quote("ab"[n % 2], n // 2 + 1, text, complete or n < len(texts) - 1)  # type: ignore[arg-type]
        for n, text in enumerate(texts)
    )
    comparison = replace(compared(75, panel), quotes=quotes)

    summary = summarise(comparison)

    sources = {(quote.side, quote.position): clean(quote.text) for quote in quotes}
    for quote in (*summary.case_quotes, *summary.quotes):
        assert quote.text in sources[quote.side, quote.reviewer]
    assert all(quote.stance in ("for", "against") for quote in summary.case_quotes)
