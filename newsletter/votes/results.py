"""What the readers of each issue answered, for the site that asked: counts, and shares of enough."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, TextIO

from sqlmodel import Session

from newsletter.content.catalogue import lookup
from newsletter.issues import store
from newsletter.votes import storage
from newsletter.votes.closing import closed
from newsletter.votes.rules import Tally, share


@dataclass(frozen=True, slots=True)
class Result:
    """The votes on one match-up of one issue.

    Attributes:
        slug_a: the left tool, as the catalogue has it today.
        slug_b: the right tool.
        issue: number of the issue.
        open: whether votes are still taken.
        votes_a: how many would ship the left tool.
        votes_b: how many would ship the right tool.
        neither: how many would ship neither.
        share_a: in whole percent; None while too few have voted, or while the poll is open.
        share_b: what the left tool's share leaves of 100.
    """

    slug_a: str
    slug_b: str
    issue: int
    open: bool
    votes_a: int
    votes_b: int
    neither: int
    share_a: int | None
    share_b: int | None

    def as_json(self) -> dict[str, Any]:
        """Give plain values."""
        return asdict(self)


def results(session: Session, *, at_least: int, now: datetime) -> Iterator[Result]:
    """Give the result of every match-up that was mailed, oldest issue first, in its order.

    Args:
        session: a reading session.
        at_least: from how many votes on a share means something.
        now: aware.
    """
    entries = {outline.id: outline.comparison for outline in lookup.outlines(session)}
    issues = list(reversed(store.published(session)))
    numbers = [issue.number for issue in issues]
    ended, everything = closed(session, numbers, now), storage.tallies(session, numbers)
    for issue in issues:
        counted, is_open = everything.get(issue.number, {}), issue.number not in ended
        for item in store.items(session, issue):
            comparison, votes = (
                entries[item.comparison_id],
                counted.get(item.comparison_id, Tally()),
            )
            shares = None if is_open else share(votes, at_least=at_least)
            yield Result(
                comparison.tool_a.slug, comparison.tool_b.slug, issue.number, is_open,
                votes.a, votes.b, votes.neither,
                shares.a if shares else None, shares.b if shares else None,
            )  # fmt: skip


def write_csv(found: Iterable[Result], file: TextIO) -> None:
    """Write results as CSV; what is unknown is an empty cell."""
    writer = csv.DictWriter(file, [field.name for field in fields(Result)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(result.as_json() for result in found)
