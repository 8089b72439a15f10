"""A pytest plugin that listens to the whole run: no address and no token is logged, told or counted.

It hears every structlog event and every log record as it was raised, before anything is masked and
at every level; every page of the site with a status from 400 on; and everything at ``/metrics``. A
test during which somebody's address or a link's token is heard fails when it is torn down.
"""

import logging
import re
import traceback
from binascii import Error, a2b_base64
from collections.abc import Generator, Iterator, MutableMapping
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send
from structlog import BoundLoggerBase

from subscribers.tokens import EXPIRING, Purpose

PUBLIC = frozenset({"digest@example.org", "digest@localhost.localdomain", "editor@example.org"})
"""Addresses of the newsletter itself and of its desk, as tests configure them."""

TOO_TALKATIVE = (
    *("sqlalchemy", "asyncio", "hypothesis", "uvicorn.access"),
    *("httpx", "httpx2", "httpcore", "httpcore2"),
    "mail.log",
)
"""Libraries that are heard from warnings on, as in production: below, they are slow to listen to,
or it is the test's own client, or its own mail server (aiosmtpd's "mail.log"), that speaks.
``serve`` switches the access log off."""

_LEAST_BAD_STATUS = 400
_ADDRESS = re.compile(r"[\w.+'-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_TOKEN = re.compile(r"(?<![\w-])[\w-]{39}(?:[\w-]{4})?(?![\w-])", re.ASCII)
_SECRET = re.compile(r"nw[ls]_[\w-]{20,}", re.ASCII)
"""Of editors: links to sign in, and sessions."""
_SHAPES = {purpose: 43 if purpose in EXPIRING else 39 for purpose in Purpose}


def found_in(text: str, *, bearer: str = "") -> list[str]:
    """Give the addresses and the tokens in a text.

    Args:
        text: what was heard.
        bearer: a token whose owner may be handed others of their own.
    """
    at = "@" in text or "%40" in text  # the search itself takes its time
    addresses = [one for one in _ADDRESS.findall(text) if one.lower() not in PUBLIC] if at else []
    tokens = [one for one in _TOKEN.findall(text) if _is_token(one) and not _same(one, bearer)]
    return addresses + tokens + _SECRET.findall(text)


def _is_token(text: str) -> bool:
    """Say whether a text has a token's shape, whoever signed it."""
    raw = _bytes(text)
    return raw is not None and any(
        raw[1] == purpose and len(text) == length for purpose, length in _SHAPES.items()
    )


def _same(token: str, other: str) -> bool:
    mine, theirs = _bytes(token), _bytes(other)
    return bool(mine and theirs) and mine[2:11] == theirs[2:11]  # type: ignore[index]


def _bytes(text: str) -> bytes | None:
    try:
        return a2b_base64(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))
    except Error:
        return None


class Canary:
    """What was heard since the last test ended, and should not have been."""

    def __init__(self) -> None:
        self.leaks: list[str] = []

    def hear(self, where: str, text: str, *, bearer: str = "") -> None:
        """Listen to something, and remember what does not belong into it."""
        for found in found_in(text, bearer=bearer):
            self.leaks.append(f"{where}: {found!r} in {text[:300]!r}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Fail the test during which something was heard."""
        result = yield
        leaks, self.leaks = self.leaks, []
        if leaks:
            pytest.fail(f"{item.nodeid} gave away:\n" + "\n".join(leaks), pytrace=False)
        return result


CANARY = Canary()


def pytest_configure(config: pytest.Config) -> None:
    """Begin to listen."""
    config.pluginmanager.register(CANARY, "canary-listening")
    _listen_to_events()
    _listen_to_records()
    _listen_to_pages()


def _listen_to_events() -> None:
    process = BoundLoggerBase._process_event

    def listening(self: Any, method: str, event: str | None, fields: dict[str, Any]) -> Any:
        said = " ".join((str(event), repr(self._context), repr(fields)))
        CANARY.hear("an event", said + _trace(fields.get("exc_info")))
        return process(self, method, event, fields)

    BoundLoggerBase._process_event = listening  # type: ignore[assignment]


def _listen_to_records() -> None:
    make = logging.getLogRecordFactory()

    def listening(*args: Any, **fields: Any) -> logging.LogRecord:
        record = make(*args, **fields)
        CANARY.hear(f"a record of {record.name}", record.getMessage() + _trace(record.exc_info))
        return record

    logging.setLogRecordFactory(listening)
    logging.getLogger().setLevel(logging.DEBUG)
    for name in TOO_TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _trace(exc_info: Any) -> str:
    if exc_info is True:
        return traceback.format_exc()
    if isinstance(exc_info, BaseException):
        return "".join(traceback.format_exception(exc_info))
    return "".join(traceback.format_exception(*exc_info)) if exc_info and exc_info[0] else ""


def _listen_to_pages() -> None:
    answer = FastAPI.__call__

    async def listening(self: FastAPI, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not hasattr(self.state, "service"):
            await answer(self, scope, receive, send)
            return
        page = _Page(scope)

        async def overheard(message: Message) -> None:
            page.take(message)
            await send(message)

        await answer(self, scope, receive, overheard)
        page.close()

    FastAPI.__call__ = listening  # type: ignore[method-assign]


class _Page:
    """One answer of the site, kept when it is one that strangers and programs may read."""

    def __init__(self, scope: Scope) -> None:
        self._path: str = scope["path"]
        self._is_heard = self._path == "/metrics"
        self._is_for_editors = self._path.startswith("/editor") and _signed_in(scope)
        self._parts: list[bytes] = []

    def take(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._is_heard |= message["status"] >= _LEAST_BAD_STATUS
            self._parts = [value for _, value in message["headers"]]
        elif self._is_heard:
            self._parts.append(message.get("body", b""))

    def close(self) -> None:
        if self._is_heard:
            text = b" ".join(self._parts).decode(errors="replace")
            if self._is_for_editors:
                text = _ADDRESS.sub("", text)  # they see who they are, and whom they let in
            CANARY.hear("a page", text, bearer=max(self._path.split("/"), key=len))


def _signed_in(scope: Scope) -> bool:
    return any(name == b"cookie" and b"editor=nws_" in value for name, value in scope["headers"])


def lines_of_log(text: str) -> Iterator[str]:
    """Give what of a program's standard error is its log, not its words to an operator."""
    return (line for line in text.splitlines() if line.startswith("{"))
