"""``newsletter db``: the schema, and a copy that can be trusted."""

import sqlite3
from pathlib import Path
from typing import Annotated

import typer

from newsletter import schema, settings
from newsletter.cli.commands import new_group
from newsletter.cli.context import Json, print_json
from newsletter.database import Database
from newsletter.errors import NewsletterError
from newsletter.wiring import database_for

app = new_group("Look after the database.")


class NotHere(NewsletterError):
    """That works on SQLite only; use the server's own tools, such as pg_dump."""

    code = "not-here"


@app.command()
def upgrade(*, json: Json = False) -> None:
    """Bring the schema up to this release."""
    database = _database()
    before = schema.current(database)
    schema.upgrade(database)
    after = schema.current(database)
    if json:
        print_json({"before": before, "after": after})
    else:
        typer.echo(f"schema {before or 'none'} > {after}")


@app.command()
def check(*, json: Json = False) -> None:
    """Say whether the schema is the one this release needs; exit 1 when it is not."""
    found, needed = schema.current(_database()), schema.head()
    if json:
        print_json({"found": found, "needed": needed, "current": found == needed})
    else:
        typer.echo(f"found {found or 'none'}, needed {needed}")
    raise typer.Exit(0 if found == needed else 1)


@app.command()
def backup(to: Annotated[Path, typer.Argument(help="File to write; must not exist.")]) -> None:
    """Copy a running SQLite database whole, by its own backup function."""
    database = _database()
    if not database.is_sqlite:
        raise NotHere
    if to.exists():
        raise NotHere(f"{to} exists already; name a new file")
    to.touch(mode=0o600)  # it holds everybody's address, like the original
    try:
        verdict = _copy(str(database.engine.url.database), to)
    except sqlite3.Error:
        to.unlink()
        raise
    typer.echo(f"{to}: {verdict}")
    raise typer.Exit(0 if verdict == "ok" else 1)


def _copy(database: str, to: Path) -> str:
    with sqlite3.connect(database) as source, sqlite3.connect(to) as copy:
        source.backup(copy)
        return str(copy.execute("PRAGMA integrity_check").fetchone()[0])


def _database() -> Database:
    return database_for(settings.load())
