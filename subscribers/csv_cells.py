"""Cells in both directions: formulas are kept from running, and several names share a cell."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

_BEGINNING = r"'*[=+\-@\t\r＝＋－＠]"
_FORMULA = re.compile(_BEGINNING)
_GUARDED = re.compile(f"'{_BEGINNING}")
_FORMULA_WITHIN = re.compile(f";(?={_BEGINNING})")
_GUARDED_WITHIN = re.compile(f";'(?={_BEGINNING})")
_SEPARATORS = re.compile("[,;]")
_LIST = "["


def guard(cell: str) -> str:
    """Put an apostrophe before what begins like a formula: a cell, or what a semicolon makes one.

    A spreadsheet of half of Europe divides every file at semicolons when it is opened, and some
    take the wide signs of Chinese and Japanese for the narrow ones.
    """
    cell = _FORMULA_WITHIN.sub(";'", cell)
    return f"'{cell}" if _FORMULA.match(cell) else cell


def write_table(
    file: TextIO,
    header: Iterable[str],
    rows: Iterable[Iterable[str]],
    *,
    progress: Callable[[int], object],
) -> int:
    """Write a header and rows of cells as CSV, each cell guarded, one row after the other.

    Args:
        file: opened with ``newline=""`` and UTF-8.
        header: names of the columns.
        rows: the cells of each.
        progress: told of each row that was written.

    Returns:
        How many rows there were.
    """
    writer = csv.writer(file)
    writer.writerow(header)
    written = 0
    for row in rows:
        writer.writerow([guard(cell) for cell in row])
        written += 1
        progress(1)
    return written


def unguard(cell: str) -> str:
    """Take off the apostrophes that ``guard`` put there; other cells stay as they are."""
    cell = _GUARDED_WITHIN.sub(";", cell)
    return cell[1:] if _GUARDED.match(cell) else cell


def write_names(names: Sequence[str]) -> str:
    """Put names into one cell as people would, with commas; as a JSON list where that misleads."""
    misleading = any(_SEPARATORS.search(name) or name.startswith(_LIST) for name in names)
    return json.dumps(names, ensure_ascii=False) if misleading else ",".join(names)


def read_names(cell: str) -> list[str]:
    """Read the names in a cell, with commas or semicolons between them, or as a JSON list."""
    if cell.startswith(_LIST):
        try:
            return [name for name in json.loads(cell) if isinstance(name, str)]
        except (ValueError, RecursionError):
            return []
    return _SEPARATORS.split(cell)
