"""Bodies of requests: so large, and so slow, and no more."""

import asyncio
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 5_000_000
"""Largest body that is read."""

PATIENCE = timedelta(seconds=60)
"""A body has to be here by then; who sends a byte a minute only wants to keep a line open."""

_TOO_LARGE = "the request is too large"
_GOODBYE = {"Connection": "close"}  # what is still under way is not read


def not_too_large(request: Request) -> None:
    """Refuse a body that is announced as too large, before any of it is read.

    Raises:
        HTTPException: 413.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > MOST_BYTES:
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
        size, whole = 0, False

        async def counted() -> Message:
            nonlocal size, whole
            message = await receive() if whole else await _before(until, receive)
            size += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if size > self.most:
                raise HTTPException(413, _TOO_LARGE, _GOODBYE)
            return message

        await self.app(scope, counted, send)


async def _before(until: float, receive: Receive) -> Message:
    try:
        async with asyncio.timeout_at(until):
            return await receive()
    except TimeoutError:
        raise HTTPException(408, "the request came too slowly", _GOODBYE) from None
