"""``newsletter subscribers sync``: the provider's lists compared with ours, by hand."""

from typing import Annotated

import typer

from newsletter.cli.commands import new_group
from newsletter.cli.context import DryRun, Json, print_json, print_lines, service
from newsletter.cli.progress import watched
from newsletter.errors import NewsletterError
from newsletter.feedback.syncing import Synced
from newsletter.instance.fence import PassiveInstance

app = new_group("What the provider knows about addresses.")

Believe = Annotated[
    bool, typer.Option("--believe", help="Also where a list lacks unusually many addresses.")
]


class NoLists(NewsletterError):
    """This transport keeps no lists of addresses; only Postmark does (NEWSLETTER_TRANSPORT)."""

    code = "no-lists"


class ListMissing(NewsletterError):
    """A list of the provider did not come whole; what came was taken in. Try again in a while."""

    code = "list-missing"


@app.command()
def sync(*, believe: Believe = False, dry_run: DryRun = False, json: Json = False) -> None:
    """Compare suppressions and bounces at the provider with the list, as serve does every few hours."""
    wired = service()
    syncing = wired.syncing
    if syncing is None:
        raise NoLists
    if not dry_run and (because := wired.fence.may_send()):
        raise PassiveInstance(because)  # the provider may be asked to write to somebody again
    with watched("comparing", quiet=json) as advance:
        compare = syncing.rehearse if dry_run else syncing.run
        synced = compare(advance, believe=believe)
    if json:
        print_json(_json(synced, dry_run=dry_run))
    else:
        print_lines(_lines(synced, dry_run=dry_run))
    if not synced.complete:
        raise ListMissing


def _json(synced: Synced, *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "lists": dict(synced.listed),
        "complete": synced.complete,
        "new": synced.new,
        "moved": synced.moved,
        "reopened": synced.reopened,
        "reactivated": synced.reactivated,
        "doubted": synced.doubted,
    }


def _lines(synced: Synced, *, dry_run: bool) -> list[str]:
    listed = [
        f"{name}: {'did not come' if size is None else size}"
        for name, size in synced.listed.items()
    ]
    came = (
        f"{synced.new} new, {synced.moved} readers in another state, "
        f"{synced.reopened} addresses open again after a new yes, "
        f"{synced.reactivated} suppressions ended at the provider"
    )
    doubted = f"{synced.doubted} more seem to have ended, too many at once: --believe if it is so"
    return [
        *listed,
        came + (" (dry run: nothing was changed)" if dry_run else ""),
        *([doubted] if synced.doubted else []),
    ]
