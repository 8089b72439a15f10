"""The same page in the other forms in which people save it."""

import re
from dataclasses import replace

import pytest

from newsletter.content.comparison import Comparison, Quote
from newsletter.content.pages.documents import Document
from newsletter.content.pages.markdown import without_markdown
from newsletter.content.pages.page_text import read_comparison
from newsletter.content.pages.reading import read
from tests.newsletter.content.page_factory import INDEX, LAMP, page
from tests.newsletter.content.pages.table_page import table_page

COMPACT = page().compact()
HTML = page().html()
WHOLE = read_comparison(COMPACT)


def said_by(text: str) -> Comparison:
    (reading,) = read(Document("saved", text.encode()))
    assert isinstance(reading, Comparison), reading
    return reading


def markdown_of(text: str) -> str:
    for words, marked in (
        (f"\n{page().title}\n", f"\n# {page().title}\n"),
        (f"\n{LAMP.name}\n", f"\n## [{LAMP.name}](https://shiporskip.io/tool/ledger-lamp)\n"),
        (f"\n{INDEX.name}\n", f"\n![](/index.png)\n## {INDEX.name}\n"),
        ("\n75%\n", "\n**75%**\n"),
        ("\nReviewer", "\n## Reviewer"),
        ("\n“", "\n> “"),
    ):
        text = text.replace(words, marked)
    return text.replace("\n", "\n\n")


def test_a_markdown_copy_says_the_same():
    assert said_by(markdown_of(COMPACT)) == WHOLE


def test_signs_that_markdown_escapes_come_without_their_backslash():
    quotes = ("Run `lamp_init` [twice] and *wait*.", "It is late.")
    text = page(a=replace(LAMP, name="lamp_why"), quotes=quotes).compact()
    escaped = re.sub(r"([_*`\[\]])", r"\\\1", text)

    assert said_by(f"## Saved\n\n{escaped}") == said_by(text)


def test_a_block_quote_in_markdown_is_a_quote_with_or_without_marks():
    bare = markdown_of(COMPACT).replace("> “", "> ").replace("”\n", "\n")

    assert said_by(bare) == WHOLE


def test_a_block_quote_at_the_end_of_markdown_may_be_cut():
    cut = markdown_of(COMPACT).replace("> “", "> ").partition("on squashed")[0]

    assert said_by(cut).quotes[-1] == Quote("a", 2, "It breaks", complete=False)


def test_a_markdown_table_becomes_lines():
    text = "# A\n| Decision | Lamp |\n|---|:---:|\n| Pricing | Free |"

    assert without_markdown(text).split() == ["A", "Decision", "Lamp", "Pricing", "Free"]


def test_text_without_a_markdown_heading_keeps_its_stars_and_brackets():
    text = "> a\n**b** [c](d) | e |"

    assert without_markdown(text) == text


@pytest.mark.parametrize(
    ("label", "value"),
    [("Panel ship", "75%"), ("Panel ship", "50%"), ("Community", "—"), ("Entry", "Free")],
)
def test_a_value_may_stand_on_one_line_with_its_label(label, value):
    assert said_by(COMPACT.replace(f"{value}\n{label}", f"{value} {label}")) == WHOLE


def test_the_word_entry_at_the_end_of_a_sentence_is_no_label():
    text = COMPACT.replace(LAMP.tagline, "One-click data entry")

    assert said_by(text).tool_a.tagline == "One-click data entry"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<blockquote>", "</blockquote>"),
        ("<blockquote><p>", "</p></blockquote>"),
        ("<blockquote>&ldquo;", "&rdquo;</blockquote>"),
        ("<p><q>", "</q></p>"),
    ],
)
def test_quotes_in_html_are_known_by_their_element(before, after):
    html = HTML.replace("<p>&ldquo;", before).replace("&rdquo;</p>", after)

    assert said_by(html) == WHOLE


@pytest.mark.parametrize("element", ["blockquote", "q"])
def test_a_quote_element_that_was_cut_is_not_complete(element):
    html = HTML.replace("<p>&ldquo;", f"<{element}>").replace("&rdquo;</p>", f"</{element}><br>")

    assert said_by(html.partition("on squashed")[0]).quotes[-1] == Quote(
        "a", 2, "It breaks", complete=False
    )


@pytest.mark.parametrize("begun", ["<", "</", "</p", "&", "&rdq", "&#8217"])
def test_a_tag_or_entity_that_was_cut_is_nobodys_words(begun):
    html = HTML.partition(" on squashed")[0] + begun

    assert said_by(html).quotes[-1] == Quote("a", 2, "It breaks", complete=False)


def test_straight_marks_enclose_a_quote_too():
    text = COMPACT.replace("\n“", '\n"').replace("”\n", '"\n')

    assert said_by(text).quotes == WHOLE.quotes


def test_an_inch_between_straight_marks_swallows_none_of_the_quotes_below_it():
    quotes = ("It reads well.", 'A 27" screen shows all of it.', "It breaks.", "It is late.")
    text = page(quotes=quotes).compact().replace("“", '"').replace("”", '"')

    read_quotes = said_by(text).quotes

    assert tuple(quote.text for quote in read_quotes) == quotes
    assert [quote.side for quote in read_quotes] == ["a", "b", "a", "b"]


def test_a_quote_that_another_one_follows_is_complete_without_its_closing_mark():
    quotes = said_by(COMPACT.replace("”\n", "\n")).quotes

    assert [quote.text for quote in quotes] == [quote.text for quote in WHOLE.quotes]
    assert [quote.complete for quote in quotes] == [True] * 4 + [False]


def test_a_dash_in_the_place_of_a_quote_leaves_the_others_on_their_side():
    text = COMPACT.replace(f"“{WHOLE.quotes[1].text}”", "—")

    assert [quote.side for quote in said_by(text).quotes] == ["a", "a", "b", "a"]


@pytest.mark.parametrize("glue", [("Builder\n", "Builder "), ("Decision\n", "Decision")])
def test_glued_cells_do_not_spill_into_other_fields(glue):
    text = table_page().replace(*glue)

    comparison = said_by(text)

    assert comparison.tool_b.description == INDEX.description
    assert comparison.quotes == read_comparison(table_page()).quotes
