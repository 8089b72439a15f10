"""Commands that meet a process which locks the same readers in another order."""

from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlmodel import Session, col, select
from typer.testing import CliRunner, Result

from newsletter.cli import app
from newsletter.database import Database
from subscribers import queries
from subscribers.models import Subscriber
from tests.factories import add_subscribers
from tests.newsletter.delivery.at_once import beside


def test_an_import_that_locks_readers_against_the_order_of_a_claim_is_tried_once_more(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that occurs twice begins a new piece of the file, and each piece locks its own."""
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("NEWSLETTER_DATABASE_URL", url)
    monkeypatch.setenv("NEWSLETTER_LOG_LEVEL", "error")
    with database.writing() as session:
        add_subscribers(session, 2)
    with database.reading() as session:
        first, second = session.exec(select(Subscriber).order_by(col(Subscriber.id))).all()
    file = tmp_path / "list.csv"
    file.write_text(f"email,name\n{second.email},\n{second.email},B\n{first.email},A\n")
    begun: list[Future[Result]] = []

    def bring_in() -> Result:
        return CliRunner().invoke(app, ["subscribers", "import", str(file), "--consent", "a form"])

    def claim(session: Session) -> None:
        queries.locked(session, col(Subscriber.id) == first.id)
        if not begun:
            begun.append(begin())
        queries.locked(session, col(Subscriber.id) == second.id)

    with beside(database, bring_in) as begin:
        database.write(claim)
        done = begun[0].result()

    assert done.exit_code == 0, done.output
    with database.reading() as session:
        assert set(session.exec(select(Subscriber.name))) == {"A", "B"}
