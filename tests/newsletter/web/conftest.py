"""The site as a client meets it, and somebody on the list."""

import pytest
from fastapi.testclient import TestClient

from newsletter.database import Database
from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers.models import Subscriber
from tests.factories import add_subscribers

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
"""For the tests of a page whose answers depend on what a database does."""


@pytest.fixture(params=["sqlite"])
def database(database: Database) -> Database:
    """SQLite alone: a page asks the rooms below, and they are tested on both databases."""
    return database


@pytest.fixture
def client(service: Service) -> TestClient:
    return TestClient(create_app(service))


@pytest.fixture
def reader(service: Service) -> Subscriber:
    with service.database.writing() as session:
        return add_subscribers(session, 1)[0]
