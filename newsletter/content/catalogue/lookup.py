"""Reading the catalogue: all entries, in full or in outline, one entry, the known slugs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from newsletter.content.addresses import possible_pairs
from newsletter.content.catalogue.models import ComparisonRow, QuoteRow, ToolRow
from newsletter.content.catalogue.rows import TOOL_FIELDS, entry_of, quotes_of, tool_of
from newsletter.content.comparison import CatalogueEntry, Comparison, Tool, pair_key
from newsletter.content.pages.identity import KnownSlugs

_COMPARISON_FIELDS = ("id", "tool_a_id", "tool_b_id", "published_on", "first_seen")
_LARGEST_ID = 2**31 - 1  # what an integer column holds; beyond it PostgreSQL raises an error


def entries(session: Session) -> list[CatalogueEntry]:
    """Give all comparisons in the order of their keys, by three statements however many."""
    return _with_quotes(outlines(session), session.exec(select(QuoteRow)).all())


def outlines(session: Session) -> list[CatalogueEntry]:
    """Give what ``entries`` gives without the quotes, by two statements.

    Quotes are nine tenths of a catalogue, and an issue is chosen without them.
    """
    tools = {
        tool_id: Tool(*facts) for tool_id, *facts in _rows(session, ToolRow, "id", *TOOL_FIELDS)
    }
    # Sorted here, for the two databases disagree about the order of blanks and hyphens.
    rows = sorted(_rows(session, ComparisonRow, "key", *_COMPARISON_FIELDS))
    return [
        entry_of(row_id, Comparison(tools[a], tools[b], published_on=published_on), first_seen)
        for _key, row_id, a, b, published_on, first_seen in rows
    ]


def in_full(session: Session, outlined: Collection[CatalogueEntry]) -> list[CatalogueEntry]:
    """Add the quotes to outlines, by one statement."""
    wanted = col(QuoteRow.comparison_id).in_([outline.id for outline in outlined])
    return _with_quotes(outlined, session.exec(select(QuoteRow).where(wanted)).all())


def entry(session: Session, key_or_id: str | int) -> CatalogueEntry | None:
    """Find one comparison by its id, its key, its page address, or ``<slug-a>-vs-<slug-b>``."""
    row = _row(session, str(key_or_id).strip())
    return None if row is None else read_entry(session, row)


def read_entry(session: Session, row: ComparisonRow) -> CatalogueEntry:
    """Give the entry of a row."""
    assert row.id is not None
    tools = {
        tool.id: tool
        for tool in session.exec(
            select(ToolRow).where(col(ToolRow.id).in_((row.tool_a_id, row.tool_b_id)))
        )
    }
    quotes = session.exec(select(QuoteRow).where(QuoteRow.comparison_id == row.id)).all()
    a, b = (tool_of(tools[tool_id]) for tool_id in (row.tool_a_id, row.tool_b_id))
    return entry_of(row.id, Comparison(a, b, quotes_of(quotes), row.published_on), row.first_seen)


def of_ids(session: Session, ids: Collection[int]) -> list[CatalogueEntry]:
    """Give comparisons by their ids, in that order, by three statements; what is gone is left out."""
    rows = session.exec(select(ComparisonRow).where(col(ComparisonRow.id).in_(ids))).all()
    of_tools = {tool_id for row in rows for tool_id in (row.tool_a_id, row.tool_b_id)}
    found = session.exec(select(ToolRow).where(col(ToolRow.id).in_(of_tools)))
    tools = {tool.id: tool_of(tool) for tool in found}
    outlined = {
        row.id: entry_of(
            row.id,
            Comparison(tools[row.tool_a_id], tools[row.tool_b_id], published_on=row.published_on),
            row.first_seen,
        )
        for row in rows
        if row.id is not None
    }
    return in_full(session, [outlined[one] for one in ids if one in outlined])


def count_since(session: Session, instant: datetime) -> int:
    """Count the comparisons that were first seen after an instant."""
    newer = select(func.count()).where(col(ComparisonRow.first_seen) > instant)
    return session.exec(newer).one()


def known_at(session: Session, instant: datetime) -> bool:
    """Say whether any comparison had been seen by then."""
    seen = select(ComparisonRow.id).where(col(ComparisonRow.first_seen) <= instant).limit(1)
    return session.exec(seen).first() is not None


def known_slugs(session: Session) -> KnownSlugs:
    """Give the slugs that came from addresses, with what their tools are known by."""
    rows = session.exec(
        select(ToolRow.slug, ToolRow.name, ToolRow.tagline).where(~col(ToolRow.provisional))
    )
    return KnownSlugs(Tool(slug, name, tagline=tagline) for slug, name, tagline in rows)


def _row(session: Session, wanted: str) -> ComparisonRow | None:
    if wanted.isdecimal():
        is_id = len(wanted) <= len(str(_LARGEST_ID)) and int(wanted) <= _LARGEST_ID
        return session.get(ComparisonRow, int(wanted)) if is_id else None
    words = wanted.casefold().split()
    pairs = [(words[0], words[1])] if len(words) == 2 else possible_pairs(wanted)  # noqa: PLR2004
    keys = [pair_key(one, two) for one, two in pairs]
    return session.exec(
        select(ComparisonRow).where(col(ComparisonRow.key).in_(keys)).order_by(ComparisonRow.key)
    ).first()


def _rows(session: Session, table: type[SQLModel], *names: str) -> Sequence[tuple[Any, ...]]:
    """Read columns instead of objects: for a whole catalogue that is several times cheaper."""
    columns = [getattr(table, name) for name in names]
    rows: Sequence[Any] = session.execute(sqlalchemy.select(*columns)).all()
    return rows


def _with_quotes(
    outlined: Iterable[CatalogueEntry], rows: Iterable[QuoteRow]
) -> list[CatalogueEntry]:
    grouped: dict[int, list[QuoteRow]] = {}
    for row in rows:
        grouped.setdefault(row.comparison_id, []).append(row)
    return [
        replace(
            outline,
            comparison=replace(outline.comparison, quotes=quotes_of(grouped.get(outline.id, ()))),
        )
        for outline in outlined
    ]
