"""What preflight found in an issue, by how grave it is, each with the way to its spot."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.preflight.kept import Kept
from newsletter.previews.spots import Spot, spot
from newsletter.rendering.checks import Finding

_LEVELS: Mapping[str, str] = {
    "block": "Keeps it from leaving",
    "hold": "Waits for an editor’s word",
    "note": "Told only",
}


class Found(NamedTuple):
    """A finding and the way to where it is."""

    finding: Finding
    spot: Spot | None


def by_level(issue: Issue, look: Kept) -> Mapping[str, Sequence[Found]]:
    """Give what a look found, gravest first, under words for each level.

    What was found in another letter than the present one has no spot: it may be somewhere else now.
    """
    found = list(_found(issue, look))
    levels = {
        words: [one for one in found if one.finding.level == level]
        for level, words in _LEVELS.items()
    }
    return {words: some for words, some in levels.items() if some}


def _found(issue: Issue, look: Kept) -> Iterator[Found]:
    view = frozen.readable(issue) if look.is_current else None
    text = frozen.rendered(issue).text
    for finding in look.findings:
        yield Found(finding, spot(finding, view, text) if view else None)
