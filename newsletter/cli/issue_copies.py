"""``newsletter issue copies``: the roll of an issue, reader by reader."""

from typing import Annotated

import typer

from newsletter.cli.commands import new_group
from newsletter.cli.context import Json, print_json, service
from newsletter.cli.files import STDOUT, OutputFile, writable
from newsletter.cli.issue_arguments import Number
from newsletter.cli.progress import watched
from newsletter.delivery.roll import Which, write_roll

app = new_group("Say who got an issue.")


@app.command()
def copies(
    number: Number = None,
    file: OutputFile = STDOUT,
    *,
    only: Annotated[
        Which, typer.Option(help="Some of them: missed is who did not get it, as far as is known.")
    ] = Which.ALL,
    json: Json = False,
) -> None:
    """Write each copy of an issue with its reader as CSV: who got it, who did not, and why."""
    wired = service()
    asked = wired.desk.issue(number).number
    with (
        wired.database.reading() as session,
        writable(file, json=json) as content,
        watched("writing", quiet=file == STDOUT) as advance,
    ):
        written = write_roll(session, asked, content, which=only, progress=advance)
    if json:
        print_json({"number": asked, "file": file, "only": only.value, "written": written})
    else:
        typer.echo(f"{written} copies of issue {asked} written to {file}", err=file == STDOUT)
