"""A day as people write it, in the language that a reader chose; the words around it stay English."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

ENGLISH = "en"
"""The language of everything else, and of whoever chose none."""

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        ENGLISH: "English",
        "en-US": "English (United States)",
        "cs": "Čeština",
        "da": "Dansk",
        "de": "Deutsch",
        "es": "Español",
        "fr": "Français",
        "it": "Italiano",
        "nl": "Nederlands",
        "nb": "Norsk bokmål",
        "pl": "Polski",
        "pt": "Português",
        "fi": "Suomi",
        "sv": "Svenska",
        "tr": "Türkçe",
        "uk": "Українська",
        "ja": "日本語",
        "ko": "한국어",
        "zh": "中文",
    }
)
"""What a reader may choose: the code, as HTML's ``lang`` has it, and the language's own name.

All are written from left to right: a date from right to left, in the middle of an English line, has
its comma on the wrong side in mail programs that drop what isolates it.
"""


def language(chosen: str) -> str:
    """Give the code that stands for a reader's choice: English for none, and for one not offered."""
    return chosen if chosen in LANGUAGES else ENGLISH


@lru_cache(maxsize=1024)
def long_date(day: date, locale: str = "") -> str:
    """Write a day with its weekday and its month in words: "Monday 7 December 2026".

    Args:
        day: the day.
        locale: a code of ``LANGUAGES``; anything else gives English.
    """
    if language(locale) == ENGLISH:
        return f"{day:%A} {day.day} {day:%B %Y}"
    from babel.dates import format_date  # noqa: PLC0415  # 60 ms that most commands do not need

    return str(format_date(day, "full", locale=locale.replace("-", "_")))
