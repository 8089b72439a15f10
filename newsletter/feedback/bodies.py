"""How much of what a provider posted is kept: no address, no place, no device, no link. Pure."""

import re
from typing import Any

import orjson

from subscribers.address import mask

MOST_CHARACTERS = 20_000
"""Of a kept body; an event of a known kind has about a thousand."""

_NOT_KEPT = frozenset(
    {"Geo", "UserAgent", "Client", "OS", "Platform", "ReadSeconds", "OriginalLink"}
    | {"Content", "RawEmail", "TextBody", "HtmlBody", "StrippedTextReply", "Attachments", "Headers"}
)
"""Where, when awake and on what somebody reads is nobody's business; a link holds its token."""

_ADDRESS = re.compile(r"[^\s\"'<>()\[\]{},;:\\@]+@[^\s\"'<>()\[\]{},;:\\@]+")


def kept(told: Any) -> str:
    """Give what is kept of a body, as JSON, with every address in it masked.

    Odd bodies, too deep or too long to be an event, are kept as nothing.
    """
    if isinstance(told, dict):
        told = {name: value for name, value in told.items() if name not in _NOT_KEPT}
    try:
        text = orjson.dumps(told).decode()
    except TypeError:
        return ""
    return "" if len(text) > MOST_CHARACTERS else _ADDRESS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    return mask(found[0])
