"""Counts become what may be told of them: a share, once enough have voted. Pure."""

from newsletter.rendering.views import Share
from newsletter.votes import rules
from newsletter.votes.rules import Tally


def told(tally: Tally, *, at_least: int) -> Share | None:
    """Give the share with the counts behind it, or None below the minimum.

    Args:
        tally: the counts.
        at_least: from how many votes for one of the two on a share means something.
    """
    shares = rules.share(tally, at_least=at_least)
    return Share(shares.a, shares.b, tally.decided, tally.neither) if shares else None
