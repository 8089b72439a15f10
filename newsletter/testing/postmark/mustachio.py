"""The part of Postmark's template language that letters need: values, raw values, comments.

Tokens are found by the rule of the real engine: two or three braces around anything but braces.
Sections and loops are reported as errors, since nothing of ours uses them.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_TOKEN = re.compile(r"(\{\{[^{}]+?\}\}|\{\{\{[^{}]+?\}\}\})")
_PATH = re.compile(r"\w+(\.\w+)*")
_SYSTEM = re.compile(r"\{\{\{\s*pm:unsubscribe\s*\}\}\}")

UNSUBSCRIBE_URL = "https://unsubscribe.postmark.example/"


class TemplateError(ValueError):
    """A template that cannot be parsed."""


def check(template: str) -> None:
    """Parse a template.

    Raises:
        TemplateError: when it holds what this engine does not take.
    """
    _parsed(template)


def render(template: str, model: Mapping[str, Any], *, escape: bool) -> str:
    """Fill a template; unknown values are empty, ``{{x}}`` is escaped in HTML only."""
    literal, tokens = _parsed(template)
    pieces = [literal[0]]
    for (path, raw), following in zip(tokens, literal[1:], strict=True):
        value = _look_up(model, path)
        pieces += (value if raw or not escape else html_encode(value), following)
    return "".join(pieces)


def with_unsubscribe_link(body: str) -> str:
    """Fill the one placeholder that Postmark fills in every body, template or not."""
    return _SYSTEM.sub(UNSUBSCRIBE_URL, body)


def html_encode(value: str) -> str:
    """Escape as .NET does: the five characters, Latin-1 above 159, and all beyond the BMP."""
    return "".join(map(_html_character, value))


def _html_character(character: str) -> str:
    named = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&#39;"}
    if character in named:
        return named[character]
    point = ord(character)
    return f"&#{point};" if 160 <= point <= 255 or point > 0xFFFF else character  # noqa: PLR2004


@lru_cache(64)
def _parsed(template: str) -> tuple[tuple[str, ...], tuple[tuple[str, bool], ...]]:
    pieces = _TOKEN.split(template)
    return tuple(pieces[0::2]), tuple(map(_token, pieces[1::2]))


def _token(written: str) -> tuple[str, bool]:
    inner = written.strip("{}").strip()
    raw = written.startswith(("{{{", "{{&"))
    if inner.startswith("!"):
        return "", True
    if inner.startswith("pm:"):
        return written, raw
    path = inner.removeprefix("&").strip()
    if not _PATH.fullmatch(path):
        raise TemplateError(f"The path '{path}' is not valid.")
    return path, raw


def _look_up(model: Any, path: str) -> str:
    if path.startswith("{"):
        return path  # a system placeholder is filled later
    value = model
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return "" if value is None else str(value)
