"""What the block of an earlier issue's votes has to say, word by word. Pure.

The templates have these words too; a letter that is right shows that both agree.
"""

from collections.abc import Sequence

from newsletter.rendering.dates import long_date
from newsletter.rendering.views import VoteResult

HEADED = "How you voted on issue "
"""What such a block begins with, before the issue's number."""


def heading(results: Sequence[VoteResult]) -> str:
    """Say on which issue was voted."""
    return f"{HEADED}{results[0].issue}"


def counted(results: Sequence[VoteResult]) -> str:
    """Say as of when it was counted, and what the percentages are of."""
    return (
        f"Counted on {long_date(results[0].counted_on)}; the percentages are of those who chose "
        "one of the two."
    )


def told(result: VoteResult) -> str:
    """Say how readers voted on a match-up, and what the panel thinks of it."""
    share = result.share
    votes = "1 vote" if share.votes == 1 else f"{share.votes} votes"
    neither = f"; {share.neither} more for neither" if share.neither else ""
    return (
        f"{votes}: {share.a}% for {result.tool_a}, {share.b}% for {result.tool_b}{neither}. "
        f"The panel: {_percent(result.panel_a)} for {result.tool_a}, "
        f"{_percent(result.panel_b)} for {result.tool_b}."
    )


def _percent(panel: int | None) -> str:
    return "no verdict yet" if panel is None else f"{panel}%"
