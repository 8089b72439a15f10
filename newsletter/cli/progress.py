"""A bar and a live rate for whoever watches a command that may take long."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from newsletter.cli.context import plain_console

Advance = Callable[[int], None]
"""Told how many more are done."""

Item = TypeVar("Item")

RATED_SECONDS = 10
"""Over how long the live rate is taken."""


class RateColumn(ProgressColumn):
    """How many a second are done just now."""

    def render(self, task: Task) -> Text:
        """Show the rate; nothing before there is one."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


@contextmanager
def watched(
    doing: str, total: int | None = None, *, quiet: bool = False, console: Console | None = None
) -> Iterator[Advance]:
    """Show how far a command is, while it runs, on standard error; nobody watches a pipe.

    Args:
        doing: what it does, such as "sending".
        total: how many there are; None when that is not known.
        quiet: show nothing, for commands whose output a script reads.
        console: where to show it; standard error when left out.
    """
    shown_on = console or plain_console(stderr=True)
    remaining = TimeRemainingColumn() if total else TimeElapsedColumn()
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        remaining,
        console=shown_on,
        speed_estimate_period=RATED_SECONDS,
        disable=quiet or not shown_on.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task(doing, total=total)
        yield lambda count: bar.advance(task, count)


def counted(items: Iterable[Item], advance: Advance) -> Iterator[Item]:
    """Give items on, one by one, and count each when it is done with."""
    for item in items:
        yield item
        advance(1)
