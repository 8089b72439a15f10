"""``newsletter issue``: an editor's own words, which survive every rebuild until taken off."""

from typing import Annotated

import typer
from sqlmodel import Session

from newsletter.cli.commands import new_group
from newsletter.cli.context import Json, print_json, print_lines, service
from newsletter.cli.issue_arguments import ACTOR
from newsletter.cli.issue_marks import comparison_entry
from newsletter.content.comparison import CatalogueEntry
from newsletter.issues import opening, wordings
from newsletter.issues.rewording import CardPart, IssuePart, Words

app = new_group("Editors' wording.")

_PARTS = (*CardPart, *IssuePart)
_BUILD = "newsletter issue build"

Part = Annotated[str, typer.Argument(help=f"Which part: {', '.join(_PARTS)}.", metavar="PART")]
Text = Annotated[
    str, typer.Argument(help='The words; "" leaves a quote or the second sentence out.')
]
Of = Annotated[
    str, typer.Option(help="The comparison whose card it is: <slug-a>-vs-<slug-b>, or its id.")
]
IssueNumber = Annotated[
    int | None, typer.Option("--issue", help="Number of the issue; default the open one.")
]
OwnWords = Annotated[
    bool, typer.Option("--own-words", help="Show a quote as the editor's, by no reviewer.")
]


@app.command()
def reword(
    part: Part,
    text: Text,
    *,
    of: Of = "",
    issue: IssueNumber = None,
    own_words: OwnWords = False,
    json: Json = False,
) -> None:
    """Say a part of the issue in your own words; then build it again.

    A sentence may be replaced by any other; what stands in quotation marks must stand in a review.
    A pull quote is chosen by quoting it exactly, or shown as the editor's with --own-words.
    """
    wired, which, words = service(), _part(part), Words(text, own_words)
    now = wired.clock()
    with wired.database.writing() as session:
        if isinstance(which, CardPart):
            entry = _entry(session, which, of)
            wordings.put_for_comparison(session, entry, which, words, now=now, actor=ACTOR)
            owner, again = entry.comparison.key, _BUILD
        else:
            number = opening.open_to_change(session, issue).number
            wordings.put_for_issue(session, number, which, words, now=now, actor=ACTOR)
            owner, again = f"issue {number}", f"{_BUILD} {number}"
    _say(owner, which, "reworded", again, json=json)


@app.command()
def unword(part: Part, *, of: Of = "", issue: IssueNumber = None, json: Json = False) -> None:
    """Give a part back to the rules; then build the issue again."""
    wired, which = service(), _part(part)
    with wired.database.writing() as session:
        if isinstance(which, CardPart):
            entry = _entry(session, which, of)
            owner, had = entry.comparison.key, wordings.take_off(session, entry.id, which)
            again = _BUILD
        else:
            number = opening.open_to_change(session, issue).number
            owner, had = f"issue {number}", wordings.take_off(session, number, which)
            again = f"{_BUILD} {number}"
    _say(owner, which, "given back to the rules" if had else "was not reworded", again, json=json)


def _say(owner: str, part: CardPart | IssuePart, done: str, again: str, *, json: bool) -> None:
    if json:
        print_json({"of": owner, "part": part.value, "done": done})
    else:
        print_lines([f"{owner}: {part} {done}; then build it again: {again}"])


def _part(name: str) -> CardPart | IssuePart:
    for parts in (CardPart, IssuePart):
        if name in [part.value for part in parts]:
            return parts(name)
    raise typer.BadParameter(f"no part {name!r}; there are {', '.join(_PARTS)}")


def _entry(session: Session, part: CardPart, of: str) -> CatalogueEntry:
    if not of:
        raise typer.BadParameter(f"the {part} belongs to a comparison; name it with --of")
    return comparison_entry(session, of)
