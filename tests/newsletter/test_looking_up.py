"""A mapping in a statement, and what the planner knows of a table: alike on both databases."""

import pytest
from sqlalchemy import Integer, select, text, type_coerce
from sqlmodel import col

from newsletter.database import looked_up, refresh_statistics
from subscribers.models import Subscriber
from tests.factories import add_many_subscribers


def test_a_row_finds_the_value_of_its_key_or_nothing(database):
    found = looked_up(
        database.engine.dialect.name, "given", type_coerce(col(Subscriber.id), Integer)
    )

    with database.writing() as session:
        add_many_subscribers(session, 4)
        one, two, three, four = session.execute(select(col(Subscriber.id))).scalars()
        given = {one: "seven", two: 'a "quoted" ж', three: "", 10 * four: "nobody's"}
        told = dict(session.execute(select(col(Subscriber.id), found), {"given": given}).all())

    assert told == {one: "seven", two: 'a "quoted" ж', three: "", four: None}


def test_the_planner_knows_of_rows_that_have_just_come(database):
    if database.is_sqlite:
        pytest.skip("SQLite is not told")
    with database.writing() as session:
        add_many_subscribers(session, 500)
        refresh_statistics(session, Subscriber)

        known = session.execute(
            text("SELECT reltuples FROM pg_class WHERE relname = 'subscribers'")
        ).scalar_one()

    assert known == 500
