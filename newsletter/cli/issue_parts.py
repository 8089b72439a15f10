"""When an issue leaves, in which waves, stages and editions: as text for people and as plain values."""

from typing import Any

from newsletter.delivery import books
from newsletter.delivery.books import Share
from newsletter.delivery.ramp import Stage
from newsletter.issues.models import Issue
from newsletter.service import Service
from schedules.windows import Window, instant_in


def parts_json(wired: Service, issue: Issue) -> dict[str, Any]:
    """Give times, waves, stages and editions of an issue; none when all get the same at once."""
    with wired.database.reading() as session:
        waves = books.waves(session, issue.number)
        stages = books.stages(session, issue.number)
        editions = books.editions(session, issue.number)
    return {
        "not_before": issue.not_before,
        "not_after": issue.not_after,
        "waves": [{"at": at, **_counts(share)} for at, share in waves.items()],
        "stages": [
            {"number": number, "name": Stage(number).name.lower(), **_counts(share)}
            for number, share in stages.items()
        ],
        "editions": [
            {"number": number, "kind": kind, **_counts(share)}
            for (number, kind), share in editions.items()
        ],
    }


def parts_lines(wired: Service, issue: Issue) -> list[str]:
    """Give the same as lines of text, with times in the newsletter's zone and in UTC."""
    parts = parts_json(wired, issue)
    return [
        *span_lines(wired.window, issue),
        *(
            f"wave       {instant_in(wired.window, wave['at'])}  {_said(wave)}"
            for wave in parts["waves"]
        ),
        *(f"stage      {stage['name']}  {_said(stage)}" for stage in parts["stages"]),
        *(
            f"edition    {edition['number']} ({edition['kind']})  {_said(edition)}"
            for edition in parts["editions"]
        ),
    ]


def span_lines(window: Window, issue: Issue) -> list[str]:
    """Say between which instants an issue may leave; nothing when at any time."""
    ends = (("not before", issue.not_before), ("not after", issue.not_after))
    return [f"{word:<10} {instant_in(window, at)}" for word, at in ends if at is not None]


def _counts(share: Share) -> dict[str, Any]:
    return {"copies": share.copies, "done": share.done, "state": share.state}


def _said(part: dict[str, Any]) -> str:
    done = f", {part['done']} of them done" if part["state"] == "leaving" else ""
    return f"{part['state']}: {part['copies']} copies{done}"
