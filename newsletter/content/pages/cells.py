"""The scorecard as a table: a reviewer's name, then for each tool a score and the words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.content.comparison import Side
from newsletter.content.pages.labels import DASHES
from newsletter.content.pages.lines import Line, folded

_SCORE = re.compile(r"(?:(\w[\w ]*?)\s+)?\d{1,3}\s*/\s*100\s*[·•|]\s*[a-z][a-z ]*", re.IGNORECASE)
_SENTENCE_ENDS = (".", "!", "?", "…", "”", '"', ")")
_MOST_NAME_CHARACTERS = 40
_SIDES: tuple[Side, Side] = ("a", "b")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one reviewer said of one tool: the lines of it, and whether something follows them."""

    side: Side
    lines: list[Line]
    closed: bool


def has_cells(lines: list[Line]) -> bool:
    """Say whether the scorecard is such a table."""
    return any(_is_score(line) for line in lines)


def read_cells(lines: list[Line], *, whole: bool) -> Iterator[Cell]:
    """Give the cells in the order of the page.

    The first cell of a row is about the first tool, unless a dash or a "No …" stands in its place.

    Args:
        lines: from below the scorecard's label to the footer, or to where the page was cut.
        whole: the footer was reached.
    """
    reviewer, column, at = None, 0, 0
    while at < len(lines):
        line, end = lines[at], at + 1
        score = _SCORE.fullmatch(line.text)
        name = score[1] if score else None if _is_blank_cell(line) else line.text
        if name and folded(name) != reviewer:
            reviewer, column = folded(name), 0
        if score:
            end = _end_of_words(lines, at + 1)
            if at + 1 < end and column < len(_SIDES):
                # The last line of a cut page may be the beginning of more words of this cell.
                closed = whole or end < len(lines) - 1
                yield Cell(_SIDES[column], lines[at + 1 : end], closed)
        if score or not name:
            column += 1
        at = end


def _end_of_words(lines: list[Line], start: int) -> int:
    """Give the index after a cell's words: its first line, and what else reads like sentences."""
    if start == len(lines) or _is_score(lines[start]):
        return start
    rest = range(start + 1, len(lines))
    return next((at for at in rest if _is_no_sentence(lines[at])), len(lines))


def _is_no_sentence(line: Line) -> bool:
    """Say whether a line is a name, a score or an empty cell."""
    short = len(line.text) <= _MOST_NAME_CHARACTERS
    return _is_score(line) or (short and not line.text.endswith(_SENTENCE_ENDS))


def _is_score(line: Line) -> bool:
    return _SCORE.fullmatch(line.text) is not None


def _is_blank_cell(line: Line) -> bool:
    return line.text in DASHES or line.folded.startswith("no ")
