"""Extracts, stored beside their comparison: used only while extracting again would give the same.

An import stores them, and whoever uses a comparison makes good what is missing or stale: another
release, a tool renamed by another page, a damaged row. So a row is never wrong, at worst it is
made again.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Executable
from sqlmodel import Session, col, select

from newsletter.content import verdicts
from newsletter.content.catalogue.models import ExtractsRow
from newsletter.content.comparison import CatalogueEntry, Comparison
from newsletter.content.verdicts.extraction import Extracts, extract, first_unfaithful
from newsletter.database import insert_into


def rules_digest(folder: Path) -> str:
    """Hash the sources of the extraction, cues and all.

    A version raised by hand would be forgotten once, and a label that a new cue corrects would
    stay wrong; a digest also changes with a comment, which costs some milliseconds a comparison.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


# Read at import, when the code that runs and the files are the same.
RULES = rules_digest(Path(verdicts.__file__).parent)


def fresh(
    session: Session, entries: Collection[CatalogueEntry], *, now: datetime
) -> dict[int, Extracts]:
    """Give the extracts of comparisons by row id; what is missing or stale is made and stored.

    Args:
        session: where they are stored; one statement reads, at most one writes.
        entries: stored comparisons with their quotes.
        now: when new ones are made.
    """
    found = known(session, entries)
    missing = [entry for entry in entries if entry.id not in found]
    made = {
        entry.id: (fingerprint(entry.comparison), extract(entry.comparison)) for entry in missing
    }
    if made:
        session.execute(_put(session, made, now))
    return found | {number: extracts for number, (_, extracts) in made.items()}


def known(session: Session, entries: Collection[CatalogueEntry]) -> dict[int, Extracts]:
    """Give the extracts that are stored and not stale, by row id; one statement, nothing written."""
    stored = _stored(session, [entry.id for entry in entries])
    read = {
        entry.id: _read(stored.get(entry.id), fingerprint(entry.comparison), entry.comparison)
        for entry in entries
    }
    return {number: extracts for number, extracts in read.items() if extracts is not None}


def fingerprint(comparison: Comparison, rules: str = RULES) -> str:
    """Hash what the extracts of a comparison are made of: names, reviews, and the rules.

    Args:
        comparison: its numbers, slugs and descriptions do not count.
        rules: digest of the extraction's code and cues.
    """
    names = [comparison.tool_a.name, comparison.tool_b.name]
    reviews = [[one.side, one.position, one.complete, one.text] for one in comparison.quotes]
    return hashlib.sha256(json.dumps([rules, names, sorted(reviews)]).encode()).hexdigest()


def _stored(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    columns = select(ExtractsRow.comparison_id, ExtractsRow.fingerprint, ExtractsRow.body)
    rows = session.exec(columns.where(col(ExtractsRow.comparison_id).in_(ids)))
    return {comparison_id: (mark, body) for comparison_id, mark, body in rows}


def _read(row: tuple[str, str] | None, wanted: str, comparison: Comparison) -> Extracts | None:
    """Read a stored row, or give None when it is stale, damaged, or quotes what is not there."""
    if row is None or row[0] != wanted:
        return None
    try:
        extracts = Extracts.from_json(row[1])
    except ValidationError:
        return None
    return None if first_unfaithful(extracts.quotes, comparison) else extracts


def _put(session: Session, made: Mapping[int, tuple[str, Extracts]], now: datetime) -> Executable:
    """Insert or replace rows, in the order of their ids: two builds must not wait crosswise."""
    rows = [
        {"comparison_id": number, "fingerprint": mark, "body": extracts.as_json(), "made_at": now}
        for number, (mark, extracts) in sorted(made.items())
    ]
    insert = insert_into(session, ExtractsRow).values(rows)
    put: Executable = insert.on_conflict_do_update(
        index_elements=["comparison_id"],
        set_={name: insert.excluded[name] for name in ("fingerprint", "body", "made_at")},
    )
    return put
