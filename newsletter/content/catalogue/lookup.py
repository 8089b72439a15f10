"""Reading the catalogue: all entries, one entry, the slugs that are known."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from newsletter.content.addresses import possible_pairs
from newsletter.content.catalogue.models import ComparisonRow, QuoteRow, ToolRow
from newsletter.content.catalogue.rows import comparison_of, entry_of
from newsletter.content.comparison import CatalogueEntry, Tool, pair_key
from newsletter.content.pages.identity import KnownSlugs

_LARGEST_ID = 2**31 - 1  # what an integer column holds; beyond it PostgreSQL raises an error


def entries(session: Session) -> list[CatalogueEntry]:
    """Give all comparisons in the order of their keys, by three statements however many."""
    rows = session.exec(select(ComparisonRow)).all()
    tools = {tool.id: tool for tool in session.exec(select(ToolRow)).all()}
    quotes = _by_comparison(session.exec(select(QuoteRow)).all())
    # Sorted here, for the two databases disagree about the order of blanks and hyphens.
    return [
        entry_of(
            row,
            comparison_of(
                row, tools[row.tool_a_id], tools[row.tool_b_id], quotes.get(row.id or 0, ())
            ),
        )
        for row in sorted(rows, key=lambda row: row.key)
    ]


def entry(session: Session, key_or_id: str | int) -> CatalogueEntry | None:
    """Find one comparison by its id, its key, its page address, or ``<slug-a>-vs-<slug-b>``."""
    row = _row(session, str(key_or_id).strip())
    return None if row is None else read_entry(session, row)


def read_entry(session: Session, row: ComparisonRow) -> CatalogueEntry:
    """Give the entry of a row."""
    tools = {
        tool.id: tool
        for tool in session.exec(
            select(ToolRow).where(col(ToolRow.id).in_((row.tool_a_id, row.tool_b_id)))
        )
    }
    quotes = session.exec(select(QuoteRow).where(QuoteRow.comparison_id == row.id)).all()
    return entry_of(row, comparison_of(row, tools[row.tool_a_id], tools[row.tool_b_id], quotes))


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
        number = int(wanted)
        return session.get(ComparisonRow, number) if number <= _LARGEST_ID else None
    words = wanted.casefold().split()
    pairs = [(words[0], words[1])] if len(words) == 2 else possible_pairs(wanted)  # noqa: PLR2004
    keys = [pair_key(one, two) for one, two in pairs]
    return session.exec(
        select(ComparisonRow).where(col(ComparisonRow.key).in_(keys)).order_by(ComparisonRow.key)
    ).first()


def _by_comparison(rows: Sequence[QuoteRow]) -> dict[int, list[QuoteRow]]:
    grouped: dict[int, list[QuoteRow]] = {}
    for row in rows:
        grouped.setdefault(row.comparison_id, []).append(row)
    return grouped
