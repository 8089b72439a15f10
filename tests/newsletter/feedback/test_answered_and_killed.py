"""kill -9 of the site while events come in: what was answered is stored, acknowledged but lost is 0."""

import os
import signal
import threading
from contextlib import suppress
from itertools import count
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from newsletter.database import Database
from newsletter.feedback.models import ProviderEvent
from tests.journeys.commands import Operator

PASSWORD, POSTERS = "a-password-of-the-tests", 4


class Provider:
    """Postmark at its busiest: several calls at a time, each about another bounce, some twice."""

    def __init__(self, enough: int) -> None:
        self.enough = threading.Event()
        self.acknowledged: list[str] = []
        self._most, self._numbers = enough, count(1)

    def post(self, site: str) -> None:
        login = ("postmark", PASSWORD)
        with suppress(httpx.TransportError), httpx.Client(auth=login, timeout=60) as client:
            while True:
                number = next(self._numbers)
                name = f"message-{number}"
                body = {"RecordType": "Bounce", "ID": number, "MessageID": name}
                answers = [client.post(f"{site}/webhooks/postmark", json=body) for _ in (1, 2)]
                assert {answer.status_code for answer in answers} == {200}
                self.acknowledged.append(name)
                if len(self.acknowledged) >= self._most:
                    self.enough.set()


@pytest.mark.parametrize("enough", [1, 40])
def test_what_was_acknowledged_is_stored_once(
    database: Database, tmp_path: Path, enough: int
) -> None:
    provider = Provider(enough)
    url = database.engine.url.render_as_string(hide_password=False)
    operator = Operator(tmp_path / "data", DATABASE_URL=url, WEBHOOK_PASSWORD=PASSWORD)
    with operator.serving("--passive") as (site, process):
        posters = [threading.Thread(target=provider.post, args=(site,)) for _ in range(POSTERS)]
        for poster in posters:
            poster.start()
        assert provider.enough.wait(timeout=60)
        os.kill(process.pid, signal.SIGKILL)
        for poster in posters:
            poster.join()

    with database.reading() as session:
        stored = list(session.exec(select(ProviderEvent.provider_id)))
    assert len(provider.acknowledged) >= enough
    assert set(provider.acknowledged) - set(stored) == set()
    assert len(stored) == len(set(stored))
