"""What the provider tells during a trial, to a receiver that may be killed, and what must come of it."""

import os
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import func, select
from sqlmodel import col

from newsletter.database import Database
from newsletter.feedback.meanings import OfCopy
from newsletter.feedback.models import ProviderEvent
from newsletter.web.app import create_app
from subscribers.states import State
from tests.faults.provider import Provider
from tests.faults.runs import Surroundings, ended, fork
from tests.faults.surroundings import WEBHOOK_PASSWORD, WEBHOOK_USER


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to a reader's copy once it was accepted, and what must come of it.

    Attributes:
        events: kinds of events, in the order in which they happen.
        reader: the state in which the reader ends.
        copy: what the copy ends as.
    """

    events: tuple[str, ...]
    reader: State
    copy: OfCopy


FATES: Mapping[str, Fate] = {
    "reader1@example.org": Fate(("SpamComplaint",), State.COMPLAINED, OfCopy.COMPLAINED),
    "reader4@example.org": Fate(("Bounce",), State.BOUNCED, OfCopy.BOUNCED),
    "reader6@example.org": Fate(("Bounce", "SpamComplaint"), State.COMPLAINED, OfCopy.COMPLAINED),
    "reader8@example.org": Fate(("SubscriptionChange",), State.UNSUBSCRIBED, OfCopy.DELIVERED),
    "reader9@example.org": Fate(("Open", "Click"), State.ACTIVE, OfCopy.DELIVERED),
}
"""All other copies arrive, and nothing more is heard of them."""

_KINDS = ("Delivery", "Bounce", "SpamComplaint", "Open", "Click", "SubscriptionChange")
_COPIES, _SHUFFLED = 2, 7
_NOBODY_YET = "http://127.0.0.1:9/"


@dataclass(slots=True)
class Telling:
    """The provider's webhook during one trial: every event comes twice, in no order.

    Attributes:
        provider: whose webhook it is.
        happened: addresses of those whose fate has happened.
        waiting: calls that will be made again.
    """

    provider: Provider
    happened: set[str] = field(default_factory=set)
    waiting: int = 0

    def renew(self) -> None:
        """Begin anew: what is accepted from now on is told."""
        self.happened.clear()
        self.waiting = 0
        self._point_to(_NOBODY_YET)

    def tell(self, surroundings: Surroundings, *, fault: str, troubles: Path) -> int:
        """Start a receiver, let things happen, and make the calls that are due.

        Returns:
            The receiver's exit code, negative for the signal that ended it.
        """
        with _listening() as listening:
            pid = fork(partial(_receive, surroundings, listening), fault=fault, troubles=troubles)
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/postmark"
        self._point_to(address)
        self.let_happen()
        self.waiting = self.provider.postmark.deliver()["waiting"]
        os.kill(pid, signal.SIGTERM)
        return ended(pid)

    def is_over(self, database: Database) -> bool:
        """Say whether everything was told, heard and worked out."""
        if self.waiting or self._to_come():
            return False
        with database.reading() as session:
            due = select(func.count()).where(col(ProviderEvent.folded_at).is_(None))
            return not session.execute(due).scalar_one()

    def let_happen(self) -> list[dict[str, Any]]:
        """Let everybody's fate happen whose copy was accepted; give what is told of it."""
        events = [
            {"kind": kind, "to": address}
            for address in sorted(self._to_come())
            for kind in FATES[address].events
        ]
        self.happened |= self._to_come()
        return self.provider.postmark.events(*events)

    def _to_come(self) -> set[str]:
        accepted = {copy.to for copy in self.provider.copies()}
        return (FATES.keys() & accepted) - self.happened

    def _point_to(self, address: str) -> None:
        self.provider.postmark.webhooks(
            address,
            user=WEBHOOK_USER,
            password=WEBHOOK_PASSWORD,
            kinds=_KINDS,
            copies=_COPIES,
            shuffle=_SHUFFLED,
        )


def _listening() -> socket.socket:
    """Listen; asyncio sends at once only on a socket that says it is TCP."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    return listening


def _receive(surroundings: Surroundings, listening: socket.socket) -> None:
    """Be the web process, until it is asked to end."""
    service = surroundings.service()
    config = uvicorn.Config(create_app(service), log_config=None, access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listening])
    service.close()
