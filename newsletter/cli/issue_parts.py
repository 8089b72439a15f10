"""In which waves an issue leaves and in which editions, as text for people and as plain values."""

from datetime import datetime
from typing import Any

from newsletter.delivery import books
from newsletter.delivery.books import Share
from newsletter.issues.models import Issue
from newsletter.service import Service
from schedules.windows import Window


def parts_json(wired: Service, issue: Issue) -> dict[str, Any]:
    """Give waves and editions of an issue; none when everybody gets the same at once."""
    with wired.database.reading() as session:
        waves = books.waves(session, issue.number)
        editions = books.editions(session, issue.number)
    return {
        "waves": [{"at": at, **_counts(share)} for at, share in waves.items()],
        "editions": [
            {"number": number, "kind": kind, **_counts(share)}
            for (number, kind), share in editions.items()
        ],
    }


def parts_lines(wired: Service, issue: Issue) -> list[str]:
    """Give the same as lines of text, with times in the newsletter's zone and in UTC."""
    parts = parts_json(wired, issue)
    return [
        *(
            f"wave       {instant_in(wired.window, wave['at'])}  {_said(wave)}"
            for wave in parts["waves"]
        ),
        *(
            f"edition    {edition['number']} ({edition['kind']})  {_said(edition)}"
            for edition in parts["editions"]
        ),
    ]


def instant_in(window: Window, instant: datetime) -> str:
    """Write an instant as wall time with its zone, and in UTC beside it."""
    local = window.local(instant)
    return f"{local:%a %d %b %Y %H:%M} {window.zone}  ({instant:%Y-%m-%d %H:%M} UTC)"


def _counts(share: Share) -> dict[str, Any]:
    return {"copies": share.copies, "done": share.done, "state": share.state}


def _said(part: dict[str, Any]) -> str:
    done = f", {part['done']} of them done" if part["state"] == "leaving" else ""
    return f"{part['state']}: {part['copies']} copies{done}"
