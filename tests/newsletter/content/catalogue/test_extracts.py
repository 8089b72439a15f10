"""Stored extracts: used while they are what would come out now, and made again when they are not."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import orjson
import pytest
from sqlmodel import select

from newsletter.content import verdicts
from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.extracts import RULES, fingerprint, fresh, rules_digest
from newsletter.content.catalogue.listing import as_json
from newsletter.content.catalogue.models import ExtractsRow
from newsletter.content.catalogue.store import save
from newsletter.content.comparison import CatalogueEntry, Comparison, Quote
from newsletter.content.importing import import_documents
from newsletter.content.pages.documents import Document
from newsletter.content.verdicts.extraction import Extracts, extract
from newsletter.database import Database
from tests.factories import MONDAY, SEEN, make_comparison, make_tool
from tests.newsletter.content.catalogue.test_store import counted_statements
from tests.newsletter.content.page_factory import ADDRESS, page
from tests.newsletter.content.pages.test_tool_page import SPACED as TOOL_PAGE

COMPARISON = make_comparison()
NOTHING = Extracts().as_json()


def entries(database: Database) -> list[CatalogueEntry]:
    with database.reading() as session:
        return lookup.entries(session)


def rows(database: Database) -> list[ExtractsRow]:
    with database.reading() as session:
        return list(session.exec(select(ExtractsRow).order_by(ExtractsRow.comparison_id)))  # type: ignore[arg-type]


def up_to_date(database: Database) -> bool:
    """Say whether every comparison has the extracts that it would get now."""
    stored = {row.comparison_id: row for row in rows(database)}
    return all(
        one.id in stored
        and stored[one.id].fingerprint == fingerprint(one.comparison)
        and Extracts.from_json(stored[one.id].body) == extract(one.comparison)
        for one in entries(database)
    )


def keep(database: Database, *comparisons: Comparison) -> list[Extracts]:
    """Save comparisons and give their extracts, as an import does."""
    with database.writing() as session:
        for comparison in comparisons:
            save(session, comparison, now=SEEN)
        return list(fresh(session, lookup.entries(session), now=SEEN).values())


def damage(database: Database, **changes: object) -> None:
    with database.writing() as session:
        for row in session.exec(select(ExtractsRow)):
            for name, value in changes.items():
                setattr(row, name, value)


def used(database: Database) -> list[Extracts]:
    """Give what a build would be handed."""
    with database.writing() as session:
        return list(fresh(session, lookup.entries(session), now=MONDAY).values())


def bring_in(database: Database, *documents: Document, address: str | None = None) -> None:
    report = import_documents(database.writing, documents, now=SEEN, address=address)
    assert not report.refused


def pushed(*listed: CatalogueEntry) -> Document:
    return Document("push.json", orjson.dumps([as_json(one) for one in listed]))


def first_page(database: Database) -> None:
    bring_in(database, Document("page.txt", page().compact().encode()))


def fuller_page(database: Database) -> None:
    bring_in(database, Document("cut.txt", page().compact()[:900].encode()))
    first_page(database)


def corrected_page(database: Database) -> None:
    first_page(database)
    changed = page(quotes=("It is a solid index, and that earns the ship.",))
    bring_in(database, Document("page.txt", changed.compact().encode()))


def tool_page(database: Database) -> None:
    bring_in(database, Document("page.txt", page().compact().encode()), address=ADDRESS)
    bring_in(database, Document("tool.txt", TOOL_PAGE.encode()))


def address_that_turns_up(database: Database) -> None:
    first_page(database)
    bring_in(database, Document("page.txt", page().compact().encode()), address=ADDRESS)


def json_push(database: Database) -> None:
    first_page(database)
    listed = entries(database)
    quotes = (Quote("a", 1, "It removes a whole class of bugs, and that earns the ship."),)
    named = replace(listed[0].comparison.tool_a, name="Ledger Lamp 2")
    changed = replace(listed[0].comparison, tool_a=named, quotes=quotes)
    many = [
        replace(listed[0], comparison=make_comparison(f"one-{n}", f"two-{n}")) for n in range(25)
    ]
    bring_in(database, pushed(replace(listed[0], comparison=changed), *many))


@pytest.mark.parametrize(
    "come_in",
    [first_page, fuller_page, corrected_page, tool_page, address_that_turns_up, json_push],
    ids=lambda come_in: come_in.__name__,
)
def test_whatever_is_imported_has_its_extracts_stored(
    database: Database, come_in: Callable[[Database], None]
) -> None:
    come_in(database)

    assert rows(database)
    assert up_to_date(database)


def test_importing_the_same_again_writes_no_extracts(database):
    first_page(database)
    before = rows(database)

    with counted_statements(database) as statements:
        first_page(database)

    assert rows(database) == before
    assert not [one for one in statements if "INSERT INTO extracts" in one]


def test_a_stored_row_is_used_instead_of_reading_the_reviews(database):
    keep(database, COMPARISON)
    damage(database, body=NOTHING)

    assert used(database) == [Extracts()]


def test_any_number_is_read_by_one_statement_and_nothing_is_written(database):
    keep(database, *(make_comparison(f"left-{n}", f"right-{n}") for n in range(8)))

    with database.writing() as session:
        listed = lookup.entries(session)
        with counted_statements(database) as statements:
            fresh(session, listed, now=MONDAY)

    assert len(statements) == 1


def test_rows_that_are_missing_are_made_and_stored_by_one_statement(database):
    with database.writing() as session:
        for number in range(8):
            save(session, make_comparison(f"left-{number}", f"right-{number}"), now=SEEN)
        listed = lookup.entries(session)
        with counted_statements(database) as statements:
            found = fresh(session, listed, now=SEEN)

    assert len([one for one in statements if "extracts" in one]) == 2
    assert found == {one.id: extract(one.comparison) for one in listed}
    assert up_to_date(database)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{not json",
        '{"quotes": {"for": "of an older shape"}}' * 2,
        '{"excerpts": [{"text": "of an older shape"}], "clauses": []}',
        extract(COMPARISON).as_json().replace("earns the ship", "deserves no ship"),
        extract(COMPARISON).as_json().replace('"reviewer":1', '"reviewer":4'),
    ],
    ids=["empty", "no JSON", "two values", "older shape", "other words", "another reviewer"],
)
def test_a_row_that_cannot_be_read_or_quotes_what_is_not_there_is_made_again(database, body):
    keep(database, COMPARISON)
    damage(database, body=body)

    assert used(database) == [extract(COMPARISON)]
    assert up_to_date(database)
    assert rows(database)[0].made_at == MONDAY


def test_a_row_made_by_other_rules_is_made_again(database):
    keep(database, COMPARISON)
    damage(database, fingerprint=fingerprint(COMPARISON, rules="of last week"), body=NOTHING)

    assert used(database) == [extract(COMPARISON)]
    assert up_to_date(database)


def test_a_tool_renamed_by_another_page_makes_the_row_stale(database):
    """Its name decides which sentences speak of the rival, here and in its other comparisons."""
    alpha, beta, gamma = make_tool("alpha"), make_tool("beta"), make_tool("gamma")
    keep(database, make_comparison(alpha, beta))
    [before] = rows(database)

    with database.writing() as session:
        save(session, make_comparison(replace(alpha, name="rate limit"), gamma), now=MONDAY)
    found = used(database)

    assert up_to_date(database)
    assert rows(database)[0].fingerprint != before.fingerprint
    assert not [quote for quote in found[0].quotes if quote.side == "b" and "rate" in quote.text]


@pytest.mark.parametrize(
    "changed",
    [
        replace(COMPARISON, tool_a=replace(COMPARISON.tool_a, name="Alpha 2")),
        replace(COMPARISON, tool_b=replace(COMPARISON.tool_b, name="Beta 2")),
        replace(COMPARISON, quotes=COMPARISON.quotes[:-1]),
        replace(
            COMPARISON, quotes=(replace(COMPARISON.quotes[0], text="-"), *COMPARISON.quotes[1:])
        ),
        replace(
            COMPARISON,
            quotes=(replace(COMPARISON.quotes[0], complete=False), *COMPARISON.quotes[1:]),
        ),
        replace(
            COMPARISON, quotes=(replace(COMPARISON.quotes[0], position=9), *COMPARISON.quotes[1:])
        ),
    ],
    ids=["name", "rival's name", "a review less", "words", "cut", "reviewer"],
)
def test_whatever_extraction_reads_is_in_the_fingerprint(changed):
    assert fingerprint(changed) != fingerprint(COMPARISON)


def test_what_extraction_does_not_read_is_not_in_the_fingerprint():
    updated = replace(COMPARISON.tool_a, panel_percent=0, entry="Paid", slug="other", price="$5")
    changed = replace(COMPARISON, tool_a=updated, quotes=COMPARISON.quotes[::-1])

    assert fingerprint(changed) == fingerprint(COMPARISON)


def test_a_changed_cue_changes_the_rules(tmp_path):
    folder = Path(shutil.copytree(Path(verdicts.__file__).parent, tmp_path / "verdicts"))
    assert rules_digest(folder) == RULES

    table = folder / "cues" / "adjectives.py"
    table.write_text(table.read_text(encoding="utf-8").replace("elegant", "graceful"))

    assert rules_digest(folder) != RULES


def test_several_that_make_the_same_row_at_once_do_not_stop_one_another(database):
    with database.writing() as session:
        save(session, COMPARISON, now=SEEN)
        listed = lookup.entries(session)
    together = Barrier(4)

    def make(_: int) -> dict[int, Extracts]:
        with database.writing() as session:
            together.wait()
            return fresh(session, listed, now=MONDAY)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(make, range(4)))

    assert found == [{listed[0].id: extract(COMPARISON)}] * 4
    assert up_to_date(database)
