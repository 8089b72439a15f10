"""``newsletter issue rebuild``: learn from the provider who has a copy that these books do not know."""

import typer

from newsletter.cli.commands import new_group
from newsletter.cli.context import DryRun, Json, end_well, print_json, print_lines, service
from newsletter.cli.issue_arguments import ACTOR, LeavingNumber
from newsletter.cli.issue_meant import meant
from newsletter.cli.progress import watched
from newsletter.delivery.rebuilding.rebuilt import Rebuilt
from newsletter.service import Service

app = new_group("Rebuild the books of an issue.")


@app.command()
def rebuild(number: LeavingNumber = None, *, dry_run: DryRun = False, json: Json = False) -> None:
    """Ask the provider for every copy of an issue, after a backup was put back; exit 1 if unsure.

    Nobody is mailed; only a message to nobody may be sent, to prove the search. To be repeated as
    often as one likes. What is not known to have left stays queued.
    """
    wired = service()
    asked = meant(wired, number, "rebuild").number
    end_well(wired, go_on=f"newsletter issue rebuild {asked}")
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
