"""How often the links of an issue were followed, read from the counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from newsletter.clicks.models import LinkClicks
from newsletter.clicks.rules import Verdict
from newsletter.clicks.tracked import content_links
from newsletter.issues import frozen
from newsletter.issues.models import Issue


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """In how many copies a link was followed.

    Attributes:
        words: what the link says.
        link: its address.
        human: by a person, as far as the evidence goes.
        machine: by a filter or another program.
        unknown: by one or the other.
    """

    words: str
    link: str
    human: int
    machine: int
    unknown: int


def of_issue(session: Session, issue: Issue) -> Sequence[LinkFigures] | None:
    """Give the figures of every link that is counted, in the order of the letter.

    Returns:
        None when the clicks of this issue are not counted, or this release cannot read it.
    """
    view = frozen.readable(issue) if issue.tracks_clicks else None
    if view is None:
        return None
    rows = session.exec(select(LinkClicks).where(LinkClicks.issue_number == issue.number))
    counted = {(row.link, row.verdict): row.copies for row in rows}
    return [
        LinkFigures(
            words, link, **{each.value: counted.get((link, each.value), 0) for each in Verdict}
        )
        for link, words in content_links(view).items()
    ]
