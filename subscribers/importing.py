"""Bringing a list in from a file; who has left or is suppressed stays away, whatever the file says."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

from sqlmodel import Session

from subscribers import import_log
from subscribers.address import Address, mask
from subscribers.csv_reading import Line, Table
from subscribers.errors import InvalidAddress, RefusedLine
from subscribers.import_chunk import ImportTerms, settle
from subscribers.import_report import LineReport, Outcome
from subscribers.import_rows import Row, read_row, stated_state
from subscribers.states import ON_THE_LIST, State

CHUNK = 1000

NO_CONSENT = (
    "nobody stated that this person agreed: say where and how they did, or leave the line out"
)


def import_table(session: Session, table: Table, terms: ImportTerms) -> Iterator[LineReport]:
    """Bring a file in, reporting line by line; holds at most CHUNK lines at a time.

    The caller's transaction makes it all or nothing, so walk it to its end before committing. The
    same file twice is the same as once. Of an address that occurs several times the strictest
    state counts; what is known about a person already is never overwritten, only added to.

    Raises:
        ImportUnderWay: when another one has not ended.
    """
    pending = _pending_keys(table)
    entry = import_log.begin(session, terms.ref, consent=terms.consent or "", now=terms.now)
    counts: Counter[Outcome] = Counter()
    for chunk in _chunks(table, terms, pending):
        rows = [line for line in chunk if isinstance(line, Row)]
        refused = [line for line in chunk if isinstance(line, LineReport)]
        settled = settle(session, rows, terms, entry.number)
        counts.update(report.outcome for report in (*refused, *settled))
        yield from sorted([*refused, *settled], key=attrgetter("line"))
    import_log.end(session, entry, counts)


def rehearse(session: Session, table: Table, terms: ImportTerms) -> Iterator[LineReport]:
    """Do all that ``import_table`` does, report it, and take it back; needs a writing session."""
    savepoint = session.begin_nested()
    try:
        yield from import_table(session, table, terms)
    finally:
        savepoint.rollback()


def _pending_keys(table: Table) -> frozenset[str]:
    """Collect who is still unconfirmed somewhere in the file.

    All stricter states win by themselves, in whatever order the lines come; only this one would
    lose against an active line of the same address.
    """
    keys = set()
    for line in table.lines():
        try:
            if stated_state(line) == State.PENDING:
                keys.add(Address.parse(line.cells.get("email", "")).key)
        except (RefusedLine, InvalidAddress):
            continue  # reported in the second walk
    return frozenset(keys)


def _chunks(
    table: Table, terms: ImportTerms, pending: frozenset[str]
) -> Iterator[list[Row | LineReport]]:
    """Cut the file into pieces in which no address and no public id occurs twice."""
    chunk: list[Row | LineReport] = []
    seen: set[str] = set()
    for line in table.lines():
        read = _read(line, terms, pending)
        names = _names(read)
        if len(chunk) == CHUNK or not seen.isdisjoint(names):
            yield chunk
            chunk, seen = [], set()
        chunk.append(read)
        seen |= names
    yield chunk


def _names(read: Row | LineReport) -> set[str]:
    if isinstance(read, LineReport):
        return set()
    return {read.address.key, read.public_id or read.address.key}


def _read(line: Line, terms: ImportTerms, pending: frozenset[str]) -> Row | LineReport:
    try:
        row = read_row(line)
    except (RefusedLine, InvalidAddress) as error:
        return _refused(line, str(error))
    if row.state not in ON_THE_LIST:
        return row
    if row.address.key in pending:
        return replace(row, state=State.PENDING)
    if terms.consent is None:
        return _refused(line, NO_CONSENT)
    return row


def _refused(line: Line, reason: str) -> LineReport:
    shown = mask(line.cells.get("email", ""))
    return LineReport(line.number, shown, Outcome.REFUSED, reason=reason)
