"""A mapping or a question in a statement, and what the planner knows: alike on both databases."""

import pytest
from sqlalchemy import Integer, func, literal_column, select, text, type_coerce, update
from sqlmodel import col

from newsletter.database import among, looked_up, refresh_statistics
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
        asked = select(col(Subscriber.id), found.value, found.has_key)
        told = {
            id_: (value, bool(has)) for id_, value, has in session.execute(asked, {"given": given})
        }

    assert told == {
        one: ("seven", True),
        two: ('a "quoted" ж', True),
        three: ("", True),
        four: (None, False),
    }


def test_a_change_by_a_mapping_says_how_many_rows_it_changed(database):
    found = looked_up(
        database.engine.dialect.name, "given", type_coerce(col(Subscriber.id), Integer)
    )
    change = update(Subscriber).where(found.has_key).values(name=found.value)

    with database.writing() as session:
        add_many_subscribers(session, 3)
        first, *_ = session.execute(select(col(Subscriber.id))).scalars()
        changed = session.connection().execute(
            change, {"given": {first: "Ada", 7 * first + 7: "x"}}
        )

        assert changed.rowcount == 1
        assert session.get(Subscriber, first).name == "Ada"


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


def test_rows_are_found_among_those_that_a_question_gives(database):
    id_, dialect = col(Subscriber.id), database.engine.dialect.name
    with database.writing() as session:
        add_many_subscribers(session, 6)
        everybody = session.execute(select(id_).order_by(id_)).scalars().all()
        late = select(id_).where(id_ > everybody[2])

        found = session.execute(select(id_).where(among(dialect, id_, late)).order_by(id_))

    assert found.scalars().all() == everybody[3:]


def test_a_batch_of_a_middling_list_is_looked_up_and_not_read_with_the_whole_list(database):
    """A join, and ``IN`` alike, reads all twenty thousand readers to find five hundred."""
    if database.is_sqlite:
        pytest.skip("SQLite follows its indexes")
    with database.writing() as session:
        add_many_subscribers(session, 20_000)
        refresh_statistics(session, Subscriber)
        few = select(func.generate_series(1, literal_column("500"), type_=Integer))
        asked = select(col(Subscriber.email)).where(among("postgresql", col(Subscriber.id), few))
        sql = asked.compile(session.connection(), compile_kwargs={"literal_binds": True})

        plan = "\n".join(session.execute(text(f"EXPLAIN {sql}")).scalars())

    assert "Index Scan" in plan
    assert "Seq Scan on subscribers" not in plan


def test_a_server_keeps_no_statements_that_the_next_one_behind_a_pooler_would_miss(database):
    if database.is_sqlite:
        pytest.skip("nobody is between us and a file")
    with database.reading() as session:
        for number in range(12):
            session.execute(select(col(Subscriber.email)).where(col(Subscriber.id) == number))

        kept = session.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()

    assert kept == 0
