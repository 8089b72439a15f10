"""The reviewers' quotes: curly-quoted paragraphs that alternate between the two tools."""

from collections.abc import Iterator
from itertools import count

from newsletter.content.comparison import Quote, Side
from newsletter.content.pages.lines import Line

_OPENING = "“"
_CLOSING = "”"
_SIDES: tuple[Side, Side] = ("a", "b")


def read_quotes(lines: list[Line], *, whole: bool) -> tuple[Quote, ...]:
    """Read the quotes below the scorecard's label; who said them is not on the page.

    Args:
        lines: from below the label to the footer, or to where the page was cut.
        whole: the footer was reached.

    Returns:
        First A, first B, second A, …; at most the last is incomplete because of a cut.
    """
    quotes = []
    for place, paragraph in zip(count(), _paragraphs(lines), strict=False):
        last = paragraph[-1] is lines[-1]
        words = " ".join(line.text for line in paragraph)
        complete = words.endswith(_CLOSING) and len(words) > 1
        if last and not whole:
            complete = complete and _is_balanced(words)
        text = _without_marks(words, closed=complete)
        if text:
            quotes.append(Quote(_SIDES[place % 2], place // 2 + 1, text, complete))
    return tuple(quotes)


def _paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    """Gather the lines of each quote; lines outside of quotes are nobody's words."""
    current: list[Line] = []
    for line in lines:
        if line.text.startswith(_OPENING):
            if current:
                yield current
            current = [line]
        elif current and not _is_closed(current):
            current.append(line)
    if current:
        yield current


def _is_closed(paragraph: list[Line]) -> bool:
    words = " ".join(line.text for line in paragraph)
    return words.endswith(_CLOSING) and _is_balanced(words)


def _is_balanced(words: str) -> bool:
    """Tell the mark that ends a quote from one that ends words quoted inside it."""
    return words.count(_CLOSING) >= words.count(_OPENING)


def _without_marks(words: str, *, closed: bool) -> str:
    return words[1:-1].strip() if closed else words[1:].strip()
