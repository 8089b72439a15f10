"""Answers that caches may keep: a fingerprint, a date, and 304 for whoever has them already."""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request, Response

_FRESH = "public, max-age=300"


def cacheable(
    request: Request, body: bytes, media_type: str, changed: datetime | None = None
) -> Response:
    """Answer with the body, or with 304 when the asker's copy is still right.

    The fingerprint is that of the bytes themselves, so a new template or release changes it
    although the issue did not; making an issue's page costs some ten milliseconds.

    Args:
        request: what was asked.
        body: the page as it is now.
        media_type: of the body.
        changed: when what it tells last changed; to the second in the header. None where nobody
            knows.
    """
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": _FRESH}
    if changed is not None:
        headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    if _has_it(request, etag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _has_it(request: Request, etag: str, changed: datetime | None) -> bool:
    """Compare as RFC 9110 says: the date counts only where no fingerprint was sent."""
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
        return "*" in tags or etag in tags
    if changed is None:
        return False
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (ValueError, OverflowError):  # the latter for a zone beyond all numbers
        return False
    return since.tzinfo is not None and changed.replace(microsecond=0) <= since
