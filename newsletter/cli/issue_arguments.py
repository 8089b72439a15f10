"""The words that every issue command takes."""

from typing import Annotated

import typer

Number = Annotated[int | None, typer.Argument(help="Number of the issue; default the latest.")]
Slugs = Annotated[list[str], typer.Argument(help="A comparison: <slug-a>-vs-<slug-b>, or its id.")]
Reason = Annotated[str, typer.Option(help="Why, for the history.")]
ACTOR = "operator"
