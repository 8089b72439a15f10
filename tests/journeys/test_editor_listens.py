"""Somebody listens to an issue that leaves through a Postmark: over real HTTP, until they are not let."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from httpx import Client
from sqlmodel import col, update

from newsletter.database import Database
from newsletter.delivery.models import Batch
from newsletter.editors import sessions
from newsletter.editors.roles import Role
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, LoopbackPostmark, running_postmark
from newsletter.web.editor.leaving.listening import MOST_OF_ONE
from newsletter.wiring import build
from schedules.clock import system_clock
from tests.factories import add_many_subscribers, refitted, store_comparisons
from tests.journeys.commands import Operator
from tests.journeys.world import serving
from tests.newsletter.editors.people import secret_for

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

READERS, BATCH = 6, 2
EVENTS = "/editor/issues/1/events"


@pytest.fixture
def postmark(tmp_path: Path) -> Iterator[LoopbackPostmark]:
    with running_postmark(tmp_path / "log") as running:
        yield running


@pytest.fixture
def service(database: Database, tmp_path: Path, postmark: LoopbackPostmark) -> Iterator[Service]:
    """Issue 1 has begun to leave through the Postmark, and nothing of it has left."""
    chosen = {
        "data_dir": tmp_path / "data",
        "database_url": database.engine.url.render_as_string(hide_password=False),
        "transport": "postmark",
        "postmark_server_token": TOKEN,
        "postmark_api_url": postmark.url,
        "sender": "Test Letter <digest@example.org>",
        "postal_address": "1 Test Street",
        "base_url": "http://localhost",
        "check_links": False,
        "webhook_password": "a-password-of-the-tests",
        "webhook_secret": "a-second-one-of-the-tests",
    }
    (tmp_path / "data").mkdir()
    wired = build(load(**chosen), database=database)
    wired = replace(wired, desk=refitted(wired.desk, batch_size=BATCH))
    with database.writing() as session:
        store_comparisons(session, 1)
        add_many_subscribers(session, READERS)
    wired.desk.build(wired.desk.slots.next(), actor="test")
    wired.dispatch.start(1, actor="test")
    try:
        yield wired
    finally:
        wired.close()


class Stream:
    """What a browser hears."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def next(self) -> tuple[str, str]:
        """Wait for an event; give its name and its words. The end of the stream is named so."""
        name, data = "", []
        for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                data.append(line.removeprefix("data: "))
            elif not line and name:
                return name, " ".join(re.sub(r"<[^>]+>", " ", " ".join(data)).split())
        return "end", ""


def client_for(service: Service, site: str, secret: str = "") -> Client:
    secret = secret or secret_for(service, Role.EDITOR, now=service.clock())
    return Client(base_url=site, cookies={"editor": secret}, timeout=20)


@contextmanager
def listening(client: Client, path: str = EVENTS) -> Iterator[Stream]:
    with client.stream("GET", path, headers={"accept": "text/event-stream"}) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.headers["cache-control"] == "no-store"
        yield Stream(answer.iter_lines())


def test_figures_rise_while_it_leaves_and_a_pause_is_obeyed_within_one_batch(service):
    heard: list[tuple[str, str]] = []
    with serving(service) as site, client_for(service, site) as client:
        with listening(client) as stream:
            heard.append(stream.next())

            def after_a_batch(_recipients: int) -> None:
                heard.append(stream.next())
                if len(heard) == 3:
                    client.post("/editor/issues/1/pause", headers={"origin": site})

            service.dispatch.deliver(after_a_batch)
            turned = stream.next(), stream.next(), stream.next()
        client.post("/editor/issues/1/resume")

    assert [name for name, _ in heard] == ["figures"] * 3
    for (_, words), accepted in zip(heard, (0, 2, 4), strict=True):
        assert f"{accepted} of 6 copies are done" in words
        assert f"Queued {READERS - accepted}" in words
        assert f"Accepted {accepted}" in words
    assert [name for name, _ in turned] == ["figures", "turn", "end"]
    assert "Nothing leaves: paused by an editor." in turned[0][1]
    assert service.desk.issue(1).state == "held"


def test_a_stream_ends_with_the_issue_and_tells_its_end(service):
    with serving(service) as site, client_for(service, site) as client:
        with listening(client) as stream:
            stream.next()
            service.dispatch.deliver()
            last = stream.next()
            assert (stream.next()[0], stream.next()[0]) == ("turn", "end")
        with listening(client) as stream:
            after = stream.next()

    assert "6 of 6 copies are done" in last[1]
    assert "6 of 6 copies are done" in after[1]


def test_a_stream_ends_with_the_session_and_nobody_has_too_many(service):
    secret = secret_for(service, Role.VIEWER, now=service.clock())
    with serving(service) as site, client_for(service, site, secret) as client:
        streams = [listening(client) for _ in range(MOST_OF_ONE)]
        opened = [stream.__enter__() for stream in streams]
        assert [stream.next()[0] for stream in opened] == ["figures"] * MOST_OF_ONE
        refused = client.get(EVENTS)
        with service.database.writing() as session:
            sessions.end(session, secret, now=service.clock())
        ended = [stream.next()[0] for stream in opened]
        kept_out = client.get(EVENTS, headers={"accept": "application/json"})
        for stream in streams:
            stream.__exit__(None, None, None)

    assert refused.status_code == 503
    assert ended == ["end"] * MOST_OF_ONE
    assert kept_out.status_code == 401


def test_serve_ends_at_once_although_somebody_listens(database: Database, tmp_path: Path) -> None:
    operator = Operator(
        tmp_path / "data",
        DATABASE_URL=database.engine.url.render_as_string(hide_password=False),
    )
    (tmp_path / "data").mkdir()
    service = build(load(data_dir=tmp_path / "data"), database=database)
    with database.writing() as session:
        store_comparisons(session, 1)
        add_many_subscribers(session, 2)
    service.desk.build(service.desk.slots.next(), actor="test")
    service.dispatch.start(1, actor="test")
    with database.writing() as session:
        session.execute(update(Batch).where(col(Batch.number) == 1).values(state="unknown"))
    secret = secret_for(service, Role.VIEWER, now=system_clock())

    with operator.serving("--passive") as (site, process):
        with client_for(service, site, secret) as client, listening(client) as stream:
            assert stream.next()[0] == "figures"
            process.send_signal(signal.SIGTERM)
            assert stream.next()[0] == "end"
        assert process.wait(timeout=60) == 0
