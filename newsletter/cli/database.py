"""``newsletter db``: the schema, a copy that can be trusted, and whose the database is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from newsletter import adopting, backups, schema, settings, wiring
from newsletter.cli.commands import new_group
from newsletter.cli.context import DryRun, Json, print_json, print_lines, service
from newsletter.cli.progress import Advance, watched
from newsletter.database import Database
from newsletter.parts import (
    database_for,
    keep_secret_key,
    key_file,
    missing_key,
    new_secret_key,
)
from newsletter.settings import Settings
from schedules.clock import system_clock

app = new_group("Look after the database.")

_KILOBYTE = 1024


@app.command()
def upgrade(*, json: Json = False) -> None:
    """Bring the schema up to this release, and the tables of the workers' jobs where they send."""
    read = settings.load()
    database = database_for(read)
    before = schema.current(database)
    wiring.upgrade(read, database)
    after = schema.current(database)
    if json:
        print_json({"before": before, "after": after})
    else:
        typer.echo(f"schema {before or 'none'} > {after}")


@app.command()
def check(*, json: Json = False) -> None:
    """Say whether the schema is the one this release needs; exit 1 when it is not."""
    found, needed = schema.current(_database()), schema.HEAD
    if json:
        print_json({"found": found, "needed": needed, "current": found == needed})
    else:
        typer.echo(f"found {found or 'none'}, needed {needed}")
    raise typer.Exit(0 if found == needed else 1)


@app.command()
def backup(to: Annotated[Path, typer.Argument(help="File to write; must not exist.")]) -> None:
    """Copy a running SQLite database whole, by its own backup function; the secret key is not in it."""
    read = settings.load()
    database = database_for(read)
    with _copying(backups.size_of(database)) as progress:
        verdict = backups.back_up(database, to, now=system_clock(), progress=progress)
    typer.echo(f"{to}: {verdict}")
    typer.echo(f"keep {_key(read)} as well, apart from it: {_NEEDED}")
    raise typer.Exit(0 if verdict == "ok" else 1)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup of a SQLite database.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite the database that is there.")
    ] = False,
    json: Json = False,
) -> None:
    """Put a backup back; nothing leaves from it before: newsletter db adopt."""
    read = settings.load()
    database = database_for(read)
    size = 2 * file.stat().st_size if file.is_file() else None
    with _copying(size, quiet=json) as progress:
        revision = backups.restore(
            file, database, replacing=replace, now=system_clock(), progress=progress
        )
    if json:
        print_json({"restored": str(file), "schema": revision, "passive": True})
        return
    typer.echo(f"restored {file}, schema {revision}")
    typer.echo(f"it needs the secret key of the host that made it, in {_key(read)}: {_NEEDED}")
    typer.echo("nothing leaves from it yet; next: newsletter db adopt --dry-run")


_NEEDED = (
    "without it links in letters sent are dead, and erased addresses kept off the list forgotten"
)


def _key(read: Settings) -> str:
    return "NEWSLETTER_SECRET_KEY" if read.secret_key else str(key_file(read))


@app.command()
def adopt(
    *,
    without_old_key: Annotated[
        bool,
        typer.Option(
            "--without-old-key",
            help="The secret key is lost: go on with this host's, without links in letters sent "
            "and what is kept about addresses that nobody here has any more.",
        ),
    ] = False,
    take_over: Annotated[
        bool,
        typer.Option("--take-over", help="Although workers of the owner are at work; they stop."),
    ] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Make this host the owner of a database that was copied, moved or restored.

    It shows what would leave, and stops it: a slot that is due is given up, an issue that was
    leaving is paused, calls that were under way are in doubt, letters about corrections are taken
    back. Nothing is sent by this.
    """
    read = settings.load()
    key = new_secret_key(read) if dry_run or without_old_key else None
    wired = service(settling=False, **({"secret_key": key} if key else {}))
    fence, found = wired.fence, adopting.waiting(wired.desk)
    because, strange, lost = fence.objection(), fence.strange_keys(), fence.lost_keys()
    if because is None and without_old_key:
        because = fence.behind()
    if because is None and key:
        because = missing_key(read, wired.database)
    owner = None
    if because and not dry_run:
        owner = adopting.adopt(
            wired.desk,
            fence,
            without_old_key=without_old_key,
            take_over=take_over,
            keep_key=lambda: keep_secret_key(read, key) if key else None,
        )
    lost = lost if because and (without_old_key or (dry_run and strange)) else None
    if json:
        keys = {"strange_keys": strange, "lost": lost}
        print_json({"passive": because, **keys, "adopted": owner, "waiting": found})
    else:
        if owner is None:  # what has been mended needs no cure
            print_lines([because or "this host owns the database already: nothing to adopt"])
        print_lines([strange] if strange and strange != because else [])
        print_lines([f"lost      {lost}"] if lost else [])
        print_lines(_waiting_lines(found))
        if owner is not None:
            print_lines([f"adopted as {owner.name}; nothing was sent", *_next_lines(found)])


_ORDER_ANEW = "if they have not left since, newsletter issue tell-corrected"


def _waiting_lines(found: adopting.Waiting) -> list[str]:
    lines = [
        f"due       the slot of {slot.local_date}, "
        + (f"issue {slot.issue}" if slot.issue else "an issue that is not built yet")
        for slot in found.overdue
    ]
    lines += [
        f"leaving   issue {issue.issue}: {issue.copies} copies, {issue.batches} batches free, "
        f"{issue.claimed} in somebody's hands"
        for issue in found.under_way
    ]
    if found.corrections:
        lines.append(
            f"ordered   {found.corrections} letters about corrections, which are taken back: {_ORDER_ANEW}"
        )
    return [*lines, f"letters   {found.letters} to readers and editors"]


def _next_lines(found: adopting.Waiting) -> list[str]:
    return [
        f"issue {issue.issue} is paused; to go on with it: newsletter issue resume {issue.issue}"
        for issue in found.under_way
    ]


@contextmanager
def _copying(size: int | None, *, quiet: bool = False) -> Iterator[Advance]:
    """Show how many of so many bytes are copied, in kilobytes."""
    total = size and size // _KILOBYTE
    with watched("copying, in kB", total, quiet=quiet) as advance:
        yield lambda copied: advance(copied // _KILOBYTE)


def _database() -> Database:
    return database_for(settings.load())
