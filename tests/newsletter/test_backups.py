"""A copy of a database says how far it is, and is whole however busy the database is."""

from sqlmodel import func, select

from newsletter import backups
from newsletter.database import Database
from newsletter.schema import upgrade
from subscribers.models import Subscriber
from tests.factories import MONDAY, add_many_subscribers

READERS = 15_000


def full(path):
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.writing() as session:
        add_many_subscribers(session, READERS)
    return database


def count(database):
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Subscriber)).one()


def test_it_is_told_of_each_byte_once_and_begins_anew_for_no_commit_in_between(tmp_path):
    database = full(tmp_path / "there.db")
    copied: list[int] = []
    size = backups.size_of(database)

    def busy(more):
        copied.append(more)
        with database.writing() as session:
            session.connection().exec_driver_sql(
                "UPDATE subscribers SET public_id = public_id WHERE id = 1"
            )

    verdict = backups.back_up(database, tmp_path / "copy.db", now=MONDAY, progress=busy)

    assert verdict == "ok"
    assert sum(copied) == size
    assert len(copied) > 2
    assert count(Database(f"sqlite:///{tmp_path / 'copy.db'}")) == READERS


def test_to_put_one_back_copies_it_twice(tmp_path):
    database = full(tmp_path / "there.db")
    copied: list[int] = []
    backups.back_up(database, tmp_path / "copy.db", now=MONDAY)
    size = (tmp_path / "copy.db").stat().st_size
    elsewhere = Database(f"sqlite:///{tmp_path / 'new.db'}")

    backups.restore(
        tmp_path / "copy.db", elsewhere, replacing=False, now=MONDAY, progress=copied.append
    )

    assert sum(copied) == 2 * size
    assert count(elsewhere) == READERS
