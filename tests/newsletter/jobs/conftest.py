"""A PostgreSQL database with the tables of the jobs, apart from the one that other tests share."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url, text

from newsletter import schema
from newsletter.database import Database
from newsletter.jobs import tables
from tests.conftest import empty

NAME = "newsletter_jobs"


@pytest.fixture(scope="session")
def jobs_url(postgres_url: str) -> str:
    """The address of a database of our own, beside that of the other tests."""
    beside = make_url(postgres_url)
    url = beside.set(database=f"{NAME}_{beside.database}")
    engine = create_engine(beside, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{url.database}"')
    engine.dispose()
    database = Database(url.render_as_string(hide_password=False))
    schema.upgrade(database)
    tables.install(database)
    database.close()
    return url.render_as_string(hide_password=False)


@pytest.fixture
def queue(jobs_url: str) -> Iterator[Database]:
    """The database, emptied after each test."""
    database = Database(jobs_url)
    try:
        yield database
    finally:
        empty(database)
        with database.writing() as session:
            session.execute(text("DELETE FROM procrastinate_jobs"))
            session.execute(text("DELETE FROM procrastinate_workers"))
        database.close()
