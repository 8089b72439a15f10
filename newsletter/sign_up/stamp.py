"""When a form was handed out, signed: a page filled in faster than anybody types was not read."""

import hmac
from datetime import UTC, datetime, timedelta

HASTE = timedelta(seconds=2)
"""Less than this between a form and its post is nobody's typing; it only makes the answer slower."""

_TAG_CHARACTERS = 32


def stamp(key: bytes, now: datetime) -> str:
    """Write the stamp for a form that is handed out now; no script and no cookie is needed."""
    seconds = f"{int(now.timestamp()):x}"
    return f"{seconds}-{_tag(key, seconds)}"


def is_hasty(key: bytes, given: str, now: datetime) -> bool:
    """Say whether the form was handed out a moment ago.

    A form without a stamp of ours is not hasty: those on other sites have none.
    """
    seconds, _, tag = given.partition("-")
    if not hmac.compare_digest(tag.encode(errors="replace"), _tag(key, seconds).encode()):
        return False
    age = now - datetime.fromtimestamp(int(seconds, 16), UTC)
    return age < HASTE


def _tag(key: bytes, seconds: str) -> str:
    message = b"sign-up stamp\0" + seconds.encode(errors="replace")
    return hmac.digest(key, message, "sha256").hex()[:_TAG_CHARACTERS]
