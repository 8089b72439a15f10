"""Secrets of 256 random bits: shown once to whom they belong, and kept as their SHA-256 only. Pure.

A beginning of their own lets tests of the log, and whoever scans for secrets, know them anywhere.
"""

import secrets
from enum import StrEnum
from hashlib import sha256

_BYTES = 32


class Kind(StrEnum):
    """How a secret begins."""

    LINK = "nwl_"
    SESSION = "nws_"


def new(kind: Kind) -> str:
    """Make a secret: its beginning, then 43 characters of base64url."""
    return kind + secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """Give what is kept of a secret: 64 hex digits.

    It needs neither salt nor stretching: nobody guesses 256 random bits.
    """
    return sha256(token.encode(errors="replace")).hexdigest()
