"""``newsletter issue``: correct what an issue said, and tell those who got the wrong line."""

from collections.abc import Callable
from typing import Annotated, Any

import typer
from sqlmodel import Session

from newsletter.cli.commands import new_group
from newsletter.cli.context import DryRun, Json, print_json, print_lines, sending_service, service
from newsletter.cli.issue_arguments import Number
from newsletter.cli.issue_marks import comparison_entry
from newsletter.cli.progress import watched
from newsletter.correction_letters import ordering
from newsletter.correction_letters.audience import Audience, audience
from newsletter.corrections import store as said
from newsletter.corrections.models import Correction
from newsletter.corrections.store import Erratum, NoSuchCorrection, Signed
from newsletter.editors import acts
from newsletter.editors.acts import COMMAND, Act
from newsletter.issues import store
from newsletter.service import Service

app = new_group("Corrections.")

Id = Annotated[int, typer.Argument(help="Its number; see: newsletter issue corrections.")]
Said = Annotated[str, typer.Option("--said", help="The line that is wrong, or a piece of it.")]
Right = Annotated[str, typer.Option("--right", help="What is right.")]
Why = Annotated[str, typer.Option("--why", help="Why what was said stands after all.")]
Of = Annotated[
    str,
    typer.Option(
        help="The comparison that says it: <slug-a>-vs-<slug-b>, or its id; without, the issue itself."
    ),
]
Tool = Annotated[
    str,
    typer.Option(help="The name of the tool whose line it is, where both tools have that line."),
]


@app.command()
def correct(
    number: Number = None,
    *,
    said_: Said,
    right: Right,
    of: Of = "",
    tool: Tool = "",
    json: Json = False,
) -> None:
    """Publish a correction: what left stays, and the archive, the feeds and the JSON show it."""
    wired = service()
    which = wired.desk.issue(number).number

    def work(session: Session) -> Correction:
        issue = store.locked(session, which)
        comparison_id = comparison_entry(session, of).id if of else None
        erratum = Erratum(said_, right, comparison_id, tool)
        return said.publish(session, issue, erratum, _signed(wired))

    _print(_noted(wired, Act.ISSUE_CORRECTED, work), "published", json=json)


@app.command("amend-correction")
def amend(correction: Id, *, right: Right, json: Json = False) -> None:
    """Put other words in the place of a correction; the old ones stay to be seen."""
    wired = service()
    work = _locked(
        correction, lambda session: said.amend(session, correction, right, _signed(wired))
    )
    _print(_noted(wired, Act.CORRECTION_AMENDED, work), "amended", json=json)


@app.command("withdraw-correction")
def withdraw(correction: Id, *, why: Why, json: Json = False) -> None:
    """Take a correction back; it is still shown, with the reason, and its letters stay here."""
    wired = service()
    work = _locked(
        correction, lambda session: said.withdraw(session, correction, why, _signed(wired))
    )
    _print(_noted(wired, Act.CORRECTION_WITHDRAWN, work), "withdrawn", json=json)


@app.command()
def corrections(number: Number = None, *, json: Json = False) -> None:
    """List what was said of an issue, oldest first."""
    wired = service()
    which = wired.desk.issue(number).number
    with wired.database.reading() as session:
        rows = said.of_issues(session, [which]).get(which, ())
        told = ordering.told(session, rows)
    if json:
        print_json([_as_json(row) | {"letters": told[row.row_id]} for row in rows])
    else:
        print_lines([_line(row) for row in rows] or [f"nothing of issue {which} was corrected"])


@app.command("tell-corrected")
def tell(correction: Id, *, dry_run: DryRun = False, json: Json = False) -> None:
    """Send a letter to those who got the wrong line and are still there, each of them once."""
    wired = sending_service(go_on=f"newsletter issue tell-corrected {correction}")
    with wired.database.reading() as session:
        found = audience(session, said.standing_one(session, correction).now, now=wired.clock())
    if not dry_run:
        _tell(wired, correction, found, json=json)
    with wired.database.reading() as session:
        now = said.standing_one(session, correction).now
        letters = ordering.told(session, [now])[now.row_id]
    if json:
        print_json({"id": correction, **_counts(found), "letters": letters})
        return
    print_lines([_goes(found), *(f"  {count} {state}" for state, count in letters.items())])


def _tell(wired: Service, correction: int, found: Audience, *, json: bool) -> None:
    """Write the letters down, unless those who were told before are all there are, and send them."""
    if found.goes or not found.told:

        def work(session: Session) -> Correction:
            ordering.tell_those_who_got_it(
                session, correction, expected=found.goes, now=wired.clock()
            )
            return said.standing_one(session, correction).now

        _noted(wired, Act.CORRECTION_TOLD, work, f", {found.goes} readers")
    with wired.database.reading() as session:
        left = ordering.ordered(session)
    with watched("sending", left, quiet=json) as advance:
        while wired.mailroom.send_letters(advance):
            pass  # a pass ends after some batches, so that others are not kept waiting


def _locked(
    correction: int, work: Callable[[Session], Correction]
) -> Callable[[Session], Correction]:
    """Let nobody else say a word about the same issue meanwhile."""

    def locked(session: Session) -> Correction:
        found = session.get(Correction, correction)
        if found is None:
            raise NoSuchCorrection
        store.locked(session, found.issue_number)
        return work(session)

    return locked


def _noted(
    wired: Service, act: Act, work: Callable[[Session], Correction], more: str = ""
) -> Correction:
    with wired.database.writing() as session:
        made = work(session)
        detail, subject = f"correction {made.id}{more}", f"issue {made.issue_number}"
        acts.note(session, COMMAND, act, subject, now=wired.clock(), detail=detail)
    return made


def _signed(wired: Service) -> Signed:
    now = wired.clock()
    return Signed(now, wired.window.local(now).date(), COMMAND.words)


def _print(made: Correction, done: str, *, json: bool) -> None:
    if json:
        print_json(_as_json(made))
    else:
        print_lines([f"correction {made.id} of issue {made.issue_number} is {done}"])


def _as_json(row: Correction) -> dict[str, Any]:
    return row.model_dump(mode="json")


def _line(row: Correction) -> str:
    what = "withdrawn" if row.withdraws else f"said: {row.said}; right is"
    before = f" (in the place of {row.amends})" if row.amends else ""
    return f"{row.id}  {row.local_date}  {row.part}  {what}: {row.right}{before}"


def _counts(found: Audience) -> dict[str, int]:
    return {
        "had": found.had, "goes": found.goes, "away": found.away,
        "bounced": found.bounced, "told": found.told,
    }  # fmt: skip


def _goes(found: Audience) -> str:
    return (
        f"goes to {found.goes} of {found.had}: {found.away} left since or take a break, "
        f"{found.bounced} bounced, {found.told} told already"
    )
