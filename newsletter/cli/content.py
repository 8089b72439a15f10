"""``newsletter content``: import comparisons, list them, show one, say what can be imported."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from newsletter.cli.commands import new_group
from newsletter.cli.context import Json, plain_console, print_json, print_lines, printable, service
from newsletter.cli.progress import counted, watched
from newsletter.content.catalogue.listing import as_json
from newsletter.content.catalogue.lookup import entries, entry
from newsletter.content.comparison import CatalogueEntry, Side, Tool
from newsletter.content.fetching import fetch
from newsletter.content.importing import ImportReport, import_documents
from newsletter.content.sources import STANDARD_INPUT, documents_from
from newsletter.content.verdicts.verdict import verdict
from newsletter.votes.results import results, write_csv

app = new_group("Import comparisons, and look at what is known.")

_SOURCES = (
    ("PATH", "a file: page text (compact or spaced, perhaps cut), the page as HTML, or JSON"),
    ("FOLDER", "all files below it, sorted; hidden ones are left alone"),
    (STANDARD_INPUT, "standard input"),
    ("URL", "http or https, on the public internet; up to 5 redirects, 10 seconds, 5 MB"),
)


@app.command("import")
def import_(
    *,
    sources: Annotated[
        list[str], typer.Argument(metavar="PATH|URL|-...", help="See `content sources`.")
    ],
    url: Annotated[
        str | None, typer.Option(help="The page's own address, when there is one source.")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Also fetch from this machine's own networks.")
    ] = False,
    json: Json = False,
) -> None:
    """Import comparisons and tool pages; what cannot be read is refused, the rest goes in."""
    if url is not None and (len(sources) > 1 or Path(sources[0]).is_dir()):
        raise typer.BadParameter("names one page, so it needs one file", param_hint="--url")
    wired = service()
    fetcher = partial(fetch, allow_private=allow_private)
    documents = documents_from(sources, stdin=sys.stdin.buffer, fetcher=fetcher)
    with watched("importing", quiet=json) as advance:
        report = import_documents(
            wired.database.writing, counted(documents, advance), now=wired.clock(), address=url
        )
    if json:
        print_json(report.as_json())
    else:
        _print_report(report)
    if report.refused:
        raise typer.Exit(1)


@app.command("list")
def list_(*, json: Json = False) -> None:
    """List all comparisons, with the ids by which other commands name them."""
    with service().database.reading() as session:
        catalogue = entries(session)
    if json:
        print_json([as_json(one) for one in catalogue])
        return
    table = Table("id", "comparison", "panel", "quotes", "date", "by")
    for one in catalogue:
        table.add_row(*_cells(one))
    if not catalogue:
        print_lines(["No comparisons yet: newsletter content import PATH"])
        return
    plain_console().print(table)
    first = catalogue[0]
    slugs = first.comparison.key.replace(" ", "-vs-")
    pins = f"newsletter issue pin {first.id}, or newsletter issue pin {slugs}"
    print_lines([f"Other commands take the id or the slugs: {pins}"])


@app.command("export-votes")
def export_votes(*, json: Json = False) -> None:
    """Write what readers answered to each mailed match-up, as CSV; shares once enough have voted."""
    wired = service()
    with wired.database.reading() as session:
        found = list(results(session, at_least=wired.settings.votes_least, now=wired.clock()))
    if json:
        print_json([result.as_json() for result in found])
    else:
        write_csv(found, sys.stdout)


@app.command("show")
def show(
    *,
    wanted: Annotated[
        str, typer.Argument(metavar="SLUGS|ID", help="<slug-a>-vs-<slug-b>, an address, or an id.")
    ],
    json: Json = False,
) -> None:
    """Show one comparison with everything that is known of it."""
    with service().database.reading() as session:
        found = entry(session, wanted)
    if found is None:
        typer.echo(f"no comparison “{wanted}”; see newsletter content list", err=True)
        raise typer.Exit(1)
    if json:
        print_json(as_json(found))
    else:
        _print_entry(found)


@app.command("sources")
def sources() -> None:
    """Explain what can be imported."""
    table = Table("source", "what it is", box=None)
    for name, meaning in _SOURCES:
        table.add_row(name, meaning)
    console = plain_console()
    console.print(table)
    console.print(
        "Slugs come from --url, the address fetched, the canonical link, or a file named "
        "<slug-a>-vs-<slug-b>.*; otherwise they are made from the names until an address turns up.\n"
        "The JSON form is described in docs/comparison-json.md.",
        markup=False,
        highlight=False,
    )


def _print_report(report: ImportReport) -> None:
    table = Table("added", "filled", "unchanged", "refused")
    counts = (report.added, report.filled, report.unchanged, len(report.refused))
    table.add_row(*(str(count) for count in counts))
    plain_console().print(table)
    for one in report.conflicts:
        old, new = one.conflict.old, one.conflict.new
        change = f"{one.source}: {one.conflict.field} was “{old}”, is now “{new}”"
        typer.echo(printable(change), err=True)
    for refusal in report.refused:
        typer.echo(printable(f"refused {refusal.source}: {refusal}"), err=True)


def _cells(one: CatalogueEntry) -> tuple[str, ...]:
    a, b = one.comparison.tool_a, one.comparison.tool_b
    shares = " : ".join(_percent(tool.panel_percent) for tool in (a, b))
    names = f"{a.name} vs {b.name}"
    quotes = str(len(one.comparison.quotes))
    return str(one.id), names, shares, quotes, one.date.isoformat(), one.date_origin


def _print_entry(one: CatalogueEntry) -> None:
    console = plain_console()
    console.print(f"{one.id}  {one.date} ({one.date_origin})")
    for side, tool in (("a", one.comparison.tool_a), ("b", one.comparison.tool_b)):
        _print_tool(console, tool)
        _print_quotes(console, one, "a" if side == "a" else "b")


def _print_tool(console: Console, tool: Tool) -> None:
    rule = verdict(tool.panel_percent)
    known = (
        ("slug", tool.slug + (" (provisional)" if tool.provisional else "")),
        ("category", tool.category),
        ("tagline", tool.tagline),
        ("panel", f"{_percent(tool.panel_percent)} {rule or ''}".strip()),
        ("community", _percent(tool.community_percent)),
        ("entry", tool.entry),
        ("price", tool.price),
        ("reviewed", tool.reviewed_on),
        ("description", tool.description),
    )
    console.print(f"\n{tool.name}", style="bold")
    for name, value in known:
        console.print(f"  {name}: {'unknown' if value is None else value}")


def _print_quotes(console: Console, one: CatalogueEntry, side: Side) -> None:
    for quote in one.comparison.quotes_on(side):
        end = "”" if quote.complete else " … (cut)"
        console.print(f"  {quote.position}. “{quote.text}{end}")


def _percent(share: int | None) -> str:
    return "unknown" if share is None else f"{share} %"
