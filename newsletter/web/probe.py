"""The application asked from inside its own process: every door as readers meet it, no network."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import httpx
from sqlalchemy import Connection, update
from sqlmodel import Session, col

from newsletter.database import Database
from newsletter.errors import NewsletterError
from newsletter.issues.models import Issue
from newsletter.preflight.pages import Answered
from newsletter.service import Service
from newsletter.web.app import create_app


class PageWrites(NewsletterError):
    """A page that was only looked at wanted to change something."""

    code = "page-writes"


class Probe:
    """The doors of a wired service; see ``newsletter.preflight.pages.Router``."""

    def __init__(self, service: Service) -> None:
        """Keep the service; an application is put together for each look."""
        self._service = service

    def get(self, paths: Sequence[str], *, published: int) -> list[Answered]:
        """Ask for pages as they will be when an issue has begun to leave; nothing is changed.

        The issue begins to leave in a transaction that only these pages see and that is rolled
        back: so its own page and its votes are asked for, and not pages that look like them.
        """
        with _as_if_published(self._service, published) as rehearsing:
            return asyncio.run(_ask(rehearsing, "GET", paths))

    def post(self, path: str) -> int:
        """Press the button of a page; give the status."""
        [answer] = asyncio.run(_ask(self._service, "POST", [path]))
        return answer.status


async def _ask(service: Service, method: str, paths: Sequence[str]) -> list[Answered]:
    door = httpx.ASGITransport(create_app(service), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=door) as client:
        answers = [await client.request(method, _under(service, path)) for path in paths]
    return [Answered(answer.status_code, answer.text) for answer in answers]


def _under(service: Service, path: str) -> str:
    """Give the address of a page on the public host; what stands before its path is a proxy's."""
    return str(httpx.URL(service.settings.base_url).join(path))


@contextmanager
def _as_if_published(service: Service, number: int) -> Iterator[Service]:
    begins = (
        update(Issue)
        .where(col(Issue.number) == number, col(Issue.sending_at).is_(None))
        .values(sending_at=service.clock())
    )
    with service.database.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(begins)
        database = _OneConnection(service.database, connection)
        yield service.on(database)
        transaction.rollback()


class _OneConnection(Database):
    """A database whose every scope reads over one connection, inside its transaction."""

    def __init__(self, database: Database, connection: Connection) -> None:
        """Take the engines of a database and a connection of it."""
        self.engine, self.writer = database.engine, database.writer
        self._connection = connection

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that ends without ending the transaction."""
        with Session(self._connection, join_transaction_mode="rollback_only") as session:
            yield session

    def writing(self) -> NoReturn:
        """Refuse: looking at a page changes nothing."""
        raise PageWrites
