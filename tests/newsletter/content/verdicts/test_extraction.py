"""Extracts: found from names and reviews alone, kept as JSON, and as good as found just now."""

from dataclasses import replace

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.comparison import Quote
from newsletter.content.verdicts.extraction import Extracts, extract, first_unfaithful
from newsletter.content.verdicts.summary import summarise
from newsletter.content.verdicts.verdict import PullQuote
from tests.newsletter.content.verdicts.test_samples import SAMPLES, SEEDS, compared

PAGES = [*SAMPLES, *SEEDS]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem[:40])
def test_stored_extracts_give_the_same_summary_as_reading_the_reviews(path):
    comparison = compared(path)
    stored = Extracts.from_json(extract(comparison).as_json())
    shown = summarise(comparison).texts

    assert stored == extract(comparison)
    assert stored.excerpts
    for before in ((), shown[:1], shown[:3], shown):
        assert summarise(comparison, stored, shown=before) == summarise(comparison, shown=before)


@given(st.data())
def test_whatever_reviews_are_left_stored_extracts_give_the_same_summary(data):
    first, second = (compared(path) for path in SAMPLES[:2])
    pool = st.sampled_from([*first.quotes, *second.quotes])
    picked = data.draw(st.lists(st.tuples(pool, st.integers(0, 600), st.booleans()), max_size=8))
    quotes = tuple(
        Quote("ab"[n % 2], n // 2 + 1, quote.text[cut:], complete)  # type: ignore[arg-type]
        for n, (quote, cut, complete) in enumerate(picked)
    )
    panel = data.draw(st.sampled_from([None, 0, 50, 100]))
    comparison = replace(first, quotes=quotes, tool_a=replace(first.tool_a, panel_percent=panel))

    stored = Extracts.from_json(extract(comparison).as_json())

    assert summarise(comparison, stored) == summarise(comparison)


def test_numbers_prices_and_the_order_of_arrival_change_no_extract():
    comparison = compared(SAMPLES[0])
    updated = replace(
        comparison,
        tool_a=replace(comparison.tool_a, panel_percent=0, entry="Paid", tagline="Another line"),
        quotes=tuple(reversed(comparison.quotes)),
    )

    assert extract(updated) == extract(comparison)


def test_a_comparison_without_reviews_has_no_extracts():
    assert extract(replace(compared(SAMPLES[0]), quotes=())) == Extracts()


@pytest.mark.parametrize("stored", ["", "[]", "{", '{"excerpts": [{"score": 2}]}', "null"])
def test_what_is_no_extracts_is_refused(stored):
    with pytest.raises(pydantic.ValidationError):
        Extracts.from_json(stored)


def test_the_first_piece_that_is_not_in_its_review_is_found():
    comparison = compared(SAMPLES[0])
    good = extract(comparison).quotes
    forged = PullQuote("a", "for", 1, 4, "Nobody wrote this.")

    assert first_unfaithful(good, comparison) is None
    assert first_unfaithful((*good, forged), comparison) == forged
