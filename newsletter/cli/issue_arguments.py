"""The words that every issue command takes."""

from typing import Annotated

import typer


def _number(typed: str) -> int:
    if typed.isdecimal():
        return int(typed)
    raise typer.BadParameter(
        f"{typed!r} is no number of an issue; see: newsletter issue list. "
        'Words come behind an option, such as --reason "…" where there is one.'
    )


Number = Annotated[
    int | None,
    typer.Argument(
        help="Number of the issue; default the latest.", parser=_number, metavar="[NUMBER]"
    ),
]
BuiltNumber = Annotated[
    int | None,
    typer.Argument(
        help="Number of an issue to build again; default the one of the next slot.",
        parser=_number,
        metavar="[NUMBER]",
    ),
]
LeavingNumber = Annotated[
    int | None,
    typer.Argument(
        help="Number of the issue; default the one that is leaving, paused or in doubt, or else the "
        "latest; refused where several could be meant.",
        parser=_number,
        metavar="[NUMBER]",
    ),
]
Slugs = Annotated[list[str], typer.Argument(help="A comparison: <slug-a>-vs-<slug-b>, or its id.")]
Reason = Annotated[str, typer.Option(help="Why, for the history.")]
ACTOR = "operator"
