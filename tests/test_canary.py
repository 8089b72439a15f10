"""The canary sings: each way to give somebody away fails the test that did it, and the run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from subscribers.keys import KeyRing
from subscribers.tokens import Purpose, Signer
from tests.canary import found_in, lines_of_log
from tests.factories import MONDAY, SECRET

ROOT = Path(__file__).parents[1]
SIGNER = Signer(KeyRing.of(SECRET))
INES, OMAR = "aBcD-_012345", "bBcD-_012345"
LEAVING = SIGNER.sign(Purpose.UNSUBSCRIBE, INES)
MANAGING = SIGNER.sign(Purpose.MANAGE, INES, expires=MONDAY)

RUN = f"""
import logging

import structlog
from fastapi import FastAPI, HTTPException, Response
from fastapi.testclient import TestClient

site = FastAPI()
site.state.service = object()


@site.get("/refused/{{what}}")
def refused(what: str):
    raise HTTPException(404, what)


@site.get("/fine/{{what}}")
def fine(what: str):
    return what


@site.get("/metrics")
def metrics():
    return Response('asked{{who="ines@reader.example"}} 1')


def test_quiet():
    structlog.get_logger().info("batch_recorded", count=3, to="i…@reader.example")
    TestClient(site).get("/refused/nothing")
    TestClient(site).get("/fine/ines@reader.example")
    logging.getLogger("sqlalchemy").info("ines@reader.example")


def test_event():
    structlog.get_logger().debug("sent", to=["ines@reader.example"])


def test_bound():
    structlog.get_logger().bind(to="ines@reader.example").info("sent")


def test_record():
    logging.getLogger("anybody").debug("to %s", "ines%40reader.example")


def test_trace():
    try:
        raise ValueError("ines@reader.example")
    except ValueError:
        structlog.get_logger().error("failed", exc_info=True)


def test_token():
    structlog.get_logger().info("opened", path="/unsubscribe/{LEAVING}")


def test_page():
    TestClient(site).get("/refused/ines@reader.example")


def test_counted():
    TestClient(site).get("/metrics")
"""


def test_whoever_gives_somebody_away_fails_and_with_it_the_run(tmp_path):
    (tmp_path / "test_it.py").write_text(RUN)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.canary", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "-p no:schemathesis"},
        capture_output=True,
        text=True,
        check=False,
    )

    caught = set(re.findall(r"^ERROR test_it\.py::test_(\w+)", done.stdout, re.MULTILINE))
    assert caught == {"event", "bound", "record", "trace", "token", "page", "counted"}, done.stdout
    assert "8 passed, 7 errors" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize(
    "text",
    [
        "to ines@reader.example now",
        "?who=ines%40reader.example",
        "{'to': 'ines.o-hara@mail.reader.example'}",
        f"GET /unsubscribe/{LEAVING}",
        f"path='/manage/{MANAGING}'",
    ],
)
def test_people_are_recognised(text):
    assert len(found_in(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "to i…@reader.example now",
        "Weekly Verdict <digest@example.org>",
        "postgresql+psycopg://postgres@/postgres?host=/sockets",
        "a" * 64,
        LEAVING[:-1],
        LEAVING + "A",
        "/unsubscribe/…",
        "test_a_name_of_thirty_nine_characters_x",
    ],
)
def test_what_is_nobodys_is_left_alone(text):
    assert found_in(text) == []


def test_a_page_may_hand_its_reader_other_links_of_their_own_only():
    of_omar = SIGNER.sign(Purpose.UNSUBSCRIBE, OMAR)

    assert found_in(f"/unsubscribe/{LEAVING}", bearer=MANAGING) == []
    assert found_in(f"/unsubscribe/{of_omar}", bearer=MANAGING) == [of_omar]


def test_of_a_program_only_the_log_is_listened_to():
    assert list(lines_of_log('added ines@reader.example\n{"event": "stopped"}\n')) == [
        '{"event": "stopped"}'
    ]
