"""The places at which the product can be killed, found by reading its source."""

import re
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "newsletter"

_CALL = re.compile(r'faults\.point\("([^"]+)"\)')


@cache
def product_points() -> tuple[str, ...]:
    """Give the names of all places; one that somebody adds appears by itself."""
    return points_in(*SOURCE.rglob("*.py"))


def points_in(*files: Path) -> tuple[str, ...]:
    """Give the names of the places in some files."""
    found = {name for file in files for name in _CALL.findall(file.read_text())}
    return tuple(sorted(found))
