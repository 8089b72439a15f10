"""Importing: every document is read and kept by itself, and the report says what became of it."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from newsletter.content.catalogue import extracts
from newsletter.content.catalogue.lookup import known_slugs
from newsletter.content.catalogue.merging import Conflict
from newsletter.content.catalogue.store import Saved, UnknownTool, save, save_tool_page
from newsletter.content.comparison import Comparison
from newsletter.content.pages.documents import Document
from newsletter.content.pages.reading import Reading, read
from newsletter.content.refusals import Refusal

SessionScope = Callable[[], AbstractContextManager[Session]]
"""Opens a session and commits it at the end, such as ``database.writing``."""

_AT_ONCE = 10

_CONTRADICTORY = (
    "cannot stand beside what is stored, so nothing of it was kept; check the address of the page, "
    "and that of each stored comparison of its tools, and import it again"
)


@dataclass(frozen=True, slots=True)
class SourcedConflict:
    """A conflict, and the source of the newer value."""

    source: str
    conflict: Conflict


@dataclass(slots=True)
class ImportReport:
    """What became of everything that was handed in.

    Attributes:
        added: comparisons and tools that were new.
        filled: known ones that were changed: gaps filled, or values replaced by newer ones.
        unchanged: known ones that said nothing new.
        refused: what was not imported, each with its reason.
        conflicts: each value that was replaced by a newer one.
    """

    added: int = 0
    filled: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    conflicts: list[SourcedConflict] = field(default_factory=list)

    def count(self, source: str, saved: Saved) -> None:
        """Enter what became of one reading."""
        match saved.result:
            case "added":
                self.added += 1
            case "filled" | "conflicting":
                self.filled += 1
            case "unchanged":
                self.unchanged += 1
        self.conflicts += [SourcedConflict(source, conflict) for conflict in saved.conflicts]

    def as_json(self) -> dict[str, Any]:
        """Give the form that ``content import --json`` prints."""
        return {
            "added": self.added,
            "filled": self.filled,
            "unchanged": self.unchanged,
            "refused": [{"source": one.source, "reason": str(one)} for one in self.refused],
            "conflicts": [_conflict_as_json(one) for one in self.conflicts],
        }


def import_documents(
    session_scope: SessionScope,
    documents: Iterable[Document | Refusal],
    *,
    now: datetime,
    address: str | None = None,
) -> ImportReport:
    """Import documents, each in its own session, so that one that fails takes none with it.

    Args:
        session_scope: opens a session for each document and commits it.
        documents: refusals among them are what could not be got; they enter the report.
        now: becomes the first-seen instant of what is new.
        address: the page address of the only document, as the operator claims it.
    """
    report = ImportReport()
    for document in documents:
        if isinstance(document, Refusal):
            report.refused.append(document)
        else:
            _import(session_scope, document, report, now=now, address=address)
    return report


def _import(
    session_scope: SessionScope,
    document: Document,
    report: ImportReport,
    *,
    now: datetime,
    address: str | None,
) -> None:
    try:
        outcomes = _keep(session_scope, document, now=now, address=address)
    except IntegrityError:
        # Another process stored the same comparison between our look and our write; look again.
        outcomes = _keep_or_refuse(session_scope, document, now=now, address=address)
    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            report.refused.append(outcome)
        else:
            report.count(document.source, outcome)
    _extract(session_scope, [one for one in outcomes if isinstance(one, Saved)], now=now)


def _keep_or_refuse(
    session_scope: SessionScope, document: Document, *, now: datetime, address: str | None
) -> list[Saved | Refusal]:
    try:
        return _keep(session_scope, document, now=now, address=address)
    except IntegrityError:
        return [Refusal(document.source, _CONTRADICTORY)]


def _keep(
    session_scope: SessionScope, document: Document, *, now: datetime, address: str | None
) -> list[Saved | Refusal]:
    with session_scope() as session:
        readings = read(document, address=address, known_slugs=known_slugs(session))
        return [_save(session, document, reading, now=now) for reading in readings]


def _save(
    session: Session, document: Document, reading: Reading | Refusal, *, now: datetime
) -> Saved | Refusal:
    if isinstance(reading, Refusal):
        return reading
    if isinstance(reading, Comparison):
        return save(session, reading, now=now)
    try:
        return save_tool_page(session, reading, now=now)
    except UnknownTool as error:
        return Refusal(document.source, str(error))


def _extract(session_scope: SessionScope, saved: Sequence[Saved], *, now: datetime) -> None:
    """Store what can be quoted from what was kept, in short transactions of their own.

    Reading reviews takes several milliseconds a comparison, and SQLite has one writer: a document
    of a thousand would keep an unsubscribe waiting. What a crash leaves out, a build makes good.
    """
    entries = [one.entry for one in saved if one.entry is not None]
    for start in range(0, len(entries), _AT_ONCE):
        with session_scope() as session:
            extracts.fresh(session, entries[start : start + _AT_ONCE], now=now)


def _conflict_as_json(one: SourcedConflict) -> dict[str, Any]:
    old, new = (
        value.isoformat() if isinstance(value, date) else value
        for value in (one.conflict.old, one.conflict.new)
    )
    return {"source": one.source, "field": one.conflict.field, "old": old, "new": new}
