"""``newsletter issue undo``: take back what an editor changed in composing an issue."""

from newsletter.cli.commands import new_group
from newsletter.cli.context import Json, print_json, print_lines, service
from newsletter.cli.issue_arguments import ACTOR, Number
from newsletter.issues import opening
from newsletter.issues.composing import Composer

app = new_group("Take changes back.")


@app.command()
def undo(number: Number = None, *, json: Json = False) -> None:
    """Take back the last change that an editor made in the pages, and build the issue again.

    Without a number it is the open issue. Repeat it for the change before.
    """
    wired = service()
    with wired.database.writing() as session:
        issue = opening.open_to_change(session, number)
        composer = Composer(session, wired.desk.press, issue.number, ACTOR, wired.clock())
        step = composer.undo()
    if json:
        print_json({"number": issue.number, "undone": step.what, "made_by": step.made_by})
    else:
        print_lines([f"issue {issue.number}: taken back, {step.made_by} {step.what}"])
