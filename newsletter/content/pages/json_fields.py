"""The kinds of values in comparison JSON, each with the sentence that refuses a wrong one."""

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from newsletter.content.addresses import is_slug

MOST_CHARACTERS = 20_000


def _must_be_slug(text: str) -> str:
    if not is_slug(text):
        raise ValueError("must be a slug: lower-case letters and digits with hyphens between")
    return text


def _must_be_plain(text: str) -> str:
    if any(ord(character) < ord(" ") and character not in "\n\t" for character in text):
        raise ValueError("must not hold control characters")
    return text


def _must_be_one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("must be one line")
    return text


def _must_be_text(value: object) -> object:
    if value is not None and not isinstance(value, str):
        raise ValueError("must be an ISO date such as 2026-04-24")
    return value


Slug = Annotated[str, StringConstraints(max_length=200), AfterValidator(_must_be_slug)]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS),
    AfterValidator(_must_be_plain),
]
OneLine = Annotated[Words, AfterValidator(_must_be_one_line)]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]
Day = Annotated[dt.date, BeforeValidator(_must_be_text)]
Tally = Annotated[int, Field(ge=0, le=1000, strict=True)]
