"""A share of a hundred, as pages write it."""

import re

_SHARE = re.compile(r"(\d{1,3})\s*(%?)")


def percent(text: str | None, *, bare: bool = True) -> int | None:
    """Read "62%" and, unless ``bare`` is False, "62"; None for anything else or beyond 100."""
    found = _SHARE.fullmatch(text or "")
    if found is None or not (found[2] or bare):
        return None
    share = int(found[1])
    return share if share <= 100 else None  # noqa: PLR2004 - per cent
