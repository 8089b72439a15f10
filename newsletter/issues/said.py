"""Everything that editors said and a build uses, as one flat value: compared, kept, and put back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlmodel import Session, select

from newsletter.issues.models import ComparisonWording, EditorMark, IssueWording

Said = Mapping[str, list[Any]]
"""By name: "mark 12" is [kind, place], "issue subject" and "card 12 verdict" are [text, own words]."""

Change = Mapping[str, list[Any] | None]
"""The same, and None where nothing is said."""


def everything(session: Session, number: int) -> Said:
    """Read what editors said of comparisons, and of one issue; by three statements.

    Args:
        session: the open transaction.
        number: of the issue.
    """
    marks = session.exec(select(EditorMark)).all()
    words = session.exec(select(IssueWording).where(IssueWording.issue_number == number)).all()
    cards = session.exec(select(ComparisonWording)).all()
    return {
        **{f"mark {row.comparison_id}": [row.kind, row.position] for row in marks},
        **{f"issue {row.part}": [row.text, False] for row in words},
        **{f"card {row.comparison_id} {row.part}": [row.text, row.own_words] for row in cards},
    }


def changed(before: Said, after: Said) -> tuple[Change, Change]:
    """Give what differs, as it was and as it is."""
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def holds(said: Said, change: Change) -> bool:
    """Say whether everything is still as a change has left it."""
    return all(said.get(name) == value for name, value in change.items())


def put_back(session: Session, number: int, change: Change, *, now: datetime, actor: str) -> None:
    """Let editors have said this again, word for word, or nothing where there is None.

    It was usable when it was said; whether it still is, the build and preflight find out.
    """
    for name, value in change.items():
        row = _row(name, value or ["", None], number, now=now, actor=actor)
        if value is not None:
            session.merge(row)
        elif stored := session.get(type(row), inspect(type(row)).primary_key_from_instance(row)):
            session.delete(stored)
    session.flush()


def _row(
    name: str, value: list[Any], number: int, *, now: datetime, actor: str
) -> EditorMark | IssueWording | ComparisonWording:
    kind, *of = name.split()
    first, second = value
    match kind:
        case "mark":
            return EditorMark(
                comparison_id=int(of[0]), kind=first, position=second, made_at=now, made_by=actor
            )
        case "issue":
            return IssueWording(
                issue_number=number, part=of[0], text=first, made_at=now, made_by=actor
            )
        case _:
            return ComparisonWording(
                comparison_id=int(of[0]),
                part=of[1],
                text=first,
                own_words=bool(second),
                made_at=now,
                made_by=actor,
            )
