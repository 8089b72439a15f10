"""Which row a tool has: by its slug, or under a slug made from its name as long as need be."""

from dataclasses import replace
from datetime import datetime
from itertools import count

from sqlmodel import Session, col, or_, select

from newsletter.content.catalogue.matching import has_same_story
from newsletter.content.catalogue.merging import merge_tools
from newsletter.content.catalogue.models import ComparisonRow, ToolRow
from newsletter.content.catalogue.rows import new_tool, tool_of, write_tool
from newsletter.content.comparison import Tool


def id_of(row: ToolRow) -> int:
    """Give the id of a row that the database knows."""
    assert row.id is not None
    return row.id


def row_by_slug(session: Session, slug: str) -> ToolRow | None:
    """Find a tool's row."""
    return session.exec(select(ToolRow).where(ToolRow.slug == slug)).first()


def row_for(session: Session, tool: Tool, *, now: datetime, not_slug: str | None = None) -> ToolRow:
    """Find or make the row of a tool in a comparison that is new.

    Args:
        session: where the rows are; flushed when one is made.
        tool: when its slug is provisional, the row of a namesake with another story is passed
            over and the slug gets a number.
        now: becomes the first-seen instant of a new row.
        not_slug: the slug of the comparison's other side.
    """
    if not tool.provisional:
        return row_by_slug(session, tool.slug) or _add(session, tool, now=now)
    for number in count(1):
        slug = tool.slug if number == 1 else f"{tool.slug}-{number}"
        row = row_by_slug(session, slug)
        if row is None:
            return _add(session, replace(tool, slug=slug), now=now)
        if slug != not_slug and has_same_story(tool_of(row), tool):
            return row
    raise AssertionError("counting never ends")


def row_with_real_slug(session: Session, row: ToolRow, slug: str, *, now: datetime) -> ToolRow:
    """Give the row of the real slug with what the provisional one knew; the latter is left alone.

    Other comparisons may still hold on to the provisional row, and names are no identity.
    """
    known = row_by_slug(session, slug)
    if known is None:
        real = replace(tool_of(row), slug=slug, provisional=False)
        return _add(session, real, now=now)
    facts, _ = merge_tools(tool_of(row), tool_of(known))
    write_tool(known, facts, now=now)
    return known


def drop_if_unused(session: Session, row: ToolRow) -> None:
    """Delete a provisional row to which no comparison holds on."""
    session.flush()
    used = session.exec(
        select(ComparisonRow.id)
        .where(or_(col(ComparisonRow.tool_a_id) == row.id, col(ComparisonRow.tool_b_id) == row.id))
        .limit(1)
    ).first()
    if used is None and row.provisional:
        session.delete(row)


def _add(session: Session, tool: Tool, *, now: datetime) -> ToolRow:
    row = new_tool(tool, now=now)
    session.add(row)
    session.flush()
    return row
