"""Composing an issue: its words, its match-ups in order, and whoever is out, with the letter beside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from newsletter.editors import accounts
from newsletter.editors.acts import Act
from newsletter.editors.roles import Role, may
from newsletter.errors import NewsletterError
from newsletter.issues import frozen, store
from newsletter.issues.composing import Composer
from newsletter.issues.models import ComposingStep
from newsletter.issues.rewording import IssuePart, UnusableWords, Words, usable
from newsletter.rendering.plain import plain
from newsletter.web.editor.composing.composer import (
    PREFIX,
    AtIssue,
    EditorAtIssue,
    ViewerAtIssue,
    entry,
    refusal_of,
    spot,
    typed_in,
)
from newsletter.web.editor.composing.composition import Composition, gather, words_of
from newsletter.web.editor.framing import may_frame
from newsletter.web.editor.issue.issues import issue_or_404
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.parts import FormPart

router = APIRouter(prefix=PREFIX, include_in_schema=False)

Whole = Annotated[str, Query(max_length=20)]
MOST_PLACES = 1000

CALLED: Mapping[IssuePart, str] = {
    IssuePart.SUBJECT: "Subject",
    IssuePart.PREHEADER: "Preheader",
    IssuePart.HEADLINE: "Headline",
    IssuePart.INTRO: "Introduction",
}

NOT_KEPT = "Nothing was changed: what was typed cannot stand there. It is still in its field."

DONE: Mapping[str, str] = {
    "undone": "It was taken back, and the letter is built again.",
    "built": "It was built again, by the rules and by what editors have said.",
    "same": "That is how it stands already: nothing was changed.",
}


ByPart = Mapping[Any, str]
"""Words by the part they are for; the name of a part is as good as the part."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells beside how the issue stands.

    Attributes:
        done: what was done, as it is in an address.
        problem: why nothing was.
        typed: by part, what was typed and is not in the letter.
        errors: by part, why not.
        kept: what was typed for a page that is not there any more.
    """

    done: str = ""
    problem: str = ""
    typed: ByPart = field(default_factory=dict)
    errors: ByPart = field(default_factory=dict)
    kept: Sequence[str] = ()


@router.get("")
def show(at: ViewerAtIssue, done: str = "", whole: Whole = "") -> HTMLResponse:
    """Show what is in an issue and what is out, each with its reason; viewers get no buttons."""
    return page(at, Told(done=done), whole=whole)


@router.post("/words")
def say(at: EditorAtIssue, form: FormPart) -> Response:
    """Say subject, preheader, headline and introduction; what is empty goes back to the rules."""
    typed = typed_in(form, IssuePart)
    errors = {part: error for part, text in typed.items() if (error := _error(part, text))}
    if errors:
        return page(at, Told(problem=NOT_KEPT, typed=typed, errors=errors), status=422)

    def do(by: Composer) -> ComposingStep | None:
        return by.reword(_differing(by, typed))

    return _after(at, form, do, told=Told(typed=typed))


@router.post("/move")
def move(at: EditorAtIssue, form: FormPart) -> Response:
    """Move a match-up to another place."""
    to = form.get("to", "")
    place = int(to) if to.isascii() and to.isdecimal() and len(to) <= len(str(MOST_PLACES)) else 0

    def do(by: Composer) -> ComposingStep | None:
        one = entry(by.session, form.get("comparison", ""))
        return by.move(one, place) if place else None

    return _after(at, form, do)


@router.post("/mark")
def mark(at: EditorAtIssue, form: FormPart) -> Response:
    """Pin a comparison, ban it, or leave it to the rules."""

    def do(by: Composer) -> ComposingStep | None:
        one = entry(by.session, form.get("comparison", ""))
        return {"pin": by.pin, "ban": by.ban}.get(form.get("mark", ""), by.unmark)(one)

    return _after(at, form, do)


@router.post("/replace")
def put_in_place(at: EditorAtIssue, form: FormPart) -> Response:
    """Ban a match-up and put a chosen one in its place, or whichever the rules take next."""

    def do(by: Composer) -> ComposingStep | None:
        one, other = entry(by.session, form.get("comparison", "")), form.get("by", "")
        return by.replace(one, entry(by.session, other) if other else None)

    return _after(at, form, do)


@router.post("/undo")
def undo(at: EditorAtIssue, form: FormPart) -> Response:
    """Take the last change back."""
    return _after(at, form, Composer.undo, done="undone")


@router.post("/build")
def build(at: EditorAtIssue, form: FormPart) -> Response:
    """Build the draft again, so that what was imported since may come in."""

    def work(session: Session) -> None:
        at.composer(session, form).build_again()
        at.note(session, Act.ISSUE_BUILT)

    try:
        at.service.database.write(work)
    except NewsletterError as error:
        return page(at, Told(problem=refusal_of(error)), status=409)
    return see(f"{at.path}?done=built")


def page(at: AtIssue, told: Told, *, status: int = 200, whole: str = "") -> HTMLResponse:
    """Render the page.

    Args:
        at: who asks, and for which issue.
        told: what it tells beside.
        status: of the answer.
        whole: the reason of which all candidates are shown.
    """
    with at.service.database.reading() as session:
        issue = issue_or_404(session, at.number)
        found = gather(session, at.service, at.visit, issue, whole=whole)
        names = accounts.masked_names(session)
    answer = editor_page(
        at.service,
        at.visit,
        "compose.html",
        status=status,
        composition=_with_what_was_typed(found, told),
        standing=found.standing,
        called=CALLED,
        names=names,
        may_change=may(at.visit.role, Role.EDITOR) and not found.standing.is_over,
        news=DONE.get(told.done, ""),
        is_news=told.done == "changed",
        told=told,
    )
    return may_frame(answer)


def _with_what_was_typed(found: Composition, told: Told) -> Composition:
    fields = [
        replace(one, typed=told.typed.get(one.part), error=told.errors.get(one.part, ""))
        for one in found.fields
    ]
    return replace(found, fields=fields)


def _after(
    at: AtIssue,
    form: FormPart,
    do: Callable[[Composer], ComposingStep | None],
    *,
    done: str = "changed",
    told: Told | None = None,
) -> Response:
    """Do something, and lead to where it is seen; or say why not, with what was typed."""
    told = told or Told()
    try:
        step = at.change(form, do)
    except NewsletterError as error:
        return page(at, replace(told, problem=refusal_of(error)), status=409)
    return see(f"{at.path}?done={done if step else 'same'}{spot(form)}")


def _differing(by: Composer, typed: Mapping[IssuePart, str]) -> Mapping[IssuePart, Words | None]:
    """Give the parts that read otherwise than in the letter; what is empty goes back to the rules."""
    view = frozen.readable(store.get(by.session, by.number))
    now = words_of(view) if view else {}
    return {
        part: Words(text) if plain(text) else None
        for part, text in typed.items()
        if plain(text) != now.get(part)
    }


def _error(part: IssuePart, text: str) -> str:
    try:
        if plain(text):
            usable(part, Words(text))
    except UnusableWords as error:
        return str(error)
    return ""
