import threading
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, select

from newsletter.database import Database
from newsletter.sign_up.budgets import (
    LONGEST,
    Budget,
    forget_old,
    full_again,
    take,
    take_all,
    used,
)
from newsletter.sign_up.models import BudgetUse
from tests.factories import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THREE = Budget("letters", 3, HOUR)
OTHER = Budget("posts", 1, HOUR)
MONTHLY = Budget("address", 3, 30 * DAY, exact=True)


def takes(database, budget, count, now=MONDAY, key="a"):
    with database.writing() as session:
        return [take(session, budget, key, now) for _ in range(count)]


def test_a_budget_is_used_up_and_full_again_after_its_time(database):
    assert takes(database, THREE, 4) == [True, True, True, False]
    assert takes(database, THREE, 1, MONDAY + HOUR - timedelta(seconds=1)) == [False]
    assert takes(database, THREE, 4, MONDAY + HOUR) == [True, True, True, False]


def test_keys_and_scopes_have_their_own(database):
    takes(database, THREE, 3)

    assert takes(database, THREE, 1, key="b") == [True]
    assert takes(database, OTHER, 2) == [True, False]


def test_a_budget_says_what_was_used_and_when_it_is_full_again(database):
    takes(database, THREE, 5)

    with database.reading() as session:
        assert used(session, THREE, "a", MONDAY) == 3
        assert used(session, THREE, "a", MONDAY + HOUR) == 0
        assert used(session, THREE, "nobody's", MONDAY) == 0
        assert full_again(session, THREE, "a", MONDAY) == MONDAY + HOUR


def test_several_are_used_together_or_none_of_them(database):
    both = [(THREE, "a"), (OTHER, "a")]
    with database.writing() as session:
        assert take_all(session, both, MONDAY) is None
        assert take_all(session, both, MONDAY) == (OTHER, "a")

    with database.reading() as session:
        assert used(session, THREE, "a", MONDAY) == 1


def test_processes_that_take_at_once_never_take_too_much(database):
    ready, taken = threading.Barrier(8), []

    def process():
        ready.wait()
        for _ in range(4):
            taken.extend(takes(database, Budget("letters", 10, HOUR), 1))

    processes = [threading.Thread(target=process) for _ in range(8)]
    for one in processes:
        one.start()
    for one in processes:
        one.join()

    assert sorted(taken) == [False] * 22 + [True] * 10


def test_what_is_counted_no_more_is_forgotten(database):
    takes(database, THREE, 1)
    with database.writing() as session:
        forget_old(session, MONDAY + LONGEST - timedelta(seconds=1))
        assert len(session.exec(select(BudgetUse)).all()) == 1
        forget_old(session, MONDAY + LONGEST)
        assert session.exec(select(BudgetUse)).all() == []


@given(st.lists(st.integers(0, 40 * 24), min_size=1, max_size=40))
def test_an_exact_budget_holds_in_every_month_there_is(hours):
    database = Database("sqlite://")
    SQLModel.metadata.create_all(database.engine, [SQLModel.metadata.tables["sign_up_budgets"]])
    instants = [MONDAY + timedelta(hours=hour) for hour in sorted(hours)]
    with Session(database.engine) as session:
        taken = [now for now in instants if take(session, MONTHLY, "a", now)]
    database.close()

    for first in taken:
        assert sum(first <= now < first + MONTHLY.per for now in taken) <= MONTHLY.most
