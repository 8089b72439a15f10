"""Values that stand on one line with their label, such as "75% Panel ship"."""

import re
from collections.abc import Iterable
from dataclasses import replace

from newsletter.content.pages.labels import COMMUNITY, PANEL
from newsletter.content.pages.lines import Line, folded

_PANEL = re.compile(r"(\d{1,3}\s*%)\s+(panel\s+ship)", re.IGNORECASE)
_COMMUNITY = re.compile(r"(\d{1,3}\s*%?|[—–-]|no\s.{1,30}\S)\s+(community)", re.IGNORECASE)
_ENTRY = re.compile(r"(\S.{0,40}?)\s+(entry)", re.IGNORECASE)
_BELOW = {PANEL: _COMMUNITY, COMMUNITY: _ENTRY}


def apart(lines: Iterable[Line]) -> list[Line]:
    """Give value and label a line each.

    "Community" and "entry" are common words, so they count only below the label that stands above
    them on every page.
    """
    found: list[Line] = []
    for line in lines:
        shape = _BELOW.get(folded(found[-1].text), _PANEL) if found else _PANEL
        pair = shape.fullmatch(line.text)
        found += [replace(line, text=words) for words in pair.groups()] if pair else [line]
    return found
