import asyncio
from datetime import timedelta

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from newsletter.web.bodies import BodyLimit

SCOPE = {"type": "http", "method": "POST", "path": "/subscribe", "headers": []}


def read(messages: list[Message], **limits: object) -> bytes:
    """Let an application read a body that comes as these messages, and then nothing more."""
    told: list[bytes] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        told.append(await Request(scope, receive).body())

    async def receive() -> Message:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    async def send(message: Message) -> None:
        """Nothing is answered here."""

    asyncio.run(BodyLimit(app, **limits)(dict(SCOPE), receive, send))  # type: ignore[arg-type]
    return told[0]


def piece(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_in_pieces_arrives_whole():
    assert read([piece(b"ab", more=True), piece(b"c", more=False)]) == b"abc"


def test_a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not():
    assert read([piece(b"abc", more=False)], most=3) == b"abc"
    with pytest.raises(HTTPException) as refused:
        read([piece(b"abc", more=True), piece(b"d", more=False)], most=3)
    assert refused.value.status_code == 413


def test_a_body_that_never_ends_is_given_up_and_the_line_closed():
    with pytest.raises(HTTPException) as refused:
        read([piece(b"a", more=True)], patience=timedelta(milliseconds=20))

    assert refused.value.status_code == 408
    assert refused.value.headers == {"Connection": "close"}


def test_once_the_body_is_whole_nobody_is_hurried():
    messages: list[Message] = [piece(b"", more=False), {"type": "http.disconnect"}]
    heard: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.extend([await receive(), await receive()])

    async def receive() -> Message:
        if len(messages) == 1:
            await asyncio.sleep(0)  # long enough for a patience of nothing
        return messages.pop(0)

    async def send(message: Message) -> None:
        """Nothing is answered here."""

    asyncio.run(BodyLimit(app, patience=timedelta())(dict(SCOPE), receive, send))

    assert heard[-1] == {"type": "http.disconnect"}
