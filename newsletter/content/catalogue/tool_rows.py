"""Which row a tool has: by its slug, or under a slug made from its name as long as need be."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from sqlmodel import Session, col, or_, select

from newsletter.content.catalogue.matching import has_same_story
from newsletter.content.catalogue.merging import merge_tools
from newsletter.content.catalogue.models import ComparisonRow, ToolRow
from newsletter.content.catalogue.rows import new_tool, tool_of, write_tool
from newsletter.content.comparison import Comparison, Tool, pair_key


def id_of(row: ToolRow) -> int:
    """Give the id of a row that the database knows."""
    assert row.id is not None
    return row.id


def row_by_slug(session: Session, slug: str) -> ToolRow | None:
    """Find a tool's row."""
    return session.exec(select(ToolRow).where(ToolRow.slug == slug)).first()


def rows_for(session: Session, pair: Comparison, *, now: datetime) -> tuple[ToolRow, ToolRow]:
    """Find or make the rows of both tools of a comparison that is new; never one row for both."""
    if pair.tool_a.provisional and not pair.tool_b.provisional:
        row_b = row_for(session, pair.tool_b, now=now)
        return row_for(session, pair.tool_a, now=now, not_slug=row_b.slug), row_b
    row_a = row_for(session, pair.tool_a, now=now)
    return row_a, row_for(session, pair.tool_b, now=now, not_slug=row_a.slug)


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
        return _owner(session, tool) or _add(session, tool, now=now)
    for number in count(1):
        slug = tool.slug if number == 1 else f"{tool.slug}-{number}"
        row = row_by_slug(session, slug)
        if row is None:
            return _add(session, replace(tool, slug=slug), now=now)
        if slug != not_slug and has_same_story(tool_of(row), tool):
            return row
    raise AssertionError("counting never ends")


def row_with_real_slug(
    session: Session, row: ToolRow, tool: Tool, *, now: datetime, other: ToolRow
) -> ToolRow:
    """Give the row of the tool's real slug with what the provisional one knew.

    The latter is left alone: other comparisons may still hold on to it, and names are no identity.

    Args:
        session: where the rows are; flushed.
        row: the provisional row of the tool.
        tool: the same tool, with the slug of its address.
        now: becomes the first-seen instant of a new row.
        other: the row of the comparison's other side, which is never given.
    """
    owner = _owner(session, tool, other=other)
    facts = tool_of(row) if owner is None else merge_tools(tool_of(row), tool_of(owner))[0]
    real = replace(facts, slug=tool.slug, provisional=False)
    if owner is None:
        return _add(session, real, now=now)
    write_tool(owner, real, now=now)
    return owner


def drop_if_unused(session: Session, row: ToolRow) -> None:
    """Delete a provisional row to which no comparison holds on."""
    session.flush()
    if row.provisional and not _comparisons_of(session, row):
        session.delete(row)


def _owner(session: Session, tool: Tool, *, other: ToolRow | None = None) -> ToolRow | None:
    """Find the row that has the tool's real slug by right.

    A slug made from a name can be the real slug of another tool; its holder then gives way.
    """
    holder = row_by_slug(session, tool.slug)
    if holder is None or not holder.provisional:
        return holder
    if holder is not other and has_same_story(tool_of(holder), tool):
        return holder
    _give_way(session, holder)
    return None


def _give_way(session: Session, row: ToolRow) -> None:
    """Put a number to a provisional slug, also in the keys of the tool's comparisons."""
    numbered = (f"{row.slug}-{number}" for number in count(2))
    row.slug = next(slug for slug in numbered if row_by_slug(session, slug) is None)
    for comparison in _comparisons_of(session, row):
        tools = (comparison.tool_a_id, comparison.tool_b_id)
        comparison.key = pair_key(*(session.get_one(ToolRow, tool).slug for tool in tools))
    session.flush()


def _comparisons_of(session: Session, row: ToolRow) -> Sequence[ComparisonRow]:
    is_side = or_(col(ComparisonRow.tool_a_id) == row.id, col(ComparisonRow.tool_b_id) == row.id)
    return session.exec(select(ComparisonRow).where(is_side)).all()


def _add(session: Session, tool: Tool, *, now: datetime) -> ToolRow:
    row = new_tool(tool, now=now)
    session.add(row)
    session.flush()
    return row
