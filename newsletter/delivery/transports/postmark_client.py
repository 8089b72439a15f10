"""The only door to postmarker: its client, with orjson, a phase for each failure, and silence."""

import logging
import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import requests
from postmarker.core import USER_AGENT, PostmarkClient
from urllib3.exceptions import HTTPError

from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.postmark_answers import Answer, read_call
from newsletter.delivery.transports.postmark_line import CuttableAdapter, Patience
from newsletter.delivery.transports.postmark_stencil import Body
from newsletter.delivery.transports.retry_after import asked_wait
from newsletter.errors import NewsletterError

USUAL_PATIENCE = Patience()

_ASKS_FOR_PATIENCE = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)

_SENDABLE = re.compile(r"[!-~]+")

_NOT_REACHED = Receipt(
    Outcome.NOT_TAKEN,
    code="not-reached",
    detail="Postmark was not reached: no byte of the call was sent.",
)
_NO_ANSWER = Receipt(
    Outcome.UNKNOWN,
    code="no-answer",
    detail="The line broke after the call was sent, so it may have been processed.",
)


class UnusableToken(NewsletterError):
    """NEWSLETTER_POSTMARK_SERVER_TOKEN is empty, or holds a blank or a sign outside ASCII."""

    code = "unusable-token"


class Client(PostmarkClient):  # type: ignore[misc]
    """A postmarker client that answers with values. One for each thread: sessions are not shared.

    It never sends anything twice: postmarker's retries stay off, and redirects are not followed.
    Calls go past the session of requests, which asks the environment about proxies, .netrc and CA
    bundles: nothing there may change where mail goes.
    """

    def __init__(self, token: str, *, api_url: str, patience: Patience = USUAL_PATIENCE) -> None:
        super().__init__(
            server_token=token,
            root_api_url=api_url.rstrip("/"),
            timeout=(patience.connecting, patience.silence),
            max_retries=0,
        )
        _silence(self.logger)
        self._longest = patience.call
        self._line = CuttableAdapter()

    def __repr__(self) -> str:
        """Hide the token, which postmarker shows."""
        return f"<{type(self).__name__}>"

    def _call(
        self,
        method: str,
        root: str,
        endpoint: str,
        data: Any = None,
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> Answer:
        """Make one HTTP call; ``data`` is a Body, or a value to encode."""
        body = data if isinstance(data, Body) or data is None else Body.of(data)
        headers = _headers(body) | (headers or {})
        call = requests.Request(method, root + endpoint, headers, data=body, params=query)
        try:
            with self._line.limited(self._longest):
                response = self._line.send(call.prepare(), timeout=self.timeout)
                content = response.content
        except (OSError, HTTPError):
            # requests' own errors are OSErrors; urllib3's get through at some corners.
            return Answer(trouble=_NO_ANSWER if body is not None and body.begun else _NOT_REACHED)
        return read_call(response.status_code, content, _asked_wait(response))

    def close(self) -> None:
        """Let go of the connections."""
        self._line.close()


def require_sendable(token: str) -> None:
    """Refuse a token that cannot stand in an HTTP header, before any message is at stake.

    Raises:
        UnusableToken: without showing the token.
    """
    if not _SENDABLE.fullmatch(token):
        raise UnusableToken


def _asked_wait(response: requests.Response) -> timedelta | None:
    """Give how long a refusal asks to be left alone; other answers have nothing to ask for."""
    if response.status_code not in _ASKS_FOR_PATIENCE:
        return None
    return asked_wait(response.headers.get("Retry-After"), response.headers.get("Date"))


def _headers(body: Body | None) -> dict[str, str]:
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": USER_AGENT,
    }
    return headers if body is None else headers | {"Content-Type": "application/json"}


def _silence(logger: logging.Logger) -> None:
    """Take postmarker's handler off its global logger: it would print bodies with addresses."""
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
