"""The reviewers' quotes, told apart by their quotation marks or by the scores above them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import cycle

from newsletter.content.comparison import Quote, Side
from newsletter.content.pages.cells import Cell, has_cells, read_cells
from newsletter.content.pages.labels import DASHES
from newsletter.content.pages.lines import Line

_CLOSING = {"“": "”", '"': '"'}
_SIDES: tuple[Side, Side] = ("a", "b")


def read_quotes(lines: list[Line], *, whole: bool) -> tuple[Quote, ...]:
    """Read the quotes below the scorecard's label.

    Args:
        lines: from below the label to the footer, or to where the page was cut.
        whole: the footer was reached.

    Returns:
        In the order of the page; at most the last is incomplete because of a cut.
    """
    if has_cells(lines):
        return _numbered(_of_cell(cell) for cell in read_cells(lines, whole=whole))
    return _numbered(_of_paragraphs(lines, whole=whole))


def _numbered(found: Iterable[tuple[Side, str, bool]]) -> tuple[Quote, ...]:
    seen: Counter[Side] = Counter()
    quotes = []
    for side, text, complete in found:
        if text:
            seen[side] += 1
            quotes.append(Quote(side, seen[side], text, complete))
    return tuple(quotes)


def _of_cell(cell: Cell) -> tuple[Side, str, bool]:
    words = " ".join(line.text for line in cell.lines)
    marked = words[0] in _CLOSING
    whole = marked and words[1:].endswith(_CLOSING[words[0]]) and _is_balanced(words)
    return cell.side, _without_marks(words, closed=whole) if marked else words, cell.closed


def _of_paragraphs(lines: list[Line], *, whole: bool) -> Iterator[tuple[Side, str, bool]]:
    """Give quoted paragraphs, which alternate between the tools; a dash keeps an empty place."""
    paragraphs = list(_paragraphs(lines))
    for side, paragraph in zip(cycle(_SIDES), paragraphs, strict=False):
        words = " ".join(line.text for line in paragraph)
        if words in DASHES:
            continue
        closed = words[1:].endswith(_CLOSING[words[0]])
        if paragraph[-1] is lines[-1] and not whole:
            closed = closed and _is_balanced(words)
        # Where another quote follows, only the mark is missing.
        complete = closed or paragraph is not paragraphs[-1]
        yield side, _without_marks(words, closed=closed), complete


def _paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    """Gather the lines of each quote; lines outside of quotes are nobody's words."""
    current: list[Line] = []
    for line in lines:
        if line.text[0] in _CLOSING and (not current or _may_end(current, line)):
            if current:
                yield current
            current = [line]
        elif current and not _is_closed(current):
            current.append(line)
        elif line.text in DASHES:
            if current:
                yield current
                current = []
            yield [line]
    if current:
        yield current


def _may_end(current: list[Line], line: Line) -> bool:
    """Say whether the line may begin another quote; a straight mark may only end the one before.

    It does not where that one ends in a mark already: a mark inside it then has no partner (5").
    """
    ends = _ends_in_mark(" ".join(one.text for one in current))
    return line.text[0] == "“" or _is_closed(current) or (ends and len(line.text) > 1)


def _is_closed(paragraph: list[Line]) -> bool:
    words = " ".join(line.text for line in paragraph)
    return _ends_in_mark(words) and _is_balanced(words)


def _ends_in_mark(words: str) -> bool:
    return words[1:].endswith(_CLOSING[words[0]])


def _is_balanced(words: str) -> bool:
    """Tell the mark that ends a quote from one that ends words quoted inside it."""
    if words.startswith('"'):
        return words.count('"') % 2 == 0
    return words.count("”") >= words.count("“")


def _without_marks(words: str, *, closed: bool) -> str:
    return words[1:-1].strip() if closed else words[1:].strip()
