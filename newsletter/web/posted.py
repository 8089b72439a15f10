"""A form as it arrives, from whatever page: urlencoded, as multipart or as JSON."""

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Annotated, cast
from urllib.parse import parse_qsl, urlsplit

import orjson
from fastapi import Depends, HTTPException, Request

from newsletter.sign_up.submission import fields_of_json
from newsletter.web.parts import prefers_json
from subscribers.profile import clean

MOST_BYTES = 20_000
"""Bytes of the largest form; forms of other services have many fields, but no files."""

_LONGEST_PLACE = 300

_BOUNDARY = re.compile(
    r';\s*boundary="?([\w\'()+,./:=?-]{1,70})"?\s*(?:;|\Z)', re.ASCII | re.IGNORECASE
)
"""As RFC 2046 has it, without blanks; of more that could stand there the library makes errors."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted, and what its browser says about itself.

    Attributes:
        fields: names and values as they came.
        as_json: whether a program asks, and wants JSON back.
        place: the page it was sent from, as far as the browser tells; without its query, which
            might name somebody.
        host: the sender's network address, None where the server knows none.
    """

    fields: list[tuple[str, str]]
    as_json: bool
    place: str
    host: str | None


async def _posted(request: Request) -> Posted:
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise HTTPException(413)
    content_type = request.headers.get("content-type", "")
    return Posted(
        fields=_fields(body, content_type),
        as_json=prefers_json(request) or request.scope["path"].startswith("/api/"),
        place=_place(request),
        host=request.client.host if request.client else None,
    )


PostedPart = Annotated[Posted, Depends(_posted)]


def _fields(body: bytes, content_type: str) -> list[tuple[str, str]]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _json(body)
    if kind == "multipart/form-data":
        return _multipart(body, content_type)
    return parse_qsl(body.decode(errors="replace"), keep_blank_values=True)


def _json(body: bytes) -> list[tuple[str, str]]:
    try:
        return fields_of_json(orjson.loads(body))
    except orjson.JSONDecodeError:
        return []


def _multipart(body: bytes, content_type: str) -> list[tuple[str, str]]:
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return []
    head = f'Content-Type: multipart/form-data; boundary="{boundary[1]}"\r\n\r\n'.encode()
    # By the old policy: the new ones read headers by a grammar, at length, and fail at odd ones.
    message = BytesParser(policy=compat32).parsebytes(head + body)
    found = []
    for part in cast(list[Message], message.get_payload()) if message.is_multipart() else ():
        try:
            name = part.get_param("name", header="content-disposition")
        except (ValueError, TypeError):  # parts of a name without order, or with endless numbers
            continue
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found.append((name, content.decode(errors="replace")))
    return found


def _place(request: Request) -> str:
    try:
        page = urlsplit(request.headers.get("referer") or request.headers.get("origin") or "")
        found = f"{page.scheme}://{page.hostname or ''}{page.path}" if page.hostname else ""
    except ValueError:
        found = ""
    return clean(found, _LONGEST_PLACE)
