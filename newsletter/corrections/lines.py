"""The lines of a frozen issue that can be corrected, and the rule that a correction quotes one. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from newsletter.errors import NewsletterError
from newsletter.rendering.plain import plain
from newsletter.rendering.views import Card, IssueView, Row

MOST = 500
"""Characters of what is right."""


class Part(StrEnum):
    """Where a line stands. The codes stay in rows for ever: never change one."""

    SUBJECT = "subject"
    HEADLINE = "headline"
    INTRO = "intro"
    NAME = "name"
    PANEL = "panel"
    VERDICT = "verdict"
    CASE = "case"
    CATEGORY = "category"
    TAGLINE = "tagline"
    COMMUNITY = "community"
    ENTRY = "entry"
    QUOTE = "quote"


IN_EVERY_FORM = frozenset({Part.NAME, Part.PANEL})
"""What a letter says of a match-up even where there was no room for its card."""


class NotSaid(NewsletterError):
    """The issue does not say that; choose one of its lines, or copy a piece of one exactly."""

    code = "not-said"


class WhichTool(NewsletterError):
    """Both tools have that line; say whose it is by the tool's name."""

    code = "which-tool"


class NothingRight(NewsletterError):
    """Say what is right, in at most 500 characters, and not what was said already."""

    code = "nothing-right"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that left.

    Attributes:
        part: where it stands.
        text: as it was frozen.
        tool: the name of the tool it is about; empty for a line about both, or about the issue.
    """

    part: Part
    text: str
    tool: str = ""


def lines_of(view: IssueView, comparison_id: int | None = None) -> tuple[Line, ...]:
    """Give the lines of a match-up, or those that are about the whole issue.

    Args:
        view: the frozen issue.
        comparison_id: row id of a comparison; None for the issue's own lines.

    Raises:
        NotSaid: when no match-up of the issue is that comparison.
    """
    if comparison_id is None:
        return tuple(_own(view))
    row = next((row for row in view.match_ups if row.entry_id == comparison_id), None)
    if row is None:
        raise NotSaid("the issue holds no such match-up")
    return tuple(_of_match_up(row))


def line_with(
    view: IssueView, said: str, comparison_id: int | None = None, *, tool: str = ""
) -> Line:
    """Find the line that says something: exactly that, or with that as a piece of it.

    Args:
        view: the frozen issue.
        said: the line, or the piece.
        comparison_id: row id of a comparison; None for the issue's own lines.
        tool: the name of the tool whose line it is; empty where one tool alone has it.

    Raises:
        NotSaid: when none does.
        WhichTool: when the same line of either tool does, such as "Free".
    """
    lines = [line for line in lines_of(view, comparison_id) if not tool or line.tool == tool]
    exact = [line for line in lines if line.text == said]
    found = exact or [line for line in lines if said and said in line.text]
    if not found:
        raise NotSaid
    if len({line.tool for line in found if line.tool}) > 1:
        raise WhichTool
    return found[0]


def right_words(right: str, said: str) -> str:
    """Give what is right as plain text.

    Raises:
        NothingRight: when it is empty, too long, or what was said.
    """
    words = plain(right)
    if not words or len(words) > MOST or words == said:
        raise NothingRight
    return words


def _own(view: IssueView) -> Iterator[Line]:
    yield Line(Part.SUBJECT, view.subject)
    yield Line(Part.HEADLINE, view.headline)
    for sentence in view.intro:
        yield Line(Part.INTRO, sentence)


def _of_match_up(row: Row) -> Iterator[Line]:
    if isinstance(row, Card):
        yield Line(Part.VERDICT, row.numbers)
        if row.case:
            yield Line(Part.CASE, row.case)
    for _, tool in row.tools:
        community = f"{tool.community_percent}%" if tool.community_percent is not None else None
        panel = f"{tool.panel_percent}% {tool.verdict}" if tool.panel_percent is not None else None
        known = {
            Part.NAME: tool.name,
            Part.PANEL: panel,
            Part.CATEGORY: tool.category,
            Part.TAGLINE: tool.tagline,
            Part.COMMUNITY: community,
            Part.ENTRY: tool.entry,
        }
        yield from (Line(part, text, tool.name) for part, text in known.items() if text)
    for quote in row.quotes if isinstance(row, Card) else ():
        yield Line(Part.QUOTE, quote.text, quote.tool)
