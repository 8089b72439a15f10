"""Copies counted by all that is known of them: none left out, none counted twice, few of them read."""

from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import product

import pytest
from sqlalchemy import insert

from newsletter.database import Database
from newsletter.delivery.books import afterwards, balance
from newsletter.delivery.counting import parts
from newsletter.delivery.lines import lines
from newsletter.delivery.models import Delivery, DeliveryState
from tests.factories import MONDAY, add_subscribers, make_desk, store_comparisons
from tests.newsletter.plans import plans

Known = tuple[str, str | None, str | None, str | None]

KNOWN: list[Known] = list(
    product(
        [state.value for state in DeliveryState],
        [None, "was-skipped"],
        [None, "deferred", "delivered", "bounced"],
        [None, "hard-bounce"],
    )
)


@pytest.fixture
def counted(database: Database) -> Counter[Known]:
    """Copies of one issue of which everything may be known that the columns can hold."""
    how_many = Counter({known: 1 + place % 3 for place, known in enumerate(KNOWN)})
    names = "state", "reason", "feedback", "feedback_reason"
    desk = make_desk(database)
    with database.writing() as session:
        store_comparisons(session, 1)
        readers = [reader.id for reader in add_subscribers(session, how_many.total())]
    desk.build(desk.slots.next(), actor="test")
    with database.writing() as session:
        session.execute(
            insert(Delivery),
            [
                {
                    "issue_number": 1,
                    "subscriber_id": reader,
                    "batch": place % 5,
                    "settled_at": MONDAY,
                    **dict(zip(names, known, strict=True)),
                }
                for place, (reader, known) in enumerate(
                    zip(readers, how_many.elements(), strict=True)
                )
            ],
        )
    return how_many


def test_every_copy_stands_in_one_line(database, counted):
    with database.reading() as session:
        found = lines(session, 1)

    assert Counter({line[:4]: line.copies for line in found}) == counted
    assert len(found) == len(KNOWN)


def test_books_and_what_was_told_are_made_of_these_lines(database, counted):
    with database.reading() as session:
        books, told = balance(session, 1, counted.total()), afterwards(session, 1)

    accepted = {known: copies for known, copies in counted.items() if known[0] == "accepted"}
    assert sum(copies for _, _, copies in books.lines) == counted.total()
    assert books.count(DeliveryState.ACCEPTED) == sum(accepted.values())
    assert told["bounced"] == sum(
        copies for known, copies in accepted.items() if known[2] == "bounced"
    )
    assert sum(told.values()) == sum(accepted.values())


def test_by_wave_they_are_counted_alike(database, counted):
    with database.reading() as session:
        [everybody] = parts(session, 1, since=MONDAY - timedelta(minutes=1))

    states: Counter[str] = Counter()
    for known, copies in counted.items():
        states[known[0]] += copies
    assert everybody.states == states
    assert everybody.lately == states["accepted"]


@pytest.mark.parametrize("count", [lines, partial(parts, since=MONDAY)], ids=["lines", "parts"])
def test_the_few_that_are_not_plain_are_read_by_an_index_of_them_alone(database, counted, count):
    if not database.is_sqlite:
        pytest.skip("PostgreSQL goes by its statistics")
    with database.reading() as session:
        found = list(plans(session, lambda session: count(session, 1)))

    assert any("ix_deliveries_apart" in plan for plan in found)
