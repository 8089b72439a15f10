from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import anyio
import pytest
from anyio.lowlevel import checkpoint
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.types import ASGIApp, Message

from newsletter.service import Service
from newsletter.web.app import create_app
from newsletter.web.bodies import MOST_BYTES
from newsletter.web.guard import HeadLikeGet
from subscribers.tokens import Purpose

TOKEN = "a token that is only good for tests"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def open_service(service: Service) -> Service:
    """The service with its JSON API switched on."""
    settings = service.settings.model_copy(update={"api_token": SecretStr(TOKEN)})
    return replace(service, settings=settings)


@pytest.fixture
def client(open_service: Service) -> TestClient:
    return TestClient(create_app(open_service))


def in_chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 100_000 + 1):
        yield b" " * 100_000


def test_a_body_in_chunks_over_the_limit_is_refused_in_words(client):
    answer = client.post("/api/v1/comparisons", content=in_chunks(MOST_BYTES), headers=BEARER)

    assert answer.status_code == 413
    assert answer.json() == {"detail": "the request is too large"}
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_body_that_nobody_reads_does_not_keep_anybody_from_leaving(client, open_service):
    token = open_service.signer.sign(Purpose.UNSUBSCRIBE, "AAAAAAAAAAAA")

    answer = client.post(f"/unsubscribe/{token}", content=in_chunks(MOST_BYTES))

    assert answer.status_code == 200


def test_who_leaves_in_the_middle_of_a_request_is_no_error(open_service, caplog):
    app, answers = create_app(open_service), []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/comparisons",
        "query_string": b"",
        "headers": [(b"authorization", BEARER["authorization"].encode())],
    }

    async def leaves() -> Message:
        return {"type": "http.disconnect"}

    async def answer(message: Message) -> None:
        answers.append(message)

    anyio.run(app, scope, leaves, answer)

    assert answers[0]["status"] == 400
    assert caplog.messages == []


def test_a_request_that_fits_no_handler_is_not_repeated_to_who_sent_it(open_service):
    app = create_app(open_service)

    @app.get("/api/v1/probe")
    def probe(number: int) -> int:
        return number

    answer = TestClient(app).get("/api/v1/probe?number=somebody@example.org")

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", "number"]
    assert "somebody" not in answer.text


def test_a_failure_is_answered_with_the_same_headers_as_everything(open_service):
    app = create_app(open_service)

    @app.get("/fails")
    def fails() -> None:
        raise ZeroDivisionError

    answer = TestClient(app, raise_server_exceptions=False).get("/fails")

    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]


FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    {"origin": "https://evil.example"},
    {"origin": "https://testserver.evil.example"},
    {"origin": ""},
]
OURS = [
    {},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "same-origin", "origin": "null"},
    {"sec-fetch-site": "none"},
    {"origin": "http://testserver"},
    {"origin": "http://localhost"},
    {"origin": "null"},
]


@pytest.mark.parametrize("path", ["/vote/test", "/manage/test"])
@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_that_another_site_sends_is_refused_in_words(client, path, headers):
    answer = client.post(path, headers=headers)

    assert answer.status_code == 403
    assert "sent by a page of another site" in answer.text


@pytest.mark.parametrize("path", ["/vote/test", "/manage/test"])
@pytest.mark.parametrize("headers", OURS)
def test_a_form_of_our_own_page_gets_through(client, path, headers):
    assert client.post(path, headers=headers).status_code == 404


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_link_may_be_opened_from_anywhere(client, headers):
    assert client.get("/vote/test", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", [*FOREIGN, {"origin": "null"}])
def test_leaving_and_pushing_ask_nobody_where_they_come_from(client, open_service, headers):
    token = open_service.signer.sign(Purpose.UNSUBSCRIBE, "AAAAAAAAAAAA")

    assert client.post(f"/unsubscribe/{token}", headers=headers).status_code == 200
    assert client.post("/api/v1/comparisons", headers=BEARER | headers).status_code != 403


def test_without_a_token_in_the_address_a_hidden_origin_is_foreign(open_service):
    app = create_app(open_service)

    @app.post("/probe")
    def probe() -> str:
        return "through"

    assert TestClient(app).post("/probe", headers={"origin": "null"}).status_code == 403
    assert TestClient(app).post("/probe").status_code == 200


def test_a_form_longer_than_any_of_ours_is_not_read(client):
    assert client.post("/manage/test", data={"until": "x" * 20_000}).status_code == 413


async def head_of(app: ASGIApp) -> list[Message]:
    """Ask for the head alone, as a server does that calls a client gone when its answer is over."""
    answers: list[Message] = []
    over = anyio.Event()

    async def receive() -> Message:
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answers.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    await HeadLikeGet(app)({"type": "http", "method": "HEAD"}, receive, send)
    return answers


def test_the_head_of_a_stream_is_over_before_its_body_begins():
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"news"
            await checkpoint()

    start, *rest = anyio.run(head_of, StreamingResponse(endless()))

    assert start["status"] == 200
    assert rest == [{"type": "http.response.body", "body": b""}]
