"""What mail programs support, read from the data of the npm package ``caniemail``.

The package's own checker gives up where a program was never tested; here that is "unknown".
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.audit.tools import PACKAGES

CORE = (
    ("apple-mail", "macos"),
    ("apple-mail", "ios"),
    ("gmail", "desktop-webmail"),
    ("gmail", "ios"),
    ("gmail", "android"),
    ("outlook", "windows"),
    ("outlook", "macos"),
    ("outlook", "outlook-com"),
    ("outlook", "ios"),
    ("outlook", "android"),
    ("yahoo", "desktop-webmail"),
    ("yahoo", "ios"),
    ("yahoo", "android"),
    ("samsung-email", "android"),
    ("thunderbird", "macos"),
)
"""Family and platform of the programs that a weekly letter is read in."""


@dataclass(frozen=True, slots=True)
class Support:
    """What is known of one feature in the core programs.

    Attributes:
        title: as caniemail calls it.
        refused_by: programs whose newest tested version does not support it.
        unknown_to: programs without a test.
    """

    title: str
    refused_by: tuple[str, ...]
    unknown_to: tuple[str, ...]


def support_of(feature: str) -> Support | None:
    """Give the support of a feature by its slug; None when there is no such page."""
    found = _features().get(feature) or _features().get(_longhand_of(feature))
    return None if found is None else read(found)


def _longhand_of(feature: str) -> str:
    """Find the page that also speaks for ``css-padding-left``: the longest beginning with one."""
    kind, *words = feature.split("-")
    if kind == "css":
        for length in range(len(words) - 1, 0, -1):
            shorter = "-".join((kind, *words[:length]))
            if shorter in _features():
                return shorter
    return ""


def read(feature: dict[str, Any]) -> Support:
    """Read one page of the data; whoever was never tested is unknown, never unsupported."""
    answers = {
        f"{family} {platform}": _newest(feature["stats"].get(family, {}).get(platform, {}).values())
        for family, platform in CORE
    }
    return Support(
        feature["title"],
        tuple(name for name, answer in answers.items() if answer.startswith("n")),
        tuple(name for name, answer in answers.items() if answer in ("", "u")),
    )


def _newest(answers: Iterable[str]) -> str:
    """Give the last answer, or nothing; caniemail lists versions from old to new."""
    return next(reversed([*answers]), "")


@cache
def _features() -> dict[str, dict[str, Any]]:
    data = json.loads((PACKAGES / "caniemail/data/caniemail.json").read_text(encoding="utf-8"))
    return {feature["slug"]: feature for feature in data["data"]}
