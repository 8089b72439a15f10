"""Files that commands write for people: private ones, or standard output."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

STDOUT = "-"

OutputFile = Annotated[
    str, typer.Argument(metavar="FILE|-", help="Where to write; - is standard output.")
]


@contextmanager
def writable(file: str, *, json: bool) -> Iterator[TextIO]:
    """Open a file for addresses, which is its owner's alone when it is new; or standard output.

    Args:
        file: its path, or "-".
        json: whether a summary goes to standard output.

    Raises:
        typer.BadParameter: when both would go there.
    """
    if file == STDOUT:
        if json:
            raise typer.BadParameter("name a file: with --json, standard output holds the summary")
        yield sys.stdout
        return
    path = Path(file)
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8", newline="") as content:
        yield content
