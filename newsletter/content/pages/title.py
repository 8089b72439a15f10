"""The title "A vs B": where it stands, and at which places it may be split into two names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.content.pages.labels import HEADING, LEAD, PANEL, position
from newsletter.content.pages.lines import Line, folded
from newsletter.content.refusals import Unreadable

_VERSUS = re.compile(r"(?<=\S)\s+vs\s+(?=\S)")
_VERSUS_ANY_CASE = re.compile(r"(?<=\S)\s+vs\.?\s+(?=\S)", re.IGNORECASE)
_BREADCRUMB = re.compile(r"Compare\s*[/›»>]\s*(?=\S)", re.IGNORECASE)
_WHAT_TO_DO = (
    "give it the text of a page under /compare/, the same page as HTML, or comparison JSON"
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title that is known to be whole.

    Attributes:
        line: its 1-based line in the source.
        splits: every pair of names it can mean; one unless a name itself contains "vs".
        body: index of the first line after the title and its fixed lead sentence.
    """

    line: int
    splits: tuple[tuple[str, str], ...]
    body: int


def find_title(lines: list[Line]) -> Title:
    """Find the title of a comparison page, whatever navigation stands above it.

    Raises:
        Unreadable: there is none, or the text ends in it, so that the second name may be cut.
    """
    last_seen = None
    for index, text in _candidates(lines):
        splits = _splits(text)
        if splits and index + 1 < len(lines):
            return Title(lines[index].number, splits, _after_lead(lines, index + 1, text))
        last_seen = index if splits else last_seen
    if last_seen is not None:
        raise Unreadable(
            "the text ends in its title, so the second name may be cut; import a fuller copy",
            line=lines[last_seen].number,
        )
    raise _missing(lines)


def _candidates(lines: list[Line]) -> Iterator[tuple[int, str]]:
    """Give title lines, the surest first: above the lead, below the heading, breadcrumb, blocks."""
    for index, line in enumerate(lines):
        if index and line.folded.startswith(LEAD):
            yield index - 1, lines[index - 1].text
    for index, line in enumerate(lines[:-1]):
        if line.folded == HEADING:
            yield index + 1, lines[index + 1].text
    for index, line in enumerate(lines[:-1]):
        crumb = _BREADCRUMB.match(line.text)
        if crumb and lines[index + 1].folded == HEADING:
            yield index, line.text[crumb.end() :]
    yield from _above_blocks(lines)


def _above_blocks(lines: list[Line]) -> Iterator[tuple[int, str]]:
    """Give lines that name two tools of which both stand alone on a line further down."""
    first_panel = position(lines, PANEL)
    for index, line in enumerate(lines[:first_panel] if first_panel is not None else ()):
        below = {other.folded for other in lines[index + 1 :]}
        for pair in _splits(line.text):
            if all(folded(name) in below for name in pair):
                yield index, line.text


def _splits(text: str) -> tuple[tuple[str, str], ...]:
    """Split at every " vs "; other spellings of it count only where that one is absent."""
    places = list(_VERSUS.finditer(text)) or list(_VERSUS_ANY_CASE.finditer(text))
    return tuple((text[: place.start()], text[place.end() :]) for place in places)


def _after_lead(lines: list[Line], start: int, title: str) -> int:
    def belongs(line: Line) -> bool:
        return line.folded == HEADING or line.folded.startswith(LEAD) or line.text == title

    return next((at for at in range(start, len(lines)) if not belongs(lines[at])), len(lines))


def _missing(lines: list[Line]) -> Unreadable:
    if not lines:
        return Unreadable(f"the text is empty; {_WHAT_TO_DO}", line=1)
    if (heading := position(lines, HEADING)) is not None:
        return Unreadable(
            "the heading “AI tool comparison” is not followed by a title “A vs B”; "
            "import a fuller copy",
            line=lines[heading].number,
        )
    return Unreadable(
        "no title “A vs B” under the heading “AI tool comparison” up to here, "
        f"so this is no comparison page; {_WHAT_TO_DO}",
        line=lines[-1].number,
    )
