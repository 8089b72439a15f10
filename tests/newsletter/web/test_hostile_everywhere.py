"""Whatever words stand in rows, whoever put them there, are text on every page that is there."""

from typing import Any

import pytest
from sqlalchemy import Column, Enum, String, update
from sqlalchemy.sql.sqltypes import TypeDecorator
from sqlmodel import SQLModel, func

import newsletter.tables  # noqa: F401  # all of them
from newsletter.content.catalogue.store import save
from newsletter.content.comparison import Comparison, Quote
from newsletter.editors import mailboxes
from newsletter.editors.acts import COMMAND
from newsletter.editors.roles import Role
from newsletter.issues.models import Issue
from newsletter.preflight import kept
from newsletter.rendering.checks import Finding
from newsletter.service import Service
from subscribers.address import Address
from tests.factories import MONDAY, SEEN, add_subscribers, make_tool
from tests.newsletter.web.editing import signed_in
from tests.newsletter.web.routes import doors

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

EVIL = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>"
RAW = ("<script>alert", "<img src=x", "onerror='")
FREE = frozenset(
    {"name", "reason", "note", "detail", "subject", "preheader", "actor", "source", "label",
     "feedback_reason", "event", "consent", "tagline", "description", "passed_over_reason"}
)  # fmt: skip
"""Columns that hold what somebody wrote, or what a newer release may write."""


def evil_comparison(number: int) -> Comparison:
    left, right = (
        make_tool(f"evil-{number}-{side}", name=f"{side} {EVIL}", tagline=EVIL, category=EVIL)
        for side in ("left", "right")
    )
    quotes = [Quote(side, at, f"It {EVIL} works.") for at in (1, 2) for side in ("a", "b")]
    return Comparison(left, right, tuple(quotes))


def written(service: Service) -> dict[str, str]:
    """Fill the rooms with it; say what the gaps of addresses are."""
    with service.database.writing() as session:
        [reader] = add_subscribers(session, 1)
        reader.topics, reader.tags, reader.locale = [EVIL], [EVIL], "en"
        session.add(reader)
        person = reader.public_id
        save(session, evil_comparison(1), now=SEEN)
    left = service.desk.build(service.desk.slots.next(), actor=EVIL)
    service.desk.send(left.number, actor=EVIL)
    later = service.as_of(lambda: MONDAY.replace(day=MONDAY.day + 7))
    with service.database.writing() as session:
        save(session, evil_comparison(2), now=later.clock())
    draft = later.desk.build(later.desk.slots.next(), actor=EVIL)
    with service.database.writing() as session:
        mailboxes.add(session, Address.parse("box@desk.example"), actor=COMMAND, now=MONDAY)
        for number in (left.number, draft.number):
            issue = session.get(Issue, number)
            assert issue is not None
            kept.keep(session, issue, [Finding(EVIL, "hold", EVIL, EVIL)], now=MONDAY)
    return {"public_id": person, "left": str(left.number), "draft": str(draft.number)}


def holds_words(column: Column[Any]) -> bool:
    """Whether anything can stand there; what is one of a few codes is refused by the model."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    is_text = isinstance(kind, String) and not isinstance(kind, Enum)
    return column.name in FREE and is_text and not column.primary_key


def poison(service: Service) -> int:
    """Put it into every column of words there is; say into how many."""
    columns = [
        column
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if holds_words(column)
    ]
    with service.database.writing() as session:
        for column in columns:
            words = func.coalesce(column, "") + EVIL
            session.execute(update(column.table).values({column.name: words}))
    return len(columns)


def test_it_is_text_on_every_page_of_readers_and_of_editors(service):
    gaps = written(service)
    assert poison(service) > 20
    owner = signed_in(service, Role.OWNER)
    known = {"public_id": gaps["public_id"], "word": "hold"}
    paths = {
        door.filled(number=number, **known)
        for door in doors("GET")
        for number in (gaps["left"], gaps["draft"])
    }

    shown = set()
    for path in sorted(paths):
        answer = owner.get(path)
        assert answer.status_code < 500, path
        if "html" in answer.headers.get("content-type", ""):
            assert not [raw for raw in RAW if raw in answer.text], path
            if "alert(1)" in answer.text:
                shown.add(path)
    assert len(shown) > 12
