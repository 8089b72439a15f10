"""How long a server asks to be left alone: the header Retry-After of a refusal (RFC 9110, 10.2.3)."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(minutes=10)
"""However long a server asks for: nobody else is to decide how late a letter is."""

_DIGITS = 9


def asked_wait(retry_after: str | None, date: str | None) -> timedelta | None:
    """Give how long to wait; None when nothing was asked for that makes sense.

    Args:
        retry_after: the header's value: so many seconds, or an instant.
        date: the header ``Date`` of the same answer. An instant is measured against it, so that it
            does not matter how far the clocks here and there are apart.
    """
    said = (retry_after or "").strip()
    if said.isascii() and said.isdigit():
        wait = timedelta(seconds=int(said[:_DIGITS]))
    else:
        until, then = _instant(said), _instant((date or "").strip())
        if until is None or then is None:
            return None
        wait = until - then
    return min(wait, LONGEST) if wait > timedelta(0) else None


def _instant(said: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(said)
    except (ValueError, OverflowError, TypeError):
        return None
    return read if read.tzinfo is not None else None
