"""Which stored comparison a reading is: by slugs, else by the only one that it may be, else new."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from newsletter.content.catalogue.lookup import read_entry
from newsletter.content.catalogue.matching import fits, swapped
from newsletter.content.catalogue.models import ComparisonRow, ToolRow
from newsletter.content.catalogue.tool_rows import id_of, rows_for
from newsletter.content.comparison import Comparison, pair_key


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading belongs: the row of its comparison, and itself turned to the row's sides."""

    row: ComparisonRow
    reading: Comparison
    is_new: bool = False


def place_for(session: Session, reading: Comparison, *, now: datetime) -> Place:
    """Find the stored comparison that this is, or add one; its facts are merged in afterwards."""
    return _find(session, reading) or _find_or_add(session, reading, now=now)


def _find(session: Session, reading: Comparison) -> Place | None:
    """Find the stored comparison by what is read.

    The pair of slugs decides; where slugs are provisional, the only one that it may be.
    """
    named_alike = [
        (row, read_entry(session, row).comparison) for row in _named_alike(session, reading)
    ]
    candidates = [
        Place(row, turned)
        for row, stored in named_alike
        for turned in (reading, swapped(reading))
        if fits(stored, turned)
    ]
    same_key = [place for place in candidates if place.row.key == reading.key]
    if same_key:
        return same_key[0]
    return candidates[0] if len({place.row.id for place in candidates}) == 1 else None


def _named_alike(session: Session, reading: Comparison) -> list[ComparisonRow]:
    """Give the stored comparisons of tools with these slugs or names, either way round."""
    tools = (reading.tool_a, reading.tool_b)
    slugs, names = [tool.slug for tool in tools], [tool.name for tool in tools]
    a, b = aliased(ToolRow), aliased(ToolRow)
    rows = session.exec(
        select(ComparisonRow)
        .join(a, col(ComparisonRow.tool_a_id) == a.id)
        .join(b, col(ComparisonRow.tool_b_id) == b.id)
        .where(or_(col(a.slug).in_(slugs), col(a.name).in_(names)))
        .where(or_(col(b.slug).in_(slugs), col(b.name).in_(names)))
        .order_by(col(ComparisonRow.id))
    )
    return list(rows)


def _find_or_add(session: Session, reading: Comparison, *, now: datetime) -> Place:
    """Find or add the pair of its tools' rows: their slugs may have got numbers."""
    tool_a, tool_b = rows_for(session, reading, now=now)
    key = pair_key(tool_a.slug, tool_b.slug)
    known = session.exec(select(ComparisonRow).where(ComparisonRow.key == key)).first()
    if known is not None:
        return Place(known, reading if known.tool_a_id == tool_a.id else swapped(reading))
    row = ComparisonRow(
        key=key,
        tool_a_id=id_of(tool_a),
        tool_b_id=id_of(tool_b),
        first_seen=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return Place(row, reading, is_new=True)
