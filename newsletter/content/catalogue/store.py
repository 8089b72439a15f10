"""Keeping what was read: a comparison is added, or merged into the stored one that it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal

from sqlmodel import Session, select

from newsletter.content.catalogue.lookup import read_entry
from newsletter.content.catalogue.merging import Changes, Conflict, merge, merge_tool_page
from newsletter.content.catalogue.models import ComparisonRow, QuoteRow, ToolRow
from newsletter.content.catalogue.places import place_for
from newsletter.content.catalogue.rows import tool_of, write_tool
from newsletter.content.catalogue.tool_rows import (
    drop_if_unused,
    id_of,
    row_by_slug,
    row_with_real_slug,
)
from newsletter.content.comparison import CatalogueEntry, Comparison, Quote, pair_key
from newsletter.content.pages.tool_page import ToolPage
from newsletter.errors import NewsletterError

Result = Literal["added", "filled", "unchanged", "conflicting"]


class UnknownTool(NewsletterError):
    """This tool page does not show its name with certainty; import a comparison of it first."""

    code: ClassVar[str] = "unknown-tool"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a reading.

    Attributes:
        entry: the comparison as it is stored now; None for a tool page.
        result: a conflicting reading has changed values, and may have filled others.
    """

    entry: CatalogueEntry | None
    result: Result
    conflicts: tuple[Conflict, ...] = ()


def save(session: Session, reading: Comparison, *, now: datetime) -> Saved:
    """Keep a comparison; the same reading twice changes nothing the second time."""
    place = place_for(session, reading, now=now)
    changes = _merge_into(session, place.row, place.reading, now=now)
    result: Result = "added" if place.is_new else _result(changes)
    return Saved(read_entry(session, place.row), result, changes.conflicts)


def save_tool_page(session: Session, page: ToolPage, *, now: datetime) -> Saved:
    """Keep what a tool's own page says; comparisons of the tool become as new as its review.

    Raises:
        UnknownTool: the tool is not stored, and the page does not give its name.
    """
    assert page.slug is not None
    row = row_by_slug(session, page.slug)
    if row is None:
        if page.name is None:
            raise UnknownTool
        row = ToolRow(slug=page.slug, name=page.name, first_seen=now, updated_at=now)
        session.add(row)
        write_tool(row, merge_tool_page(tool_of(row), page)[0], now=now)
        session.flush()
        return Saved(None, "added")
    merged, changes = merge_tool_page(tool_of(row), page)
    write_tool(row, replace(merged, provisional=False), now=now)
    session.flush()
    return Saved(None, _result(changes), changes.conflicts)


def _result(changes: Changes) -> Result:
    if changes.conflicts:
        return "conflicting"
    return "filled" if changes.filled else "unchanged"


def _merge_into(
    session: Session, row: ComparisonRow, incoming: Comparison, *, now: datetime
) -> Changes:
    """Merge a reading, its sides as in the row, and write what is different."""
    renamed = _take_real_slugs(session, row, incoming, now=now)
    stored = read_entry(session, row)
    if stored.date_origin == "reviewed" and incoming.published_on == stored.date:
        incoming = replace(incoming, published_on=None)  # our own derived date, come back as JSON
    merged, changes = merge(stored.comparison, incoming)
    changes |= Changes(filled=renamed)
    for tool_id, tool in ((row.tool_a_id, merged.tool_a), (row.tool_b_id, merged.tool_b)):
        write_tool(session.get_one(ToolRow, tool_id), tool, now=now)
    _write_quotes(session, row, merged.quotes)
    row.published_on = merged.published_on
    row.updated_at = now if changes else row.updated_at
    session.flush()
    return changes


def _take_real_slugs(
    session: Session, row: ComparisonRow, incoming: Comparison, *, now: datetime
) -> bool:
    """Move a comparison from provisional tools to those of its address; its id stays."""
    before = [session.get_one(ToolRow, tool_id) for tool_id in (row.tool_a_id, row.tool_b_id)]
    tools = (incoming.tool_a, incoming.tool_b)
    after = [
        row_with_real_slug(session, old, tool, now=now, other=other)
        if old.provisional and not tool.provisional and old.slug != tool.slug
        else old
        for old, tool, other in zip(before, tools, reversed(before), strict=True)
    ]
    if after == before:
        return False
    row.tool_a_id, row.tool_b_id = id_of(after[0]), id_of(after[1])
    row.key = pair_key(after[0].slug, after[1].slug)
    for old in before:
        drop_if_unused(session, old)
    return True


def _write_quotes(session: Session, row: ComparisonRow, quotes: tuple[Quote, ...]) -> None:
    assert row.id is not None
    known = {
        (quote.side, quote.position): quote
        for quote in session.exec(select(QuoteRow).where(QuoteRow.comparison_id == row.id))
    }
    for quote in quotes:
        stored = known.get((quote.side, quote.position))
        if stored is None:
            stored = QuoteRow(
                comparison_id=row.id, side=quote.side, position=quote.position, text=quote.text
            )
            session.add(stored)
        stored.text, stored.complete = quote.text, quote.complete
