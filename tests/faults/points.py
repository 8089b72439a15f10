"""The places at which the product can be killed, found by reading its source."""

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from tests.faults.trials import Kind

SOURCE = Path(__file__).parents[2] / "newsletter"

_OF_WORKERS, _OF_WEBHOOKS = ("enqueue.", "job.", "sweep."), ("fold.", "webhook.")
_OF_PERSONS = "rebuild."
"""After a backup was put back, which no trial does: ``test_scenarios`` kills there."""

_CALL = re.compile(r'faults\.point\("([^"]+)"\)')


@cache
def product_points() -> tuple[str, ...]:
    """Give the names of all places; one that somebody adds appears by itself."""
    return points_in(*SOURCE.rglob("*.py"))


def reachable(kinds: Collection[Kind]) -> list[str]:
    """Give the names of the places that trials can reach on these databases."""
    played = (point for point in product_points() if not point.startswith(_OF_PERSONS))
    return [point for point in played if "postgresql" in kinds or not by_workers(point)]


def by_workers(point: str | None) -> bool:
    """Say whether only workers come to a place."""
    return (point or "").startswith(_OF_WORKERS)


def by_webhooks(point: str | None) -> bool:
    """Say whether only what the provider tells leads to a place."""
    return (point or "").startswith(_OF_WEBHOOKS)


def points_in(*files: Path) -> tuple[str, ...]:
    """Give the names of the places in some files."""
    found = {name for file in files for name in _CALL.findall(file.read_text())}
    return tuple(sorted(found))
