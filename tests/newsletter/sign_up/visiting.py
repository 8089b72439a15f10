"""The whole service with visitors before its door: a clock that can be moved, mail that is kept."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from newsletter.delivery.mime import Composer
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.service import Service
from newsletter.sign_up.limits import Limits
from newsletter.web.app import create_app
from subscribers import queries
from subscribers.address import Address
from subscribers.models import Subscriber
from subscribers.states import State
from tests.factories import MONDAY, refitted
from tests.newsletter.sign_up.solving import solved

INES, OMAR = "ines@reader.example", "omar@reader.example"


class House:
    """A service on a clock of its own; what it mails is in ``post``."""

    def __init__(self, service: Service, **limits: int) -> None:
        self.now = MONDAY
        self.post = MemoryTransport()
        moving = service.as_of(lambda: self.now)
        sender = replace(moving.desk.dispatch.sender, transport=self.post)
        reception = replace(moving.reception, limits=narrower(moving.reception.limits, **limits))
        self.service = replace(
            moving, desk=refitted(moving.desk, sender=sender), reception=reception
        )
        self.app = create_app(self.service)

    def visitor(self, host: str = "192.0.2.1") -> TestClient:
        """Somebody with a browser, in a network."""
        return TestClient(self.app, client=(host, 50000), follow_redirects=False)

    def asks(self, email: str = INES, host: str = "192.0.2.1", **fields: Any) -> Response:
        """Send the form and give the answer."""
        answer: Response = self.visitor(host).post("/subscribe", data={"email": email, **fields})
        return answer

    def proof(self, host: str = "192.0.2.1") -> str:
        """Do what the form's script does; empty while no proof is asked for."""
        answer = self.visitor(host).get("/subscribe/challenge")
        return solved(answer.json()) if answer.status_code == 200 else ""

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def letters(self, kind: str = "") -> list[str]:
        """Give who was written to, about what was asked for."""
        return [
            message.to
            for mailing, message in self.post.sent
            if mailing.key.startswith(kind) and not mailing.key.startswith("notice")
        ]

    def notices(self) -> list[str]:
        """Give the subjects of what editors were told."""
        return [
            mailing.subject for mailing, _ in self.post.sent if mailing.key.startswith("notice")
        ]

    def last_letter(self) -> str:
        """Give the newest letter as bytes on the wire would say it, decoded."""
        mailing, message = self.post.sent[-1]
        assert mailing.html is not None
        head = (
            Composer(mailing)
            .compose(message, date=self.now)
            .decode("ascii")
            .partition("\r\n\r\n")[0]
        )
        return "\n".join(
            (head, mailing.text.fill(message.values), mailing.html.fill_html(message.values))
        )

    def link(self, kind: str) -> str:
        """Give a link of the newest letter, as a path."""
        found = re.search(rf"http://localhost(/{kind}/[\w-]+)", self.last_letter())
        assert found is not None
        return found[1]

    def reader(self, email: str = INES) -> Subscriber | None:
        """Give the row of a reader."""
        with self.service.database.reading() as session:
            return queries.by_address(session, Address.parse(email))

    def state(self, email: str = INES) -> State | None:
        """Give where somebody stands."""
        reader = self.reader(email)
        return reader.state if reader else None

    def confirmed(self, email: str = INES) -> None:
        """Lead somebody onto the list by the front door."""
        self.asks(email)
        self.service.welcome()
        assert self.visitor().post(self.link("confirm")).status_code == 200


def narrower(limits: Limits, **most: int) -> Limits:
    """Give the same limits with smaller numbers for some."""
    changed = {name: replace(getattr(limits, name), most=number) for name, number in most.items()}
    return replace(limits, **changed)
