"""The service as the world meets it: a clock that tests move, a mailbox for everybody, a site to visit."""

import html
import io
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NoReturn

import uvicorn

from newsletter.content.importing import import_documents
from newsletter.content.sources import documents_from
from newsletter.database import Database
from newsletter.delivery.mime import Composer
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.service import Service
from newsletter.settings import load
from newsletter.web.app import create_app
from newsletter.wiring import build
from subscribers import queries
from subscribers.address import Address
from subscribers.models import Subscriber
from tests.factories import SEEN, refitted
from tests.journeys.commands import SAMPLES

BASE = "https://news.example.com"
LONGEST_LINK = 76
SETTINGS = {
    "base_url": BASE,
    "sender": "Weekly Verdict <digest@example.org>",
    "postal_address": "1 Test Street",
    "editors": "editor@example.org",
}

_HREF = re.compile(r'href="(https?://[^"]+)"')
_SIGNED = re.compile(r"/[a-z]+/[\w-]{39,43}(?:\?|$)")
_WRITTEN = re.compile(r"https?://[^\s<>]+")


@dataclass
class World:
    """A wired service on its own clock, with every letter it sent.

    Attributes:
        service: on the clock and the transport of this world.
        outbox: what left.
        now: what the service takes for the present; tests set it.
    """

    service: Service = field(init=False)
    outbox: MemoryTransport = field(init=False, default_factory=MemoryTransport)
    now: datetime = SEEN

    def letters(self, address: str = "", kind: str = "") -> list[EmailMessage]:
        """Give the letters that left, oldest first.

        Args:
            address: to whom; "" for everybody.
            kind: how the mailing's key begins, such as "issue-" or "confirm"; "" for all.
        """
        return [
            message_from_bytes(
                Composer(mailing).compose(sent, date=self.now), policy=policy.default
            )
            for mailing, sent in self.outbox.sent
            if address in ("", sent.to) and mailing.key.startswith(kind)
        ]

    def letter(self, address: str, kind: str = "") -> EmailMessage:
        """Give somebody's newest letter of a kind."""
        return self.letters(address, kind)[-1]

    def knows(self, address: str) -> bool:
        """Say whether somebody has a row under an address."""
        return self._row(address) is not None

    def reader(self, address: str) -> Subscriber:
        """Give the row of somebody who has one."""
        row = self._row(address)
        assert row is not None
        return row

    def deliver(self) -> None:
        """Answer who asked, and send what is due."""
        self.service.welcome()
        self.service.dispatch.deliver()

    def monday(self) -> None:
        """Let the next slot come, and everything that is due in it leave."""
        self.now = self.service.desk.slots.next().instant
        self.service.run_tick()

    def _row(self, address: str) -> Subscriber | None:
        with self.service.database.reading() as session:
            return queries.by_address(session, Address.parse(address))


@contextmanager
def world(database: Database, folder: Path, **chosen: str) -> Iterator[World]:
    """Wire the service on a database, with a clock and a transport of its own."""
    made = World()
    url = database.engine.url.render_as_string(hide_password=False)
    wired = build(
        load(data_dir=folder, database_url=url, **(SETTINGS | chosen)), clock=lambda: made.now
    )
    sender = replace(wired.dispatch.sender, transport=made.outbox)
    made.service = replace(wired, desk=refitted(wired.desk, sender=sender))
    try:
        yield made
    finally:
        made.service.close()


def stock(database: Database) -> None:
    """Fill the catalogue with the samples that come with the product."""
    found = documents_from([str(SAMPLES)], stdin=io.BytesIO(), fetcher=_fetches_nothing)
    import_documents(database.writing, found, now=SEEN)


def _fetches_nothing(address: str) -> NoReturn:
    raise AssertionError(f"{address} is not to be fetched")


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """Serve the site to browsers on a free port; give its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        config = uvicorn.Config(create_app(service), log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def links(letter: EmailMessage) -> list[str]:
    """Give every address in a letter, of both its parts and of its headers."""
    page, text = letter.get_body(("html",)), letter.get_body(("plain",))
    found = [html.unescape(link) for link in _HREF.findall(page.get_content() if page else "")]
    found += _WRITTEN.findall(text.get_content() if text else "")
    found += _WRITTEN.findall(letter.get("List-Unsubscribe", ""))
    return sorted(set(found))


def paths(letter: EmailMessage, door: str = "") -> list[str]:
    """Give the paths of a letter's links to this service, of one door or of all."""
    return [link.removeprefix(BASE) for link in links(letter) if link.startswith(f"{BASE}/{door}")]


def signed(letter: EmailMessage) -> list[str]:
    """Give the paths of a letter's links that hold a token."""
    return [path for path in paths(letter) if _SIGNED.match(path)]
