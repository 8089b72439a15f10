"""The table "Decision" that stands below both tools in some copies: a label, and a value each."""

import re
from dataclasses import dataclass
from itertools import pairwise

from newsletter.content.pages.labels import (
    BEST_FOR,
    CATEGORY,
    COMMUNITY,
    DECISION,
    PANEL_VERDICT,
    PRICING,
    SCORECARD,
)
from newsletter.content.pages.lines import Line, folded
from newsletter.content.pages.shares import percent

_LABELS = frozenset({PANEL_VERDICT, COMMUNITY, PRICING, BEST_FOR, CATEGORY, SCORECARD})
_TALLY = re.compile(r"\w+ · (?P<ships>\d+) ship / (?P<skips>\d+) skip", re.IGNORECASE)
_VALUES = 2


@dataclass(frozen=True, slots=True)
class Decision:
    """What the table says of one tool; None where it does not, or may have been cut."""

    ships: int | None = None
    skips: int | None = None
    community_percent: int | None = None
    price: str | None = None


def find_decision(lines: list[Line], name: str, *, start: int) -> int | None:
    """Give the index of the table's heading, or None.

    The word alone proves nothing: the first name must follow it, be it glued to it, and something
    must follow the name, for it may be cut.
    """
    glued = DECISION + folded(name)
    for at in range(start, len(lines) - 1):
        heads = lines[at].folded == DECISION and at + 2 < len(lines)
        if (heads and lines[at + 1].is_called(name)) or lines[at].folded.startswith(glued):
            return at
    return None


def read_decision(table: list[Line]) -> tuple[Decision, Decision]:
    """Read the columns of both tools.

    Args:
        table: from the heading to the scorecard's label, or to where the page was cut.
    """
    rows = _rows(table)
    return _column(rows, 0), _column(rows, 1)


def _rows(table: list[Line]) -> dict[str, list[str]]:
    """Give the rows with a value for each tool; with only one, whose it is cannot be told."""
    labels = [at for at, line in enumerate(table) if line.folded in _LABELS]
    rows: dict[str, list[str]] = {}
    for at, following in pairwise(labels):
        if following - at - 1 == _VALUES:
            rows[table[at].folded] = [line.text for line in table[at + 1 : following]]
    return rows


def _column(rows: dict[str, list[str]], place: int) -> Decision:
    values = {label: row[place] for label, row in rows.items()}
    tally = _TALLY.fullmatch(values.get(PANEL_VERDICT, ""))
    return Decision(
        ships=int(tally["ships"]) if tally else None,
        skips=int(tally["skips"]) if tally else None,
        community_percent=percent(values.get(COMMUNITY)),
        price=values.get(PRICING),
    )
