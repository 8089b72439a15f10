"""The service that commands work with, wired from the environment when asked for."""

import re
import signal
import threading
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.text import Text

from newsletter import settings, wiring
from newsletter.cli.commands import at_the_end
from newsletter.errors import NewsletterError
from newsletter.logs import set_up
from newsletter.service import Service

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")]

_FOR_THE_TERMINAL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours and cursor movements
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # window titles, hyperlinks
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"  # other control characters, but tab and line feed
    r"|[\u202a-\u202e\u2066-\u2069]"  # turning the direction of writing
)


def service(*, settling: bool = True, **overrides: Any) -> Service:
    """Wire the service from the environment; it is closed when the command ends.

    Args:
        settling: whether the database learns whose it is; see ``wiring.build``.
        overrides: settings by field name that win over the environment.
    """
    read = settings.load(**overrides)
    set_up(read.log_format, read.log_level)
    wired = wiring.build(read, settling=settling)
    at_the_end.get().callback(wired.close)
    return wired


class Stopped(NewsletterError):
    """Stopped by a signal after the batch in flight; what was answered is recorded."""

    code = "stopped"


def sending_service(*, go_on: str, **overrides: Any) -> Service:
    """Wire the service for a command that sends; see ``end_well``.

    Args:
        go_on: the command that goes on where this one stopped.
        overrides: as in ``service``.
    """
    wired = service(**overrides)
    end_well(wired, go_on=go_on)
    return wired


def end_well(wired: Service, *, go_on: str) -> None:
    """Let a command that sends with a service end between two batches.

    The first SIGINT or SIGTERM lets the batch in flight end and be recorded, then the command is
    refused with ``Stopped``; the second one ends the process at once, as any other.

    Args:
        wired: the service.
        go_on: the command that goes on where this one stopped; an issue's has its number, or it would
            be about another one as soon as there is a draft of the next.
    """
    asked_to_stop = threading.Event()
    before = {ending: signal.getsignal(ending) for ending in (signal.SIGINT, signal.SIGTERM)}

    def put_back() -> None:
        for ending, handler in before.items():
            signal.signal(ending, handler)

    def stop(_signal: int, _frame: object) -> None:
        put_back()
        asked_to_stop.set()
        wired.stopping.set()

    def say_so() -> None:
        if asked_to_stop.is_set():
            raise Stopped(f"{Stopped.__doc__} To go on: {go_on}")

    for ending in before:
        signal.signal(ending, stop)
    at_the_end.get().callback(say_so)
    at_the_end.get().callback(put_back)


def print_json(value: Any) -> None:
    """Print a value as indented JSON on standard output."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def print_lines(lines: list[str]) -> None:
    """Print lines on standard output."""
    for line in lines:
        typer.echo(printable(line))


def printable(text: str) -> str:
    """Take out what would make a terminal do something instead of showing it."""
    return _FOR_THE_TERMINAL.sub("", text)


class _PlainConsole(Console):
    def render_str(self, text: str, **style: Any) -> Text:
        """Show a string, alone or in a table's cell, as ``printable`` leaves it."""
        return super().render_str(printable(text), **style)


def plain_console(*, stderr: bool = False) -> Console:
    """Give a console on which a tool called ``[red]`` is printed as it is called."""
    return _PlainConsole(stderr=stderr, markup=False, emoji=False, highlight=False)
