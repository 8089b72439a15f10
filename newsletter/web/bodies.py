"""Bodies of requests: so large, and so slow, and no more."""

import asyncio
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 5_000_000
"""Largest body that is read."""

LARGER = {"/webhooks/postmark": 50_000_000, "/editor/subscribers/import": 50_000_000}
"""Where more is read, of those who have credentials: a mail of 35 MB, the most that Postmark takes in,
is larger as it is posted; and half a million readers in a file."""

_UNREAD = "/unsubscribe/"
"""Whatever somebody sends there, nobody reads it, and it keeps nobody from leaving."""

PATIENCE = timedelta(seconds=60)
"""A body has to be here by then; who sends a byte a minute only wants to keep a line open."""

_MOST_DIGITS = 20
"""Of an announced length; Python reads no number of thousands of them."""

_TOO_LARGE = "the request is too large"
_GOODBYE = {"Connection": "close"}  # what is still under way is not read


def not_too_large(request: Request) -> None:
    """Refuse a body that is announced as too large, before any of it is read.

    Raises:
        HTTPException: 413.
    """
    path: str = request.scope["path"]
    announced = request.headers.get("content-length", "0")
    if path.startswith(_UNREAD):
        return
    known = announced.isdecimal() and len(announced) <= _MOST_DIGITS
    if not known or int(announced) > LARGER.get(path, MOST_BYTES):
        raise HTTPException(413, _TOO_LARGE, _GOODBYE)


class BodyLimit:
    """Refuses bodies that turn out too large or too slow, whatever was announced.

    Args:
        app: what reads them.
        most: bytes.
        patience: for the whole of one.
    """

    def __init__(
        self, app: ASGIApp, most: int = MOST_BYTES, patience: timedelta = PATIENCE
    ) -> None:
        self.app = app
        self.most = most
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what it brings."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        until = asyncio.get_running_loop().time() + self.patience.total_seconds()
        size, whole, most = 0, False, LARGER.get(scope["path"], self.most)

        async def counted() -> Message:
            nonlocal size, whole
            message = await receive() if whole else await _before(until, receive)
            size += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if size > most:
                raise HTTPException(413, _TOO_LARGE, _GOODBYE)
            return message

        await self.app(scope, counted, send)


async def _before(until: float, receive: Receive) -> Message:
    try:
        async with asyncio.timeout_at(until):
            return await receive()
    except TimeoutError:
        raise HTTPException(408, "the request came too slowly", _GOODBYE) from None
