"""``newsletter subscribers answer``: those who asked by a form get their letter, without ``serve``."""

import typer

from newsletter.cli.commands import new_group
from newsletter.cli.context import DryRun, Json, print_json, sending_service, service

app = new_group("Coming, by the form.")


@app.command()
def answer(*, dry_run: DryRun = False, json: Json = False) -> None:
    """Answer those who asked by a form; `newsletter serve` does so by itself."""
    if dry_run:
        waiting = service().reception.waiting()
        _say({"waiting": waiting}, f"{waiting} wait for an answer", json=json)
        return
    wired = sending_service(go_on="newsletter subscribers answer")
    letters = wired.welcome()
    _say({"letters": letters}, f"{letters} single letters have left", json=json)


def _say(result: dict[str, int], line: str, *, json: bool) -> None:
    if json:
        print_json(result)
    else:
        typer.echo(line)
