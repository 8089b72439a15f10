from datetime import date

import pytest

from newsletter.content.pages.page_text import read_comparison
from newsletter.content.pages.tool_page import ToolPage, is_tool_page, read_tool_page
from newsletter.content.refusals import Unreadable
from tests.newsletter.content.page_factory import page

SPACED = """L

Ledger Lamp

Shows which commit cost you the afternoon

PriceOpen Source (MIT)Reviewed2026-04-24
Verdict — Ship
3 Ships1 Skips
Visit example.org

The Panel's Take

It reads a repository's history. 72% of users stay.

Share this verdict

Ledger Lamp verdict: SHIP 🚀

3 ships · 1 skip from the expert panel

Full review: shiporskip.io/tool/ledger-lamp-2026

Weekly AI Tool Verdicts

Get the next verdict in your inbox

Compare Ledger Lamp with every other Developer Tools tool reviewed by our panel.

<a href="https://shiporskip.io/api/badge-click/ledger-lamp-2026">badge</a>
"""
COMPACT = """Ledger Lamp
Shows which commit cost you the afternoon
Expert verdict
Skip
2-2The Panel's Take
It reads a repository's history. 72% of users stay.
Share this verdict
Ledger Lamp verdict: SKIP ⏭️ 2 ships · 2 skips from the expert panel Full review: shiporskip.io/tool/ledger-lamp-2026
Weekly AI Tool Verdicts
"""
OLDER = """Back to reviews

Ledger Lamp

Ledger Lamp

Shows which commit cost you the afternoon

It reads a repository's history.

Panel Reviews

The Builder

The Builder

Developer Perspective

Ship

I used it for a week.
"""
FULL = ToolPage(
    slug="ledger-lamp-2026",
    name="Ledger Lamp",
    category="Developer Tools",
    tagline="Shows which commit cost you the afternoon",
    description="It reads a repository's history. 72% of users stay.",
    reviewed_on=date(2026, 4, 24),
    price="Open Source (MIT)",
    ships=3,
    skips=1,
)


def test_glued_values_are_taken_apart():
    assert read_tool_page(SPACED) == FULL


def test_the_compact_layout_has_a_tally_but_no_date():
    read = read_tool_page(COMPACT)

    assert (read.slug, read.name) == ("ledger-lamp-2026", "Ledger Lamp")
    assert (read.ships, read.skips, read.reviewed_on, read.price) == (2, 2, None, None)
    assert read.description == FULL.description
    assert read.tagline == FULL.tagline


def test_an_older_page_gives_its_doubled_name_and_no_reviewers_name():
    read = read_tool_page(OLDER)

    assert (read.name, read.tagline) == ("Ledger Lamp", "Shows which commit cost you the afternoon")
    assert (read.ships, read.skips) == (None, None)


def test_a_page_without_a_confirmed_name_has_none():
    assert read_tool_page("Ledger Lamp\nTag\nDescription.\nPanel Reviews\nThe Builder").name is None


def test_values_on_lines_of_their_own_are_read():
    lines = "Ledger Lamp\nPrice\nFree\nReviewed\n2026-04-05\n3 ships · 1 skip\nThe Panel's Take\nX."

    read = read_tool_page(lines)

    assert (read.price, read.reviewed_on, read.ships) == ("Free", date(2026, 4, 5), 3)


def test_tallies_that_disagree_are_not_believed():
    read = read_tool_page(SPACED.replace("3 Ships1 Skips", "2 Ships2 Skips"))

    assert (read.ships, read.skips) == (None, None)


def test_an_impossible_date_is_unknown():
    assert read_tool_page(SPACED.replace("2026-04-24", "2026-13-41")).reviewed_on is None


@pytest.mark.parametrize("text", [SPACED, COMPACT, OLDER], ids=["spaced", "compact", "older"])
def test_no_cut_gives_a_wrong_field(text):
    full = read_tool_page(text)

    for end in range(len(text)):
        if is_tool_page(text[:end]):
            cut = read_tool_page(text[:end])
            for field in ToolPage.__dataclass_fields__:
                value = getattr(cut, field)
                assert value is None or value == getattr(full, field), (field, text[:end][-60:])


def test_a_comparison_is_no_tool_page_and_the_other_way_round():
    assert not is_tool_page(page().spaced())
    with pytest.raises(Unreadable):
        read_tool_page(page().compact())
    with pytest.raises(Unreadable):
        read_comparison(SPACED)
