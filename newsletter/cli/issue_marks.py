"""``newsletter issue``: editors' pins, bans and order, which survive every rebuild."""

import typer
from sqlmodel import Session

from newsletter.cli.commands import new_group
from newsletter.cli.context import print_lines, service
from newsletter.cli.issue_arguments import ACTOR, Slugs
from newsletter.content.catalogue import lookup
from newsletter.content.comparison import CatalogueEntry
from newsletter.errors import NewsletterError
from newsletter.issues import marks
from newsletter.selection.rules import Mark

app = new_group("Editors' marks.")


class NoSuchComparison(NewsletterError):
    """There is no such comparison; see: newsletter content list."""

    code = "no-such-comparison"


@app.command()
def pin(comparisons: Slugs) -> None:
    """Bring comparisons into the next issue, whatever the rules say; then build it again.

    To take it back: newsletter issue unmark; undo is for what was changed in the pages.
    """
    _mark(comparisons, "pinned", Mark("pin"))


@app.command()
def ban(comparisons: Slugs) -> None:
    """Keep comparisons out of every issue; a draft has to be built again.

    To take it back: newsletter issue unmark; undo is for what was changed in the pages.
    """
    _mark(comparisons, "banned", Mark("ban"))


@app.command()
def order(comparisons: Slugs) -> None:
    """Pin comparisons to the first places of the next issue, in this order."""
    wired = service()
    with wired.database.writing() as session:
        entries = [comparison_entry(session, words) for words in comparisons]
        marks.put_in_order(session, [found.id for found in entries], now=wired.clock(), actor=ACTOR)
    print_lines([f"{place}. {found.comparison.key}" for place, found in enumerate(entries, 1)])


@app.command()
def unmark(comparisons: Slugs) -> None:
    """Take pins and bans off."""
    wired = service()
    with wired.database.writing() as session:
        for words in comparisons:
            found = comparison_entry(session, words)
            had = marks.take_off(session, found.id)
            typer.echo(f"{found.comparison.key}: {'unmarked' if had else 'had no mark'}")


def _mark(comparisons: list[str], done: str, mark: Mark) -> None:
    wired = service()
    with wired.database.writing() as session:
        for words in comparisons:
            found = comparison_entry(session, words)
            marks.put(session, found.id, mark, now=wired.clock(), actor=ACTOR)
            typer.echo(f"{found.comparison.key}: {done}")


def comparison_entry(session: Session, words: str) -> CatalogueEntry:
    """Find the comparison that a command names.

    Raises:
        NoSuchComparison: when there is none.
    """
    found = lookup.entry(session, words)
    if found is None:
        raise NoSuchComparison(f"no comparison {words}; see: newsletter content list")
    return found
