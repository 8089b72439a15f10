"""What the pages about corrections share: the lines to choose from, a draft, and how it would be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from sqlmodel import Session

from newsletter.correction_letters.ordering import NobodyToTell, StillLeaving
from newsletter.correction_letters.writing import letter_about
from newsletter.corrections import store
from newsletter.corrections.lines import Line, NothingRight, NotSaid, lines_of
from newsletter.corrections.models import Correction
from newsletter.corrections.store import Erratum, NoSuchCorrection, NotOut, Signed, Standing
from newsletter.editors.acts import Act, Actor
from newsletter.editors.sessions import Visit
from newsletter.errors import NewsletterError
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.issues.seen import ChangedMeanwhile
from newsletter.previews.copies import Copy, copy_for_nobody
from newsletter.rendering.views import IssueView
from newsletter.service import Service
from newsletter.web.editor.noting import note

REFUSED: Mapping[type[NewsletterError], str] = {
    ChangedMeanwhile: "changed",
    NoSuchCorrection: "gone",
    NotOut: "not-out",
    NotSaid: "not-said",
    NothingRight: "nothing-right",
    StillLeaving: "still-leaving",
    NobodyToTell: "nobody",
}
REFUSALS = tuple(REFUSED)
PROBLEMS: Mapping[str, str] = {
    "changed": "Nothing was done: something has changed since you looked. This is how it stands now.",
    "gone": "Nothing was done: it was amended or withdrawn since.",
    "not-out": "It has not begun to leave: what is wrong in it can still be mended.",
    "not-said": "Choose the line that is wrong.",
    "nothing-right": str(NothingRight.__doc__),
    "still-leaving": str(StillLeaving.__doc__),
    "nobody": str(NobodyToTell.__doc__),
}


class Choice(NamedTuple):
    """A line that can be chosen, and the name by which the form knows it."""

    name: str
    line: Line


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into a form, and may look at before it is published.

    Attributes:
        line: the name of a line; empty when ``amends`` says what it is about.
        right: what is right.
        amends: the correction (row id) in whose place it would stand; 0 for none.
    """

    line: str = ""
    right: str = ""
    amends: int = 0

    @property
    def query(self) -> str:
        """Give it as the query of an address."""
        return urlencode({"line": self.line, "right": self.right, "amends": self.amends})


def path_of(number: int) -> str:
    """Give the address of the corrections of an issue."""
    return f"/editor/issues/{number}/corrections"


def rows_of(session: Session, number: int) -> Sequence[Correction]:
    """Read all that was said about one issue."""
    return store.of_issues(session, [number]).get(number, ())


def choices(view: IssueView) -> Mapping[str, Sequence[Choice]]:
    """Give the lines of an issue by the match-up they are about; first those about all of it."""
    places = {"The issue itself": None, **{row.title: row.entry_id for row in view.match_ups}}
    return {
        title: [
            Choice(f"{comparison_id or 0}-{place}", line)
            for place, line in enumerate(lines_of(view, comparison_id))
        ]
        for title, comparison_id in places.items()
    }


def erratum(issue: Issue, typed: Typed) -> Erratum:
    """Read what is to be corrected.

    Raises:
        NotOut: when the issue has not begun to leave.
        NotSaid: when no line was chosen, or this release cannot read the issue.
    """
    if not issue.has_begun:
        raise NotOut
    view = frozen.readable(issue)
    for group in choices(view).values() if view else ():
        for name, line in group:
            if name == typed.line:
                match_up = int(name.partition("-")[0])
                return Erratum(line.text, typed.right, match_up or None, line.tool)
    raise NotSaid


def drafted(rows: Sequence[Correction], issue: Issue, typed: Typed, signed: Signed) -> Correction:
    """Make what would be stored.

    Raises:
        NoSuchCorrection: when what it would amend does not stand any more.
        NotOut, NotSaid, NothingRight: when it would be refused.
    """
    if not typed.amends:
        return store.drafted(issue, erratum(issue, typed), signed)
    for one in store.standings(rows):
        if one.now.id == typed.amends and not one.now.withdraws:
            return store.amending(one, typed.right, signed)
    raise NoSuchCorrection


def standing_of(rows: Sequence[Correction], correction: Correction) -> Standing:
    """Give how a correction would stand, or stands, among all that was said."""
    everything = rows if correction in rows else [*rows, correction]
    return next(one for one in store.standings(everything) if one.now is correction)


def copy_of(service: Service, issue: Issue, standing: Standing, visit: Visit) -> Copy:
    """Write the letter about a correction to nobody, by the calls that write a reader's."""
    letterhead = service.dispatch.sender.letterhead
    return copy_for_nobody(letterhead, issue, letter_about(issue, standing), now=visit.now)


def signed(service: Service, visit: Visit) -> Signed:
    """Say who speaks, and when."""
    day = service.window.local(visit.now).date()
    return Signed(visit.now, day, Actor.of(visit.editor).words)


def note_about(
    session: Session, visit: Visit, act: Act, correction: Correction, more: str = ""
) -> None:
    """Write down what an editor did about a correction."""
    about = f"correction {correction.id}{more}"
    note(session, visit, act, f"issue {correction.issue_number}", about)
