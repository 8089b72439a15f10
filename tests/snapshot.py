"""Everything that a database holds, so that a test can say that nothing changed."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select

from newsletter.database import Database
from newsletter.tables import metadata

Snapshot = Mapping[str, Counter[str]]
"""The rows of each table, written out and counted."""


def snapshot(database: Database) -> Snapshot:
    """Read every row of every table."""
    with database.reading() as session:
        return {
            table.name: Counter(repr(tuple(row)) for row in session.execute(select(table)))
            for table in metadata.sorted_tables
        }


def changed(before: Snapshot, after: Snapshot) -> dict[str, int]:
    """Count the rows that came, went or are not the same, by table; empty when nothing did."""
    differing = {
        name: (before[name] - after[name]) + (after[name] - before[name]) for name in before
    }
    return {name: rows.total() for name, rows in differing.items() if rows}
