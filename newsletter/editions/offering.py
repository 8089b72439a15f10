"""What issues offer to wishes: each match-up with its topics, and with the names it is followed by."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from newsletter.content.addresses import provisional_slug
from newsletter.content.catalogue.models import ComparisonRow, ToolRow
from newsletter.content.catalogue.naming import named_tools
from newsletter.content.categories import group
from newsletter.editions.choosing import MatchUp
from newsletter.issues.models import IssueItem


class Offers:
    """The match-ups of issues by number, read when they are first asked for and then kept."""

    def __init__(self, session: Session) -> None:
        """Take the session to read with."""
        self._session = session
        self._known: dict[int, tuple[MatchUp, ...]] = {}

    def of(self, issue_number: int) -> tuple[MatchUp, ...]:
        """Give the match-ups of an issue, in its order."""
        if issue_number not in self._known:
            self._known[issue_number] = tuple(self._read(issue_number))
        return self._known[issue_number]

    def _read(self, issue_number: int) -> Iterator[MatchUp]:
        for comparison_id, *tools in self._session.execute(_items(issue_number)):
            names, categories = tools[:2], tools[2:]
            groups = filter(None, map(group, categories))
            slugs = (slug for name in names for slug in self._slugs(name))
            yield MatchUp(comparison_id, issue_number, frozenset(groups), frozenset(slugs))

    def _slugs(self, name: str) -> tuple[str, ...]:
        """Give every slug that means this tool: one name has many, and once had one made of it."""
        return *self._slugs_by_name.get(name.casefold(), ()), provisional_slug(name)

    @cached_property
    def _slugs_by_name(self) -> Mapping[str, tuple[str, ...]]:
        return {tool.name.casefold(): tool.slugs for tool in named_tools(self._session)}


def _items(issue_number: int) -> Any:
    a, b = aliased(ToolRow), aliased(ToolRow)
    return (
        select(
            col(IssueItem.comparison_id), col(a.name), col(b.name), col(a.category), col(b.category)
        )
        .join(ComparisonRow, col(ComparisonRow.id) == col(IssueItem.comparison_id))
        .join(a, col(a.id) == col(ComparisonRow.tool_a_id))
        .join(b, col(b.id) == col(ComparisonRow.tool_b_id))
        .where(col(IssueItem.issue_number) == issue_number)
        .order_by(col(IssueItem.position))
    )
