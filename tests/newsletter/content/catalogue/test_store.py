from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.matching import swapped
from newsletter.content.catalogue.store import UnknownTool, save, save_tool_page
from newsletter.content.comparison import Comparison, Quote, Tool
from newsletter.content.pages.identity import identify
from newsletter.content.pages.page_text import read_comparison
from newsletter.content.pages.tool_page import ToolPage
from newsletter.database import Database
from tests.newsletter.content.page_factory import INDEX, LAMP, page

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
PAIR = "ledger-lamp-2026-vs-quiet-index-2026"
KEY = "ledger-lamp-2026 quiet-index-2026"
NAMED = read_comparison(page().compact())
ADDRESSED = identify(NAMED, pair=PAIR)
CUT = read_comparison(page().compact()[:400])


def keep(database: Database, *readings: Comparison | ToolPage, now: datetime = NOW) -> list[str]:
    with database.writing() as session:
        return [
            (save(session, one, now=now) if isinstance(one, Comparison)
             else save_tool_page(session, one, now=now)).result
            for one in readings
        ]  # fmt: skip


def stored(database: Database) -> list[Comparison]:
    with database.reading() as session:
        return [one.comparison for one in lookup.entries(session)]


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def test_a_comparison_comes_back_as_it_was_read(database):
    assert keep(database, ADDRESSED) == ["added"]

    assert stored(database) == [ADDRESSED]


def test_the_same_reading_twice_changes_nothing(database):
    assert keep(database, ADDRESSED, ADDRESSED, NAMED, swapped(ADDRESSED)) == [
        "added", "unchanged", "unchanged", "unchanged",
    ]  # fmt: skip
    assert stored(database) == [ADDRESSED]


def test_a_later_import_moves_neither_first_seen_nor_updated_at_when_it_says_nothing_new(database):
    keep(database, ADDRESSED)

    keep(database, ADDRESSED, now=NOW + timedelta(days=3))

    with database.reading() as session:
        entry = lookup.entry(session, KEY)
    assert entry is not None
    assert entry.first_seen == NOW


def test_a_fuller_page_fills_and_a_cut_one_erases_nothing(database):
    assert keep(database, identify(CUT, pair=PAIR), ADDRESSED, identify(CUT, pair=PAIR)) == [
        "added", "filled", "unchanged",
    ]  # fmt: skip
    assert stored(database) == [ADDRESSED]


def test_a_conflict_keeps_the_newer_and_says_so(database):
    newer = replace(ADDRESSED, tool_a=replace(ADDRESSED.tool_a, panel_percent=100))
    keep(database, ADDRESSED)

    with database.writing() as session:
        saved = save(session, newer, now=NOW)

    assert saved.result == "conflicting"
    assert [(one.field, one.old, one.new) for one in saved.conflicts] == [
        ("tool_a.panel_percent", 75, 100)
    ]
    assert stored(database) == [newer]


@pytest.mark.parametrize(
    "order",
    [(NAMED, ADDRESSED), (ADDRESSED, NAMED), (CUT, NAMED, ADDRESSED), (ADDRESSED, CUT, NAMED)],
    ids=["named first", "address first", "cut first", "address, cut, named"],
)
def test_the_order_of_arrival_does_not_matter(database, order):
    keep(database, *order, *order)

    assert stored(database) == [ADDRESSED]


def test_an_address_that_turns_up_keeps_the_id(database):
    keep(database, NAMED)
    with database.reading() as session:
        before = lookup.entries(session)[0].id

    assert keep(database, ADDRESSED) == ["filled"]

    with database.reading() as session:
        after = lookup.entry(session, KEY)
    assert after is not None
    assert after.id == before


def test_a_reversed_page_is_turned_to_the_stored_sides(database):
    keep(database, swapped(NAMED))

    keep(database, ADDRESSED)

    assert stored(database) == [swapped(ADDRESSED)]


def test_namesakes_without_addresses_stay_apart(database):
    """Two launches of one name have other texts; their numbers must not overwrite each other."""
    launches = [
        replace(LAMP, tagline=f"Launch {number}", description=f"Text {number}.", panel=share)
        for number, share in enumerate(("75%", "100%", "25%"))
    ]
    pages = [read_comparison(page(a=launch).compact()) for launch in launches]

    results = keep(database, *pages, *reversed(pages))

    assert results == ["added"] * 3 + ["unchanged"] * 3
    assert [one.tool_a.panel_percent for one in stored(database)] == [75, 100, 25]
    assert len({one.key for one in stored(database)}) == 3


def test_namesakes_with_addresses_stay_apart(database):
    other = identify(NAMED, pair="ledger-lamp-2027-vs-quiet-index-2026")

    assert keep(database, ADDRESSED, other) == ["added", "added"]

    assert len(stored(database)) == 2


def test_an_address_does_not_take_over_a_namesake(database):
    namesake = read_comparison(
        page(a=replace(LAMP, tagline="Another launch", description="Another text.")).compact()
    )

    assert keep(database, namesake, ADDRESSED) == ["added", "added"]
    assert keep(database, namesake, ADDRESSED) == ["unchanged", "unchanged"]


def test_a_tool_shared_by_two_provisional_comparisons_is_not_renamed_in_both(database):
    second = read_comparison(page(b=replace(INDEX, name="Slow Index")).compact())
    keep(database, NAMED, second)

    keep(database, ADDRESSED)

    assert [one.tool_a.slug for one in stored(database)] == ["ledger-lamp", "ledger-lamp-2026"]
    with database.reading() as session:
        assert set(lookup.known_slugs(session)) == {"ledger-lamp-2026", "quiet-index-2026"}


def test_the_real_slug_may_be_known_already(database):
    keep(
        database, NAMED, ToolPage("ledger-lamp-2026", "Ledger Lamp", reviewed_on=date(2026, 4, 24))
    )

    keep(database, ADDRESSED)

    (comparison,) = stored(database)
    assert comparison.tool_a.reviewed_on == date(2026, 4, 24)
    assert comparison.tool_a.tagline == LAMP.tagline


def test_two_tools_of_one_name_get_two_slugs(database):
    twins = read_comparison(page(b=replace(INDEX, name=LAMP.name)).compact())

    keep(database, twins, twins)

    (comparison,) = stored(database)
    assert (comparison.tool_a.slug, comparison.tool_b.slug) == ("ledger-lamp", "ledger-lamp-2")


def test_the_date_is_the_later_review_then_the_pages_then_the_first_import(database):
    keep(database, ADDRESSED)
    seen = _dated(database)
    keep(database, replace(ADDRESSED, published_on=date(2026, 5, 1)))
    published = _dated(database)
    keep(
        database,
        ToolPage("ledger-lamp-2026", reviewed_on=date(2026, 4, 24)),
        ToolPage("quiet-index-2026", reviewed_on=date(2026, 4, 5)),
    )

    assert seen == (date(2026, 11, 21), "first_seen")
    assert published == (date(2026, 5, 1), "published")
    assert _dated(database) == (date(2026, 4, 24), "reviewed")


def _dated(database):
    with database.reading() as session:
        entry = lookup.entry(session, KEY)
    assert entry is not None
    return entry.date, entry.date_origin


def test_a_derived_date_that_comes_back_as_json_is_no_news(database):
    keep(database, ADDRESSED, ToolPage("ledger-lamp-2026", reviewed_on=date(2026, 4, 24)))

    assert keep(database, replace(ADDRESSED, published_on=date(2026, 4, 24))) == ["unchanged"]


def test_a_tool_page_alone_adds_its_tool(database):
    full = ToolPage("mo-2026", "Mo", price="Free")

    assert keep(database, full, full) == ["added", "unchanged"]


def test_a_nameless_tool_page_of_an_unknown_tool_is_refused(database):
    with pytest.raises(UnknownTool), database.writing() as session:
        save_tool_page(session, ToolPage("mo-2026", price="Free"), now=NOW)


@pytest.mark.parametrize(
    "wanted",
    [
        "1",
        KEY,
        "quiet-index-2026 ledger-lamp-2026",
        PAIR,
        f"https://www.shiporskip.io/compare/{PAIR}/",
    ],
    ids=["id", "key", "other order", "pair", "address"],
)
def test_an_entry_is_found_by_anything_that_names_it(database, wanted):
    keep(database, ADDRESSED)
    with database.reading() as session:
        the_id = lookup.entries(session)[0].id

        found = lookup.entry(session, the_id if wanted == "1" else wanted)

    assert found is not None
    assert found.comparison == ADDRESSED


@pytest.mark.parametrize("wanted", ["", "0", "9" * 30, "nothing", "a-vs-b", "a b c"])
def test_what_names_nothing_finds_nothing(database, wanted):
    keep(database, ADDRESSED)

    with database.reading() as session:
        assert lookup.entry(session, wanted) is None


def test_listing_takes_three_statements_however_many_entries(database):
    for number in range(20):
        keep(
            database,
            Comparison(
                Tool(f"a-{number}", f"A {number}"),
                Tool(f"b-{number}", f"B {number}"),
                (Quote("a", 1, "Good."),),
            ),
        )

    with database.reading() as session, counted_statements(database) as statements:
        entries = lookup.entries(session)

    assert len(entries) == 20
    assert sum(statement.startswith("SELECT") for statement in statements) == 3
    assert [one.comparison.key for one in entries] == sorted(one.comparison.key for one in entries)
