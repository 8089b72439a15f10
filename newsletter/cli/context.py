"""The service that commands work with, wired from the environment when asked for."""

from typing import Annotated, Any

import orjson
import typer
from rich.console import Console

from newsletter import settings, wiring
from newsletter.cli.commands import at_the_end
from newsletter.logs import set_up

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")]


def service(**overrides: Any) -> wiring.Service:
    """Wire the service from the environment; it is closed when the command ends.

    Args:
        overrides: settings by field name that win over the environment.
    """
    read = settings.load(**overrides)
    set_up(read.log_format, read.log_level)
    wired = wiring.build(read)
    at_the_end.get().callback(wired.close)
    return wired


def print_json(value: Any) -> None:
    """Print a value as indented JSON on standard output."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def print_lines(lines: list[str]) -> None:
    """Print lines on standard output."""
    for line in lines:
        typer.echo(line)


def plain_console(*, stderr: bool = False) -> Console:
    """Give a console on which a tool called ``[red]`` is printed as it is called."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)
