"""Which links of an issue may be counted: those to its match-ups, and no others. Pure.

It is a list of what may be, not of what may not: a link to leave, to vote or to one's preferences
can get into it by no change of a template.
"""

from collections.abc import Mapping

from newsletter.rendering.views import IssueView


def content_links(view: IssueView) -> Mapping[str, str]:
    """Give the addresses of an issue's match-ups in the order of the letter, each with its words."""
    return {row.url: row.title for row in view.match_ups}
