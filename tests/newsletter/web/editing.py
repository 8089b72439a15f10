"""A browser that somebody of a role is signed in with, and what their pages say as text."""

import re
from html import unescape

from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import select

from newsletter.database import Database
from newsletter.editors.models import ActRow
from newsletter.editors.roles import Role
from newsletter.service import Service
from newsletter.web.app import create_app
from tests.newsletter.editors.people import secret_for


def signed_in(service: Service, role: Role) -> TestClient:
    client = TestClient(create_app(service), follow_redirects=False)
    client.cookies.set("editor", secret_for(service, role, f"{role}@desk.example"))
    return client


def words(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def noted(service: Service) -> list[tuple[str, str, str]]:
    """What the log says, without who and without signing in."""
    with service.database.reading() as session:
        rows = session.exec(select(ActRow).order_by("id")).all()
    ways_in = ("signed-in", "editor-added")
    return [(row.act, row.subject, row.detail) for row in rows if row.act not in ways_in]


def statements(database: Database, client: TestClient, path: str) -> int:
    """Count the statements of one page."""
    said: list[str] = []

    def hear(*args: object) -> None:
        said.append(str(args[2]))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)
    return len(said)
