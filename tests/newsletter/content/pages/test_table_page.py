from dataclasses import fields

import pytest

from newsletter.content.comparison import Comparison, Quote, Side, Tool
from newsletter.content.pages.page_text import read_comparison
from newsletter.content.refusals import Unreadable
from tests.newsletter.content.page_factory import INDEX, LAMP
from tests.newsletter.content.pages.table_page import DECISION, ROWS, table_page

QUOTES = tuple(
    quote
    for position, (_, _, a, _, b) in enumerate(ROWS, start=1)
    for quote in (Quote("a", position, a), Quote("b", position, b))
)


def decided(**rows: tuple[str, ...]) -> Comparison:
    """Read a page of which some rows of the table are others."""
    named = {label.replace("_", " ").capitalize(): values for label, values in rows.items()}
    return read_comparison(table_page({**DECISION, **named}))


def test_the_decision_table_is_no_part_of_the_description_above_it():
    comparison = read_comparison(table_page())

    assert comparison.tool_a.description == LAMP.description
    assert comparison.tool_b.description == INDEX.description


def test_the_table_says_price_and_tally():
    comparison = read_comparison(table_page())

    a, b = comparison.tool_a, comparison.tool_b
    assert (a.price, a.ships, a.skips) == ("Free for one repository", 3, 1)
    assert (b.price, b.ships, b.skips) == ("$20/mo, 14 days to try", 2, 2)


def test_no_community_votes_yet_is_unknown_and_a_percentage_is_read():
    comparison = decided(community=("No community votes yet", "62%"))

    assert comparison.tool_a.community_percent is None
    assert comparison.tool_b.community_percent == 62


def test_a_row_that_lacks_a_value_says_nothing_for_whose_is_the_other():
    comparison = decided(pricing=("Free",))

    assert (comparison.tool_a.price, comparison.tool_b.price) == (None, None)
    assert comparison.tool_b.ships == 2


@pytest.mark.parametrize("heading", ["Decision", "Decision\nLedger Lamp"])
def test_a_description_may_begin_with_the_word_decision(heading):
    text = table_page().partition("\n\nDecision")[0].replace(INDEX.description, heading)

    assert read_comparison(text).tool_b.description is None


def test_labelled_cells_are_quotes_of_both_sides():
    assert read_comparison(table_page()).quotes == QUOTES


def test_a_reviewer_named_above_each_cell_means_the_same():
    rows = tuple((name, a, x, f"{name}\n{b}", y) for name, a, x, b, y in ROWS)

    assert read_comparison(table_page(rows=rows)).quotes == QUOTES


@pytest.mark.parametrize("blank", ["—", "No review yet"])
def test_an_empty_cell_leaves_the_other_side_in_its_place(blank):
    rows = (
        ("Builder", blank, "61/100 · skip", "It eats the disk."),
        ("Skeptic", "40/100 · skip", "It breaks on squashes.", blank),
        ROWS[2],
    )

    quotes = read_comparison(table_page(rows=rows)).quotes

    assert quotes == (
        Quote("b", 1, "It eats the disk."),
        Quote("a", 1, "It breaks on squashes."),
        Quote("a", 2, "Every commit will say why."),
        Quote("b", 2, "Offline wins."),
    )


def test_cells_that_carry_marks_lose_the_outer_ones():
    rows = tuple((name, a, f"“{x}”", b, f"“{y}”") for name, a, x, b, y in ROWS)

    assert read_comparison(table_page(rows=rows)).quotes == QUOTES


def test_no_cut_gives_a_wrong_field():
    text = table_page()
    full = read_comparison(text)

    for end in range(len(text)):
        for cut in (text[:end], text[:end] + "\n"):
            assert_nothing_is_wrong(full, cut)


def assert_nothing_is_wrong(full: Comparison, cut: str) -> None:
    try:
        part = read_comparison(cut)
    except Unreadable:
        return
    sides: tuple[Side, ...] = ("a", "b")
    for side in sides:
        for field in fields(Tool):
            value = getattr(part.tool(side), field.name)
            assert value is None or value == getattr(full.tool(side), field.name), field.name
        for quote, whole in zip(part.quotes_on(side), full.quotes_on(side), strict=False):
            begun = whole.text.startswith(quote.text) and not quote.complete
            assert quote == whole or begun


def test_values_below_their_labels_are_taken_for_no_others():
    text = table_page().replace("75%\n\nPanel ship", "Panel ship\n\n75%")
    text = text.replace("Community\n\nFree\n\nEntry", "Community\n\n62%\n\nEntry\n\nFree")

    tool = read_comparison(text).tool_a

    assert (tool.tagline, tool.panel_percent) == (LAMP.tagline, None)
    assert (tool.community_percent, tool.entry, tool.description) == (None, None, None)
