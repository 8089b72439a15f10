"""What ``issue report`` says of the time since an issue left: who left by it, what was clicked."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from newsletter.clicks.figures import LinkFigures, of_issue
from newsletter.figures.goodbyes import Goodbyes, goodbyes
from newsletter.figures.issues import newest_while
from newsletter.issues.models import Issue
from newsletter.service import Service


def as_json(wired: Service, issue: Issue) -> dict[str, Any]:
    """Give it as plain values; clicks are None where they are not counted."""
    left, clicks = _read(wired, issue)
    return {
        "left": {"by_link": left.by_link, "otherwise": left.otherwise},
        "clicks": None if clicks is None else [asdict(one) for one in clicks],
    }


def as_lines(wired: Service, issue: Issue) -> list[str]:
    """Give it as lines of text; none where there is nothing to say."""
    left, clicks = _read(wired, issue)
    ways = [f"{count} {way}" for way, count in left.by_link.items()]
    ways += [f"{count} {way}, while it was the newest" for way, count in left.otherwise.items()]
    return [
        *(["left       " + "; ".join(ways)] if ways else []),
        *(
            f"clicks     {one.human} human, {one.unknown} unknown, {one.machine} machine: {one.words}"
            for one in clicks or ()
        ),
    ]


def _read(wired: Service, issue: Issue) -> tuple[Goodbyes, Sequence[LinkFigures] | None]:
    with wired.database.reading() as session:
        span = newest_while(session, issue)
        if span is None:
            return Goodbyes(), None
        return goodbyes(session, {issue.number: span})[issue.number], of_issue(session, issue)
