"""What is known about a subscriber beside the address, cleaned once at the door."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zoneinfo import available_timezones

CADENCES = ("weekly", "monthly", "followed")
NAME_AT_MOST = 200
TAG_AT_MOST = 60
ATTRIBUTES_AT_MOST_BYTES = 16_384

_TAG_SEPARATORS = re.compile(r'[,;"]')


@dataclass(frozen=True, slots=True)
class Profile:
    """A subscriber's name and wishes; make one with ``profile()``.

    Attributes:
        timezone: IANA name, or None for the newsletter's own zone.
        cadence: one of CADENCES.
        tags: without commas, semicolons and quotation marks, so that a list of them can be read back.
        attributes: a JSON object of the operator's own.
        source: where the subscriber came from, such as "form" or "import".
    """

    name: str = ""
    timezone: str | None = None
    cadence: str = CADENCES[0]
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    def filled_by(self, other: "Profile") -> "Profile":
        """Take from another what is missing here; what a person has, nobody overwrites."""
        return Profile(
            name=self.name or other.name,
            timezone=self.timezone or other.timezone,
            cadence=self.cadence,
            tags=tuple(dict.fromkeys(self.tags + other.tags)),
            attributes={**other.attributes, **self.attributes},
            source=self.source or other.source,
        )


def profile(
    name: str = "",
    *,
    timezone: str | None = None,
    cadence: str = CADENCES[0],
    tags: Iterable[str] = (),
    attributes: Mapping[str, Any] | None = None,
    source: str = "",
) -> Profile:
    """Clean what a form, a file or a command says; what makes no sense is left out."""
    cleaned = (clean(_TAG_SEPARATORS.sub(" ", tag), TAG_AT_MOST) for tag in tags)
    return Profile(
        name=clean(name, NAME_AT_MOST),
        timezone=timezone if timezone in _zones() else None,
        cadence=cadence if cadence in CADENCES else CADENCES[0],
        tags=tuple(dict.fromkeys(filter(None, cleaned))),
        attributes=dict(attributes or {}),
        source=clean(source, NAME_AT_MOST),
    )


def clean(text: str, at_most: int) -> str:
    """Put a text on one line without control characters, at most so many characters long."""
    visible = (" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())[:at_most].rstrip()


def split_tags(text: str) -> list[str]:
    """Read a list of tags as people write it, with commas or semicolons."""
    return re.split("[,;]", text)


def attributes_from(text: str) -> dict[str, Any] | None:
    """Read a JSON object; None when it is none, or one that not every database can keep."""
    try:
        value = json.loads(text)
        written = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    small = len(written) <= ATTRIBUTES_AT_MOST_BYTES and "\\u0000" not in text
    return value if isinstance(value, dict) and small else None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
