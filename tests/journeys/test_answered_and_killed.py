"""kill -9 of the site while people leave: whoever was answered has left, acknowledged but lost is 0."""

import os
import signal
import threading
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest
from sqlmodel import col, select

from newsletter import wiring
from newsletter.database import Database
from newsletter.settings import load
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.tokens import Purpose
from tests.factories import add_subscribers
from tests.journeys.commands import Operator

READERS, VISITORS = 120, 4


class Crowd:
    """People who leave at the same time, until nobody answers any more; the last of them stay."""

    def __init__(self, paths: dict[str, str], enough: int) -> None:
        self.waiting = paths
        self.answered: list[str] = []
        self.enough = threading.Event()
        self._count = enough

    def leave(self, site: str) -> None:
        with suppress(httpx.TransportError), httpx.Client(base_url=site, timeout=60) as client:
            while len(self.waiting) > VISITORS:
                person, path = self.waiting.popitem()
                if client.post(path).status_code == 200:
                    self.answered.append(person)
                if len(self.answered) >= self._count:
                    self.enough.set()


@pytest.mark.parametrize("enough", [1, 40])
def test_whoever_was_answered_has_left(database: Database, tmp_path: Path, enough: int) -> None:
    crowd = Crowd(links(database, tmp_path / "data"), enough)
    url = database.engine.url.render_as_string(hide_password=False)
    with Operator(tmp_path / "data", DATABASE_URL=url).serving("--passive") as (site, process):
        visitors = [threading.Thread(target=crowd.leave, args=(site,)) for _ in range(VISITORS)]
        for visitor in visitors:
            visitor.start()
        assert crowd.enough.wait(timeout=60)
        os.kill(process.pid, signal.SIGKILL)
        for visitor in visitors:
            visitor.join()

    with database.reading() as session:
        gone = select(Subscriber.public_id).where(col(Subscriber.state) == State.UNSUBSCRIBED)
        left = set(session.exec(gone))
    assert enough <= len(crowd.answered) < READERS
    assert set(crowd.answered) - left == set()


def links(database: Database, folder: Path) -> dict[str, str]:
    """Put readers on the list and give everybody's way out."""
    url = database.engine.url.render_as_string(hide_password=False)
    with closing(wiring.build(load(data_dir=folder, database_url=url))) as wired:
        sign = wired.signer.sign
        with wired.database.writing() as session:
            people = [reader.public_id for reader in add_subscribers(session, READERS)]
    return {person: f"/unsubscribe/{sign(Purpose.UNSUBSCRIBE, person)}" for person in people}
