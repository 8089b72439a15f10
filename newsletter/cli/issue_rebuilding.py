"""``newsletter issue rebuild``: learn from the provider who has a copy that these books do not know."""

import typer

from newsletter.cli.commands import new_group
from newsletter.cli.context import DryRun, Json, print_json, print_lines, sending_service
from newsletter.cli.issue_arguments import ACTOR, Number
from newsletter.cli.progress import watched
from newsletter.delivery.rebuilding.rebuilt import Rebuilt
from newsletter.service import Service

app = new_group("Rebuild the books of an issue.")


@app.command()
def rebuild(number: Number = None, *, dry_run: DryRun = False, json: Json = False) -> None:
    """Ask the provider for every copy of an issue, after a backup was put back; exit 1 if unsure.

    Nobody is mailed; only a message to nobody may be sent, to prove the search. To be repeated as
    often as one likes. What is not known to have left stays queued.
    """
    wired = sending_service(go_on="newsletter issue rebuild")
    asked = wired.desk.issue(number).number
    rebuilt = ask_provider(wired, asked, dry_run=dry_run, json=json)
    if json:
        print_json(rebuilt)
    raise typer.Exit(0 if rebuilt.because is None else 1)


def ask_provider(wired: Service, number: int, *, json: bool, dry_run: bool = False) -> Rebuilt:
    """Rebuild while whoever watches sees how far it is, and print what came of it."""
    with watched("asking the provider", quiet=json) as advance:
        rebuilt = wired.desk.rebuild(number, actor=ACTOR, rehearsing=dry_run, progress=advance)
    if not json:
        print_lines(list(rebuilt.lines()))
    return rebuilt
