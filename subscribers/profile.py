"""What is known about a subscriber beside the address, cleaned once at the door."""

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, reduce
from typing import Any
from zoneinfo import available_timezones

import orjson

CADENCES = ("weekly", "monthly", "followed")
MOST_TOPICS = 100
MOST_FOLLOWED = 200
NAME_AT_MOST = 200
TAG_AT_MOST = 60
ATTRIBUTES_AT_MOST_BYTES = 16_384

_AROUND = 8
"""Levels that may stand around attributes where they are written, in rows and in a person's whole file; what
writes them has bounds for levels, and for digits."""

_TAG_SEPARATORS = re.compile(r'[,;"]')
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Profile:
    """A subscriber's name and wishes; make one with ``profile()`` and ``wishing``.

    Attributes:
        timezone: IANA name, or None for the newsletter's own zone.
        locale: the language of dates, as HTML's ``lang`` has it; "" for none chosen.
        cadence: one of CADENCES.
        topics: groups of categories, none for all.
        follows: slugs of tools; never none where the cadence waits for them.
        tags: without commas, semicolons and quotation marks, so that a list of them can be read back.
        attributes: a JSON object of the operator's own.
        source: where the subscriber came from, such as "form" or "import".
    """

    name: str = ""
    timezone: str | None = None
    locale: str = ""
    cadence: str = CADENCES[0]
    topics: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    def filled_by(self, other: "Profile") -> "Profile":
        """Take from another what is missing here; what a person has, nobody overwrites."""
        return Profile(
            name=self.name or other.name,
            timezone=self.timezone or other.timezone,
            locale=self.locale or other.locale,
            cadence=self.cadence,
            topics=self.topics,
            follows=self.follows,
            tags=tuple(dict.fromkeys(self.tags + other.tags)),
            attributes={**other.attributes, **self.attributes},
            source=self.source or other.source,
        )

    def wishing(
        self, cadence: str, *, topics: Iterable[str] = (), follows: Iterable[str] = ()
    ) -> "Profile":
        """Give the same profile with wishes, cleaned; who would wait for no tool gets all weekly."""
        tools = _names(follows, MOST_FOLLOWED)
        known = cadence in CADENCES and (tools or cadence != "followed")
        return replace(
            self,
            cadence=cadence if known else CADENCES[0],
            topics=_names(topics, MOST_TOPICS),
            follows=tools,
        )


def profile(
    name: str = "",
    *,
    timezone: str | None = None,
    locale: str | None = None,
    tags: Iterable[str] = (),
    attributes: Mapping[str, Any] | None = None,
    source: str = "",
) -> Profile:
    """Clean what a form, a file or a command says; what makes no sense is left out."""
    cleaned = (clean(_TAG_SEPARATORS.sub(" ", tag), TAG_AT_MOST) for tag in tags)
    return Profile(
        name=clean(name, NAME_AT_MOST),
        timezone=timezone if timezone in _zones() else None,
        locale=locale if locale and _LANGUAGE.fullmatch(locale) else "",
        tags=tuple(dict.fromkeys(filter(None, cleaned))),
        attributes=dict(attributes or {}),
        source=clean(source, NAME_AT_MOST),
    )


def clean(text: str, at_most: int) -> str:
    """Put a text on one line without control characters, at most so many characters long."""
    visible = (" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())[:at_most].rstrip()


def is_tailored(cadence: str, topics: Collection[str]) -> bool:
    """Say whether a letter for such wishes may differ from everybody's."""
    return cadence != CADENCES[0] or bool(topics)


def split_tags(text: str) -> list[str]:
    """Read a list of tags as people write it, with commas or semicolons."""
    return re.split("[,;]", text)


def attributes_from(text: str) -> dict[str, Any] | None:
    """Read a JSON object; None when it is none, or one that not every database can keep."""
    try:
        value = json.loads(text)
        written = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        orjson.dumps(reduce(lambda kept, _: [kept], range(_AROUND), value))
    except (ValueError, TypeError, RecursionError):
        return None
    small = len(written) <= ATTRIBUTES_AT_MOST_BYTES and "\\u0000" not in text
    return value if isinstance(value, dict) and small else None


def _names(given: Iterable[str], most: int) -> tuple[str, ...]:
    """Clean names, in an order that does not depend on who wrote them down."""
    cleaned = {clean(name, NAME_AT_MOST) for name in given}
    return tuple(sorted(filter(None, cleaned)))[:most]


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
