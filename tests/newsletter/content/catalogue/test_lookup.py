"""Reading the catalogue in outline, and adding the quotes of what was chosen."""

from dataclasses import replace

import pytest

from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.store import save
from newsletter.content.comparison import CatalogueEntry
from tests.factories import SEEN, make_comparison, store_comparisons
from tests.newsletter.content.catalogue.test_store import counted_statements


def without_quotes(entry: CatalogueEntry) -> CatalogueEntry:
    return replace(entry, comparison=replace(entry.comparison, quotes=()))


def test_an_outline_is_the_entry_without_its_quotes(database):
    with database.writing() as session:
        store_comparisons(session, 12)
        listed, outlined = lookup.entries(session), lookup.outlines(session)

    assert outlined == [without_quotes(entry) for entry in listed]
    assert [entry.comparison.key for entry in outlined] == sorted(
        entry.comparison.key for entry in listed
    )
    assert all(entry.comparison.quotes for entry in listed)


def test_quotes_are_added_to_some_outlines_in_their_order(database):
    with database.writing() as session:
        store_comparisons(session, 5)
        by_id = {entry.id: entry for entry in lookup.entries(session)}
        outlined = lookup.outlines(session)
        chosen = [outlined[3], outlined[0]]

        assert lookup.in_full(session, chosen) == [by_id[one.id] for one in chosen]
        assert lookup.in_full(session, []) == []


def test_a_comparison_without_quotes_is_in_full_without_any(database):
    with database.writing() as session:
        save(session, replace(make_comparison(), quotes=()), now=SEEN)

        assert lookup.in_full(session, lookup.outlines(session)) == lookup.entries(session)


def test_the_statements_do_not_grow_with_the_catalogue(database):
    with database.writing() as session:
        store_comparisons(session, 9)
        with counted_statements(database) as statements:
            outlined = lookup.outlines(session)
            lookup.in_full(session, outlined[:8])

    assert len(statements) == 3
    assert sum("quotes" in statement for statement in statements) == 1


@pytest.mark.parametrize("odd", ["9" * 5000, str(2**31), str(2**63), "\N{ARABIC-INDIC DIGIT NINE}"])
def test_a_number_that_no_row_can_have_is_no_comparison(database, odd):
    with database.reading() as session:
        assert lookup.entry(session, odd) is None
