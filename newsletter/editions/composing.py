"""An edition's view: put together from match-ups as they were frozen, and counted anew."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from newsletter.editions.choosing import Choice
from newsletter.editions.shelf import Shelf
from newsletter.rendering.issue_view import edition_view
from newsletter.rendering.views import Card, IssueView, Row


def composed(
    issue: IssueView, choice: Choice, earlier: Mapping[int, int], shelf: Shelf
) -> IssueView:
    """Compose an edition of an issue.

    Args:
        issue: the issue under whose number it leaves, as it is frozen.
        choice: what goes in.
        earlier: by comparison (row id), the number of the earlier issue that holds it.
        shelf: where those issues are.
    """
    return edition_view(issue, choice.kind, tuple(_match_ups(issue, choice, earlier, shelf)))


def _match_ups(
    issue: IssueView, choice: Choice, earlier: Mapping[int, int], shelf: Shelf
) -> Iterator[Row]:
    """Give the match-ups in the order of the letter; those of earlier issues have had their poll."""
    here = {row.entry_id: _placed(row, at) for at, row in enumerate(issue.match_ups, start=1)}
    for comparison_id in choice.items:
        if comparison_id in here:
            yield here[comparison_id]
        elif found := shelf.match_up(earlier[comparison_id], comparison_id):
            yield replace(found, is_open=False) if isinstance(found, Card) else found


def _placed(row: Row, place: int) -> Row:
    """Keep its place in the whole issue, by which votes name it."""
    return replace(row, place=place) if isinstance(row, Card) else row
