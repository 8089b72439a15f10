import re
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.content.comparison import Comparison, Tool
from newsletter.content.pages.page_text import read_comparison
from newsletter.content.refusals import Unreadable
from tests.newsletter.content.page_factory import INDEX, LAMP, LEAD, QUOTES, Block, page, seeds

LAYOUTS = ["compact", "spaced"]


def text_of(layout: str, **changes: object) -> str:
    text: str = getattr(page(**changes), layout)()
    return text


def outcome_of(text: str) -> Comparison | Unreadable:
    try:
        return read_comparison(text)
    except Unreadable as refusal:
        return refusal


def assert_nothing_is_wrong(full: Comparison, cut_text: str) -> None:
    """Every field of a cut page is that of the full page, unknown, or marked incomplete."""
    cut = outcome_of(cut_text)
    if isinstance(cut, Unreadable):
        assert cut.line is not None
        return
    for tool, whole in ((cut.tool_a, full.tool_a), (cut.tool_b, full.tool_b)):
        for field in fields(Tool):
            value = getattr(tool, field.name)
            assert value is None or value == getattr(whole, field.name), field.name
    assert len(cut.quotes) <= len(full.quotes)
    for quote, whole_quote in zip(cut.quotes, full.quotes, strict=False):
        assert (quote.side, quote.position) == (whole_quote.side, whole_quote.position)
        cut_short = whole_quote.text.startswith(quote.text) and not quote.complete
        assert quote == whole_quote or cut_short


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_field_of_a_whole_page_is_read(layout):
    comparison = read_comparison(text_of(layout))

    for tool, block in ((comparison.tool_a, LAMP), (comparison.tool_b, INDEX)):
        assert tool == Tool(
            slug=tool.slug,
            name=block.name,
            category=block.category,
            tagline=block.tagline,
            panel_percent=int(block.panel.removesuffix("%")),
            community_percent=None,
            entry=block.entry,
            description=block.description,
            provisional=True,
        )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_quotes_alternate_between_the_sides_and_keep_every_mark_inside(layout):
    comparison = read_comparison(text_of(layout))

    places = [(quote.side, quote.position) for quote in comparison.quotes]
    assert places == [("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3)]
    assert tuple(quote.text for quote in comparison.quotes) == QUOTES
    assert all(quote.complete for quote in comparison.quotes)


def test_both_layouts_say_the_same():
    assert read_comparison(text_of("compact")) == read_comparison(text_of("spaced"))


def test_the_real_pages_are_read_completely():
    for text in seeds():
        comparison = read_comparison(text)

        unknown = [
            field
            for tool in (comparison.tool_a, comparison.tool_b)
            for field in ("category", "tagline", "panel_percent", "entry", "description")
            if getattr(tool, field) is None
        ]
        assert unknown == []
        assert [quote.side for quote in comparison.quotes] == ["a", "b"] * 4
        assert all(quote.complete for quote in comparison.quotes)


def test_no_cut_of_a_real_page_gives_a_wrong_field():
    for text in seeds():
        full = read_comparison(text)
        ends = {*range(0, len(text), 50), *(at for at, mark in enumerate(text) if mark == "\n")}

        for end in sorted(ends):
            assert_nothing_is_wrong(full, text[:end])
            assert_nothing_is_wrong(full, text[:end] + "\n")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_cut_at_any_character_gives_a_wrong_field(layout):
    text = text_of(layout)
    full = read_comparison(text)

    for end in range(len(text)):
        assert_nothing_is_wrong(full, text[:end])


NAMES = st.sampled_from(
    [
        "Mo", "git-why", "Mediator.ai", "GSD (get-shit-done)", "Llama 4 Compact (12B)", "Z",
        "Claude 4 API: Tool Use Streaming & Prompt Caching", "Rust vs Go", "GLM-5.1", "Entry Point",
        "Tencent Hy3-preview", "Notion AI Workspace: Autonomous Project Manager Mode", "Ship", "日本",
    ]
)  # fmt: skip
BLOCKS = st.builds(
    Block,
    name=NAMES,
    category=st.sampled_from(["Design & Creative", "Audio & Voice", "Models", "RESEARCH"]),
    panel=st.integers(0, 100).map(lambda share: f"{share}%"),
    community=st.sampled_from(["—", "57%"]),
    entry=st.sampled_from(["Free", "Paid", "Freemium", "$20/month"]),
)
JUNK = st.lists(st.sampled_from(["Home", "Log in", "Reviews", "Foo vs Bar", "100%"]), max_size=3)


@settings(max_examples=150, deadline=None)
@given(
    blocks=st.tuples(BLOCKS, BLOCKS).filter(lambda pair: pair[0].name != pair[1].name),
    layout=st.sampled_from(LAYOUTS),
    junk=JUNK,
    dress=st.sampled_from(["plain", "crlf", "bom", "nbsp", "blank lines"]),
    share=st.floats(0, 1),
)
def test_no_cut_of_any_page_gives_a_wrong_field(blocks, layout, junk, dress, share):
    text = "\n".join([*junk, text_of(layout, a=blocks[0], b=blocks[1])])
    text = {
        "plain": text,
        "crlf": text.replace("\n", "\r\n"),
        "bom": f"\ufeff{text}",
        "nbsp": text.replace(" ", "\u00a0"),
        "blank lines": text.replace("\n", "\n \n\n"),
    }[dress]
    full = read_comparison(text)

    assert (full.tool_a.name, full.tool_b.name) == (blocks[0].name, blocks[1].name)
    assert full.tool_a.panel_percent == int(blocks[0].panel.removesuffix("%"))
    assert full.tool_b.entry == blocks[1].entry
    assert_nothing_is_wrong(full, text[: round(share * len(text))])


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200e", "\u202b", "\u2060", "\u2068"])
def test_a_mark_that_nobody_sees_hides_neither_label_nor_name(mark):
    text = text_of("compact")
    marked = "\n".join(f"{line[:1]}{mark}{line[1:]}{mark}" for line in text.split("\n"))

    assert read_comparison(marked) == read_comparison(text)


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_is_read_or_refused(text):
    for start in ("", "AI tool comparison\n", f"A vs B\n{LEAD}\n"):
        outcome = outcome_of(start + text)

        assert isinstance(outcome, Comparison) or outcome.line is not None


def test_a_percentage_counts_only_with_its_whole_label():
    whole, cut = (
        "AI tool comparison\nA vs B\nTools\nA\nTag\n100%\nPanel " + end for end in ("ship", "sh")
    )

    assert read_comparison(whole).tool_a.panel_percent == 100
    assert read_comparison(cut).tool_a.panel_percent is None


def test_a_description_counts_only_when_something_known_follows():
    text = text_of("compact").partition("\nReviewer scorecard")[0]

    cut = read_comparison(text + "\nReviewer score")
    closed = read_comparison(text + "\nReviewer scorecard")

    assert cut.tool_b.description is None
    assert closed.tool_b.description == INDEX.description


def test_a_community_share_is_read_when_one_appears():
    voted = replace(LAMP, community="57%")

    assert read_comparison(text_of("compact", a=voted)).tool_a.community_percent == 57


@pytest.mark.parametrize("share", ["101%", "n/a", "—", "75 of 100"])
def test_what_is_no_percentage_is_unknown(share):
    tool = read_comparison(text_of("compact", a=replace(LAMP, panel=share))).tool_a

    assert tool.panel_percent is None
    assert tool.entry == "Free"


@pytest.mark.parametrize("label", ["Panel ship", "Community", "Entry"])
def test_a_missing_label_takes_only_its_own_value_along(label):
    before, found, after = text_of("compact").partition(f"{label}\n")
    assert found

    tool = read_comparison(before + after).tool_b

    assert (tool.panel_percent, tool.entry, tool.description) == (50, "Paid", INDEX.description)


def test_a_second_block_that_is_not_found_lends_nothing_to_the_first():
    text = text_of("compact").replace("\nQuiet Index (local)\n", "\n", 1)

    outcome = outcome_of(text.replace("50%\nPanel ship\n", ""))

    assert isinstance(outcome, Comparison)
    assert outcome.tool_a.description is None
    assert outcome.tool_b.panel_percent is None


def test_names_that_contain_vs_are_told_apart_by_the_blocks():
    comparison = read_comparison(
        text_of("compact", a=replace(LAMP, name="Rust vs Go"), b=replace(INDEX, name="C vs D"))
    )

    assert (comparison.tool_a.name, comparison.tool_b.name) == ("Rust vs Go", "C vs D")


def test_a_title_with_several_vs_and_no_block_to_decide_is_refused_with_its_line():
    with pytest.raises(Unreadable, match="3 ways") as refusal:
        read_comparison("Home\n\nAI tool comparison\nA vs B vs C vs D\n" + LEAD)

    assert refusal.value.line == 4


def test_a_page_cut_in_its_title_is_refused_with_its_line():
    with pytest.raises(Unreadable, match="second name may be cut") as refusal:
        read_comparison("AI tool comparison\nLedger Lamp vs Quiet Ind\n")

    assert refusal.value.line == 2


def test_a_title_about_other_tools_than_the_blocks_is_refused():
    text = text_of("compact").replace("\nLedger Lamp\n", "\nLedger Lantern\n")

    with pytest.raises(Unreadable, match="not about “Ledger Lamp”") as refusal:
        read_comparison(text)

    assert refusal.value.line == 8


@pytest.mark.parametrize(
    ("above", "name"),
    [(f"\n{LAMP.category}\n{LAMP.name}\n", LAMP.name), (f"\n{INDEX.category}\n", INDEX.name)],
)
def test_a_scorecard_above_a_block_is_refused_with_the_line_of_the_block(above, name):
    head, _, quotes = text_of("compact", footer=()).partition("\nReviewer scorecard")
    text = head.replace(above, f"\nReviewer scorecard{quotes}{above}") + "\nWeekly AI Tool Verdicts"

    with pytest.raises(Unreadable, match=f"“{re.escape(name)}” stands below") as refusal:
        read_comparison(text)

    line = refusal.value.line
    assert line is not None
    assert text.split("\n")[line - 1] == name


def test_blocks_in_another_order_than_the_title_are_refused():
    text = (
        page(a=INDEX, b=LAMP).compact().replace("Quiet Index (local) vs Ledger Lamp", page().title)
    )

    with pytest.raises(Unreadable, match="not about “Ledger Lamp”"):
        read_comparison(text)


def test_two_tools_of_one_name_keep_their_own_values():
    comparison = read_comparison(text_of("spaced", b=replace(INDEX, name=LAMP.name)))

    assert comparison.tool_a.tagline == LAMP.tagline
    assert comparison.tool_b.tagline == INDEX.tagline


def test_a_quote_over_several_lines_is_one_quote():
    text = text_of("compact", quotes=("First line\nsecond line", "The other side."))

    quotes = read_comparison(text).quotes

    assert [quote.text for quote in quotes] == ["First line second line", "The other side."]


def test_a_quote_that_was_cut_says_so():
    text = text_of("compact").partition("It breaks on squashed")[0] + "It breaks"

    last = read_comparison(text).quotes[-1]

    assert (last.side, last.position, last.text, last.complete) == ("a", 2, "It breaks", False)


def test_words_quoted_at_the_cut_do_not_close_the_quote_around_them():
    text = text_of("compact").partition("local” claim")[0] + "local”"

    last = read_comparison(text).quotes[-1]

    assert (last.text, last.complete) == ("A solid index, but the “local”", False)


def test_the_sign_up_footer_is_nobodys_words():
    comparison = read_comparison(text_of("compact", quotes=()))

    assert comparison.quotes == ()
    assert comparison.tool_b.description == INDEX.description


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("   \n\n", 1),
        ("A word about verdicts.\n\nFoo vs Bar is an old question.", 3),
        ("id,agent,link\n1,Aesthete,shiporSkip.app/x\n2,Engineer,shiporSkip.app/y", 3),
        ("AI tool comparison\nnothing else", 1),
    ],
    ids=["empty", "blank", "prose", "machine-made noise", "heading without a title"],
)
def test_what_is_no_comparison_is_refused_with_its_line(text, line):
    with pytest.raises(Unreadable) as refusal:
        read_comparison(text)

    assert refusal.value.line == line
