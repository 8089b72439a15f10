"""What happened to an issue so far, and by whose word: as text for people and as plain values."""

from typing import Any

from newsletter.issues import life
from newsletter.issues.models import Issue
from newsletter.service import Service


def history_json(wired: Service, issue: Issue) -> list[dict[str, Any]]:
    """Give each step of an issue's life, and each remark about it, in order."""
    with wired.database.reading() as session:
        return [
            {
                "at": change.at,
                "event": change.event,
                "state": change.to_state,
                "actor": change.actor,
                "reason": change.reason,
            }
            for change in life.history(session, issue)
        ]


def history_lines(wired: Service, issue: Issue) -> list[str]:
    """Give the same as lines of text, with times in UTC."""
    return [
        f"{step['at']:%Y-%m-%d %H:%M} UTC  {step['event']} by {step['actor']}"
        + (f": {step['reason']}" if step["reason"] else "")
        for step in history_json(wired, issue)
    ]
