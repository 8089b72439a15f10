"""How much of what somebody told is kept with its event, and in which shape. Pure."""

import re

from subscribers.address import mask

MOST_CHARACTERS = 20_000
"""Of a kept body; an event of a known kind has about a thousand."""

_ADDRESS = re.compile(r"[^\s\"'<>()\[\]{},;:\\@]+@[^\s\"'<>()\[\]{},;:\\@]+")


def kept(body: bytes) -> str:
    """Give what is kept of a body of JSON: all of it as it came, or its beginning where it is too long.

    JSON is UTF-8, so no byte is lost by keeping it as text.
    """
    return body.decode()[:MOST_CHARACTERS]


def masked(body: bytes) -> str:
    """Give the same with every address in it masked, for what is not the provider's own words."""
    return _ADDRESS.sub(lambda found: mask(found[0]), kept(body))
