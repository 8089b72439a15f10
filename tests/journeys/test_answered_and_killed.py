"""kill -9 of the site while people leave: whoever was answered has left, acknowledged but lost is 0."""

import os
import signal
import threading
from contextlib import closing
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


@pytest.mark.parametrize("answered_before", [1, 40])
def test_whoever_was_answered_has_left(
    database: Database, tmp_path: Path, answered_before: int
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    operator = Operator(tmp_path / "data", DATABASE_URL=url)
    with closing(wiring.build(load(data_dir=tmp_path / "data", database_url=url))) as wired:
        signer = wired.signer
    with database.writing() as session:
        people = [reader.public_id for reader in add_subscribers(session, READERS)]
    waiting, answered = list(people), list[str]()
    enough = threading.Event()

    def visit(site: str) -> None:
        with httpx.Client(base_url=site) as client:
            while waiting:
                person = waiting.pop()
                try:
                    token = signer.sign(Purpose.UNSUBSCRIBE, person, issue=1)
                    answer = client.post(f"/unsubscribe/{token}")
                except httpx.TransportError:
                    return
                if answer.status_code == 200:
                    answered.append(person)
                if len(answered) >= answered_before:
                    enough.set()

    with operator.serving("--passive") as (site, process):
        visitors = [threading.Thread(target=visit, args=(site,)) for _ in range(VISITORS)]
        for visitor in visitors:
            visitor.start()
        assert enough.wait(timeout=60)
        os.kill(process.pid, signal.SIGKILL)
        for visitor in visitors:
            visitor.join(timeout=60)

    with database.reading() as session:
        gone = select(Subscriber.public_id).where(col(Subscriber.state) == State.UNSUBSCRIBED)
        left = set(session.exec(gone))
    assert answered_before <= len(answered) < READERS
    assert set(answered) - left == set()
