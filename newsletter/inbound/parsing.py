"""A mail in a mail in a mail is parsed no deeper than honest ones go. Pure."""

from email.message import Message
from email.parser import Parser

_MOST_INSIDE = 30
"""A report holds five: its parts, what is for programs, our letter, and the two forms of that."""

_KINDS = ("message/", "multipart/")
"""How the kinds of all parts begin that may hold others. Of a digest the parts may say nothing of
themselves, but the digest does, and so no part is deeper than twice the count of these words."""


def parsed(source: str | bytes) -> Message:
    """Parse a mail; of one with too many inside only its head, so that the rest says nothing.

    The library calls itself for each mail that is in another one, until Python ends that by an error.
    """
    text = source if isinstance(source, str) else source.decode("ascii", "surrogateescape")
    plain = text.lower()
    inside = sum(plain.count(kind) for kind in _KINDS)
    return Parser().parsestr(text, headersonly=inside > _MOST_INSIDE)
