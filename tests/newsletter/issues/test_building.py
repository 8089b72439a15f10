"""An issue is built from stored extracts, and comes out the same when there are none."""

from sqlalchemy import delete
from sqlmodel import select

from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.models import ExtractsRow
from newsletter.content.catalogue.store import save
from newsletter.issues.building import select_for
from newsletter.selection.rules import Rules
from tests.factories import MONDAY, SEEN, make_desk, store_comparisons
from tests.newsletter.content.catalogue.test_store import counted_statements
from tests.newsletter.content.verdicts.test_samples import SAMPLES, compared


def built(database):
    desk = make_desk(database)
    issue = desk.build(desk.slots.next(), actor="test")
    return issue.content_hash, issue.content


def stored(database):
    with database.reading() as session:
        return {row.comparison_id: row.body for row in session.exec(select(ExtractsRow))}


def test_stored_extracts_and_none_give_the_same_issue(database):
    with database.writing() as session:
        for path in SAMPLES:
            save(session, compared(path), now=SEEN)

    first = built(database)
    of_chosen = stored(database)
    again = built(database)
    with database.writing() as session:
        session.execute(delete(ExtractsRow))

    assert len(of_chosen) == 8
    assert first == again == built(database)
    assert stored(database) == of_chosen


def test_building_twice_reads_the_reviews_once(database):
    with database.writing() as session:
        store_comparisons(session, 3)
    built(database)

    with counted_statements(database) as statements:
        built(database)

    assert not [one for one in statements if "INSERT INTO extracts" in one]


def test_the_choice_reads_the_quotes_of_the_chosen_only(database):
    with database.writing() as session:
        store_comparisons(session, 5)
        by_id = {entry.id: entry for entry in lookup.entries(session)}
        with counted_statements(database) as statements:
            selection = select_for(session, Rules(most=2), MONDAY.date())

    assert [one.entry for one in selection.chosen] == [
        by_id[one.entry.id] for one in selection.chosen
    ]
    assert not any(one.entry.comparison.quotes for one in selection.passed_over)
    assert sum("FROM quotes" in statement for statement in statements) == 1
