"""One tool's block: category, name, tagline, panel, community, entry, description.

Every value stands before its label, so a value counts only when its whole label follows.
"""

from dataclasses import dataclass

from newsletter.content.pages.labels import (
    CHIPS,
    COMMUNITY,
    DASHES,
    ENTRY,
    PANEL,
    is_initial,
    position,
)
from newsletter.content.pages.lines import Line, folded, joined
from newsletter.content.pages.shares import percent

_MOST_CATEGORY_CHARACTERS = 80
_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a name: the category, and the index at which the block begins."""

    start: int
    category: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands below a name; None where the page did not say, or may have been cut."""

    tagline: str | None = None
    panel_percent: int | None = None
    community_percent: int | None = None
    entry: str | None = None
    description: str | None = None


def head_above(lines: list[Line], name_at: int, *, floor: int) -> Head:
    """Read the category above a name.

    Args:
        lines: the page.
        name_at: index of the line with the name.
        floor: first index that can belong to this block.
    """
    start = name_at
    category = None
    if start > floor and _can_be_category(lines[start - 1]):
        start -= 1
        category = lines[start].text
    if start > floor and is_initial(lines[start - 1]):
        start -= 1
    return Head(start, category)


def facts_below(region: list[Line], *, closed: bool) -> Facts:
    """Read the values of one block.

    Args:
        region: the lines from below the name to where the block ends.
        closed: something recognisable follows; otherwise the last line may be cut.
    """
    labels = _labels(region)
    first = min(labels.values(), default=len(region) if closed else len(region) - 1)
    tagline = _tagline(region[: max(first, 0)])
    if _labels_stand_first(region, labels):
        return Facts(tagline)
    panel, community, entry = (_value(region, labels, label) for label in (PANEL, COMMUNITY, ENTRY))
    return Facts(
        tagline=tagline,
        panel_percent=percent(panel, bare=False),
        community_percent=percent(community),
        entry=entry if entry and _is_entry(entry) else None,
        description=joined(region[labels[ENTRY] + 1 :]) if closed and ENTRY in labels else None,
    )


def _labels(region: list[Line]) -> dict[str, int]:
    """Find the labels in their order; each is looked for behind the one before."""
    found: dict[str, int] = {}
    for label in (PANEL, COMMUNITY, ENTRY):
        place = position(region, label, start=max(found.values(), default=-1) + 1)
        if place is not None:
            found[label] = place
    return found


def _labels_stand_first(region: list[Line], labels: dict[str, int]) -> bool:
    """Say whether the values stand below their labels, where they would be taken for others."""
    panel, entry = labels.get(PANEL), labels.get(ENTRY)
    if panel is None or not _has_value(region, panel + 1) or _has_value(region, panel - 1):
        return False
    return entry is None or _has_value(region, entry - 1)


def _has_value(region: list[Line], at: int) -> bool:
    return 0 <= at < len(region) and _is_value(region[at].text)


def _value(region: list[Line], labels: dict[str, int], label: str) -> str | None:
    """Give the line before a label, unless that line is the label before it."""
    place = labels.get(label)
    if not place or place - 1 in labels.values():
        return None
    return region[place - 1].text


def _tagline(head: list[Line]) -> str | None:
    """Give the first line under the name, unless it is already the chip or a value."""
    if not head or _is_chip(head[0].text) or _is_value(head[0].text):
        return None
    return head[0].text


def _is_entry(text: str) -> bool:
    return not _is_value(text) and not _is_chip(text)


def _is_value(text: str) -> bool:
    return text in DASHES or percent(text, bare=False) is not None


def _is_chip(text: str) -> bool:
    return folded(text) in CHIPS


def _can_be_category(line: Line) -> bool:
    short = len(line.text) <= _MOST_CATEGORY_CHARACTERS
    return short and not is_initial(line) and not line.text.endswith(_SENTENCE_ENDS)
