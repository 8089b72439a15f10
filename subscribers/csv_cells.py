"""One rule for both directions: cells that a spreadsheet would run as a formula get an apostrophe."""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guard(cell: str) -> str:
    """Put an apostrophe before a cell that begins like a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Take off the apostrophe that ``guard`` put there; other cells stay as they are."""
    return cell[1:] if _GUARDED.match(cell) else cell
