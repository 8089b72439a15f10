"""A request as the API sees it, and its reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    Attributes:
        method: in capitals.
        path: without query and trailing slash, in the letters that were sent.
        query: keys in small letters, since Postmark takes any.
        token: the server token, or None.
        body: as received.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None
    body: bytes = b""

    def json(self) -> Any:
        """Decode the body.

        Raises:
            Refused: when it is not JSON.
        """
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise Refused(402, "Received invalid JSON input.") from None


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and a body that will be JSON."""

    body: Any
    status: int = HTTPStatus.OK


class Refused(Exception):
    """The call is refused as a whole, with Postmark's ErrorCode where it has one.

    Args:
        code: Postmark's number.
        message: what is wrong.
        status: of the HTTP answer.
        field: what it is about, where the bulk API names it.
        errors: refusals by field, of the bulk API.
    """

    def __init__(
        self,
        code: int | None,
        message: str,
        status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
        *,
        field: str | None = None,
        errors: Mapping[str, Sequence[Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.field = field
        body: dict[str, Any] = {} if code is None else {"ErrorCode": code}
        body["Message"] = message
        if errors is not None:
            body["Errors"] = errors
        self.reply = Reply(body, status)
