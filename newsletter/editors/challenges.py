"""Challenges that a passkey signs: sealed instead of kept, so that handing one out changes nothing.

Text of three parts: when it was made, in microseconds since 1970; a nonce; a keyed hash of both and
of what it is for. An answer is good once because each passkey remembers the newest challenge that
it has answered.
"""

import hmac
import secrets
from datetime import UTC, datetime, timedelta

from newsletter.sign_up.places import hidden

GOOD_FOR = timedelta(minutes=5)
"""Long enough to find the right key, or the phone that has it."""

TO_SIGN_IN = "sign-in"

_START = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)


def to_register(editor_id: int) -> str:
    """Name the purpose of a challenge with which one editor registers a passkey."""
    return f"register {editor_id}"


def make(pepper: bytes, purpose: str, *, now: datetime) -> bytes:
    """Make a challenge.

    Args:
        pepper: seals it.
        purpose: what an answer is good for.
        now: aware.
    """
    said = f"{(now - _START) // _STEP}.{secrets.token_urlsafe(16)}"
    return f"{said}.{_seal(pepper, purpose, said)}".encode()


def made_at(challenge: bytes, pepper: bytes, purpose: str, *, now: datetime) -> datetime | None:
    """Say when a challenge was made; None for one that is not ours, not for this, or too old."""
    said, _, seal = challenge.decode(errors="replace").rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(pepper, purpose, said).encode()):
        return None
    made = _START + int(said.partition(".")[0]) * _STEP
    return made if now - made < GOOD_FOR else None


def _seal(pepper: bytes, purpose: str, said: str) -> str:
    return hidden(pepper, "challenge", f"{purpose}\0{said}")
