from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.catalogue.matching import fits, has_same_story, swapped
from newsletter.content.catalogue.merging import (
    Changes,
    Conflict,
    merge,
    merge_tool_page,
    merge_tools,
)
from newsletter.content.comparison import Comparison, Quote, Tool
from newsletter.content.pages.tool_page import ToolPage

FULL = Tool(
    "lamp-2026", "Lamp", "Tools", "A lamp", 75, None, "Free", "It gives light.", price="Free"
)
BARE = Tool("lamp-2026", "Lamp")
OTHER = Tool("index-2026", "Index")
QUOTES = (Quote("a", 1, "It is good."), Quote("b", 1, "It is not."), Quote("a", 2, "Still good."))


def test_a_fuller_page_fills_gaps():
    assert merge_tools(BARE, FULL) == (FULL, Changes(filled=True))


def test_a_cut_page_erases_nothing():
    assert merge_tools(FULL, BARE) == (FULL, Changes())


def test_a_conflict_keeps_the_newer_and_reports_both():
    merged, changes = merge_tools(FULL, replace(BARE, panel_percent=0), place="tool_a.")

    assert merged.panel_percent == 0
    assert changes == Changes(conflicts=(Conflict("tool_a.panel_percent", 75, 0),))


def test_a_changed_name_is_a_conflict_too():
    _, changes = merge_tools(FULL, replace(BARE, name="Lamp 2"))

    assert changes.conflicts == (Conflict("name", "Lamp", "Lamp 2"),)


def test_a_real_slug_replaces_a_provisional_one_and_never_the_other_way_round():
    guessed = replace(FULL, slug="lamp", provisional=True)

    known, changes = merge_tools(guessed, FULL)
    kept, none = merge_tools(FULL, guessed)

    assert (known, changes) == (FULL, Changes(filled=True))
    assert (kept, none) == (FULL, Changes())


def test_a_complete_quote_replaces_a_cut_one_but_not_the_other_way_round():
    cut = replace(QUOTES[0], text="It is", complete=False)
    old = Comparison(FULL, OTHER, (cut,))
    new = Comparison(FULL, OTHER, QUOTES)

    assert merge(old, new) == (new, Changes(filled=True))
    assert merge(new, old) == (new, Changes())


def test_a_rewritten_quote_is_a_conflict():
    old, new = (Comparison(FULL, OTHER, (Quote("b", 1, text),)) for text in ("Bad.", "Fine."))

    merged, changes = merge(old, new)

    assert merged.quotes == new.quotes
    assert changes.conflicts == (Conflict("quotes.b.1", "Bad.", "Fine."),)


def test_of_two_cuts_the_longer_stays():
    short, long = (
        Comparison(FULL, OTHER, (Quote("a", 1, text, complete=False),)) for text in ("It", "It is")
    )

    assert merge(short, long)[0] == merge(long, short)[0] == long


COMPARISONS = st.builds(
    Comparison,
    st.builds(
        Tool,
        st.just("lamp-2026"),
        st.just("Lamp"),
        tagline=st.sampled_from([None, "A lamp", "A torch"]),
        panel_percent=st.sampled_from([None, 50, 75]),
    ),
    st.just(OTHER),
    st.sets(st.sampled_from([*QUOTES, Quote("a", 1, "It is", complete=False)])).map(
        lambda quotes: tuple({(one.position, one.side): one for one in quotes}.values())
    ),
    st.sampled_from([None, date(2026, 4, 24)]),
)


@given(COMPARISONS, COMPARISONS)
def test_merging_again_changes_nothing_and_no_field_is_lost(old, new):
    merged, _ = merge(old, new)

    assert merge(merged, new) == (merged, Changes())
    for field in ("tagline", "panel_percent"):
        assert getattr(merged.tool_a, field) == (
            getattr(new.tool_a, field) if getattr(new.tool_a, field) is not None
            else getattr(old.tool_a, field)
        )  # fmt: skip
    assert len(merged.quotes) >= max(len(old.quotes), len(new.quotes))


def test_a_tools_own_page_knows_its_review_and_fills_gaps_but_renames_nothing():
    own = ToolPage("lamp-2026", "LAMP", "TOOLS", "A torch", None, date(2026, 4, 24), "MIT", 3, 1)

    merged, changes = merge_tool_page(replace(FULL, tagline=None), own)

    expected = replace(
        FULL, tagline="A torch", reviewed_on=date(2026, 4, 24), price="MIT", ships=3, skips=1
    )
    assert merged == expected
    assert changes == Changes(filled=True, conflicts=(Conflict("price", "Free", "MIT"),))


def test_namesakes_are_told_apart_by_what_was_written_about_them():
    guessed = replace(FULL, provisional=True)

    assert has_same_story(guessed, replace(guessed, panel_percent=100, tagline="Edited"))
    assert not has_same_story(guessed, replace(guessed, tagline="A torch", description="Dark."))
    assert has_same_story(guessed, Tool("lamp", "lamp"))
    assert not has_same_story(Tool("lamp", "Lamp"), Tool("lamp", "Torch"))


def test_two_real_slugs_are_two_tools_whatever_their_story():
    stored = Comparison(FULL, OTHER)

    assert not fits(stored, Comparison(replace(FULL, slug="lamp-2027"), OTHER))
    assert fits(stored, Comparison(FULL, OTHER))


def test_turning_a_comparison_twice_gives_it_back():
    comparison = Comparison(FULL, OTHER, QUOTES)

    assert swapped(comparison).quotes_on("b")[0].text == "It is good."
    assert swapped(swapped(comparison)) == comparison
