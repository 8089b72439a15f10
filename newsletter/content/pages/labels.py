"""The fixed words of a page: the only marks by which its values are told apart."""

from collections.abc import Sequence

from newsletter.content.pages.lines import Line

HEADING = "ai tool comparison"
LEAD = "which one should you ship with?"
PANEL = "panel ship"
COMMUNITY = "community"
ENTRY = "entry"
DECISION = "decision"
PANEL_VERDICT = "panel verdict"
PRICING = "pricing"
BEST_FOR = "best for"
CATEGORY = "category"
SCORECARD = "reviewer scorecard"
FOOTER = "weekly ai tool verdicts"
CHIPS = frozenset({"ship", "mixed", "skip"})
DASHES = frozenset({"—", "–", "-", "--", "―"})


def position(lines: Sequence[Line], label: str, *, start: int = 0) -> int | None:
    """Give the index of the first line from ``start`` on that is the whole label, or None.

    A line that merely begins like a label proves nothing: the page may have been cut inside it,
    or it may be the first word of a sentence.
    """
    places = (index for index in range(start, len(lines)) if lines[index].folded == label)
    return next(places, None)


def is_initial(line: Line) -> bool:
    """Say whether the line is the one letter that the spaced layout puts before a category."""
    return len(line.text) == 1
