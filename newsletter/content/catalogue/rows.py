"""Rows to values and back; nothing is decided here."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, date, datetime

from newsletter.content.catalogue.models import QuoteRow, ToolRow
from newsletter.content.comparison import (
    CatalogueEntry,
    Comparison,
    DateOrigin,
    Quote,
    Side,
    Tool,
)

TOOL_FIELDS = tuple(field.name for field in fields(Tool))


def tool_of(row: ToolRow) -> Tool:
    """Give the value of a tool's row."""
    return Tool(**{name: getattr(row, name) for name in TOOL_FIELDS})


def write_tool(row: ToolRow, tool: Tool, *, now: datetime) -> None:
    """Bring a row up to date; its ``updated_at`` moves only when something differs."""
    if tool_of(row) == tool:
        return
    for name in TOOL_FIELDS:
        setattr(row, name, getattr(tool, name))
    row.updated_at = now


def new_tool(tool: Tool, *, now: datetime) -> ToolRow:
    """Make the row of a tool that was not known."""
    facts = {name: getattr(tool, name) for name in TOOL_FIELDS}
    return ToolRow(**facts, first_seen=now, updated_at=now)


def quotes_of(rows: Iterable[QuoteRow]) -> tuple[Quote, ...]:
    """Give the values of a comparison's quotes; they go A, B, A, B."""
    return tuple(map(_quote_of, sorted(rows, key=lambda row: (row.position, row.side))))


def _quote_of(row: QuoteRow) -> Quote:
    side: Side = "a" if row.side == "a" else "b"
    return Quote(side=side, position=row.position, text=row.text, complete=row.complete)


def entry_of(entry_id: int, comparison: Comparison, first_seen: datetime) -> CatalogueEntry:
    """Give the stored comparison with its age."""
    day, origin = dated(comparison, first_seen)
    return CatalogueEntry(entry_id, comparison, first_seen, day, origin)


def dated(comparison: Comparison, first_seen: datetime) -> tuple[date, DateOrigin]:
    """Say how new a comparison is: the later review, else the page's date, else first seen (UTC)."""
    reviews = [
        tool.reviewed_on
        for tool in (comparison.tool_a, comparison.tool_b)
        if tool.reviewed_on is not None
    ]
    if reviews:
        return max(reviews), "reviewed"
    if comparison.published_on is not None:
        return comparison.published_on, "published"
    return first_seen.astimezone(UTC).date(), "first_seen"
