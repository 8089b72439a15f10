"""``newsletter doctor``: what is wrong, or will be, and what to do about it."""

import typer

from newsletter.cli.context import Json, print_json, service
from newsletter.diagnosis import Level, examine


def doctor(*, json: Json = False) -> None:
    """Examine settings, database, schedule and books; exit 1 when something is wrong."""
    complaints = examine(service())
    if json:
        print_json(
            [
                {"code": found.code, "level": found.level.value, "message": found.message}
                for found in complaints
            ]
        )
    else:
        for found in complaints:
            typer.echo(f"{found.level.value:<5} {found.code:<20} {found.message}")
    raise typer.Exit(1 if any(found.level is Level.WRONG for found in complaints) else 0)
