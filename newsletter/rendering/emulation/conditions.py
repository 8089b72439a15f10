"""Conditional comments as Word reads them: what is for it comes in, what is not for it goes. Pure."""

import operator
import re
from collections.abc import Callable, Mapping

_VERSION = 16
_COMPARED: Mapping[str, Callable[[int, int], bool]] = {
    "": operator.eq, "gte": operator.ge, "gt": operator.gt, "lte": operator.le, "lt": operator.lt,
}  # fmt: skip
_SHOWN = re.compile(
    r"<!--\[if (?P<asked>[^\]]+)\]>\s*(?:<!--+>|<!-- -->|--+>)(?P<inside>.*?)<!--\s*<!\[endif\]--+>",
    re.DOTALL,
)
_HIDDEN = re.compile(r"<!--\[if (?P<asked>[^\]]+)\]>(?P<inside>.*?)<!\[endif\]--+>", re.DOTALL)
_SETTINGS = re.compile(
    r"<noscript>\s*<xml>.*?</xml>\s*</noscript>|<xml>.*?</xml>", re.DOTALL | re.IGNORECASE
)
_TERM = re.compile(r"(?:(gte|gt|lte|lt)\s+)?mso(?:\s+(\d+))?", re.IGNORECASE)


def read_by_word(html: str) -> str:
    """Answer each condition, and leave what stands under those that hold, but for its settings."""
    return _SETTINGS.sub("", _HIDDEN.sub(_answered, _SHOWN.sub(_answered, html)))


def holds(condition: str) -> bool:
    """Tell whether a condition holds for the Word of today."""
    return any(
        all(_term(term) for term in alternative.split("&"))
        for alternative in condition.replace("(", " ").replace(")", " ").split("|")
    )


def _answered(found: re.Match[str]) -> str:
    return found["inside"] if holds(found["asked"]) else ""


def _term(term: str) -> bool:
    words = term.strip()
    if words.startswith("!"):
        return not _term(words[1:])
    found = _TERM.fullmatch(words)
    if found is None:
        return False
    compare = _COMPARED[(found[1] or "").lower()]
    return compare(_VERSION, int(found[2] or _VERSION))
