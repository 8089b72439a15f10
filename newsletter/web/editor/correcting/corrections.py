"""The corrections of an issue: what was said of it, and a form that shows first what will be seen."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from newsletter.corrections import store as said
from newsletter.corrections.models import Correction
from newsletter.corrections.showing import corrected, shown
from newsletter.editors.acts import Act
from newsletter.editors.roles import Role, may
from newsletter.issues import frozen, store
from newsletter.rendering.letter import archive_page
from newsletter.web.editor.correcting.correcting import (
    PROBLEMS,
    REFUSALS,
    REFUSED,
    Typed,
    choices,
    copy_of,
    drafted,
    erratum,
    note_about,
    path_of,
    rows_of,
    signed,
    standing_of,
)
from newsletter.web.editor.framing import framed, may_frame
from newsletter.web.editor.issue.issues import Number, issue_or_404
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import EditorPart, ViewerPart
from newsletter.web.parts import FormPart, ServicePart

router = APIRouter(include_in_schema=False)

Words = Annotated[str, Query(max_length=4000)]
RowId = Annotated[int, Query(ge=0, le=2**31 - 1)]


def _typed(line: Words = "", right: Words = "", amends: RowId = 0) -> Typed:
    return Typed(line, right, amends)


TypedPart = Annotated[Typed, Depends(_typed)]


@router.get("/editor/issues/{number}/corrections")
def listed(
    service: ServicePart,
    visit: ViewerPart,
    request: Request,
    number: Number,
    typed: TypedPart,
) -> HTMLResponse:
    """List what was said of an issue; with a line and what is right, show how that would be seen."""
    draft, refused = None, request.query_params.get("done", "")
    with service.database.reading() as session:
        issue, rows = issue_or_404(session, number), rows_of(session, number)
    view = frozen.readable(issue) if issue.has_begun else None
    if typed.line or typed.right:
        try:
            draft = drafted(rows, issue, typed, signed(service, visit))
        except REFUSALS as refusal:
            refused = REFUSED[type(refusal)]
    answer = editor_page(
        service,
        visit,
        "corrections.html",
        issue=issue,
        own=path_of(number),
        corrections=[(one, shown(view, one)) for one in said.standings(rows)] if view else [],
        seen=said.mark(rows),
        groups=choices(view) if view else {},
        typed=typed,
        copy=copy_of(service, issue, standing_of(rows, draft), visit) if draft else None,
        may_say=may(visit.role, Role.EDITOR),
        problem=PROBLEMS.get(refused, ""),
    )
    return may_frame(answer)


@router.post("/editor/issues/{number}/corrections")
def publish(
    service: ServicePart, visit: EditorPart, number: Number, form: FormPart
) -> RedirectResponse:
    """Publish a correction: from now on the archive and the feeds show it."""
    typed = Typed(form.get("line", ""), form.get("right", ""))

    def work(session: Session) -> Correction:
        issue_or_404(session, number)
        issue = store.locked(session, number)
        said.require(rows_of(session, number), form.get("seen", ""))
        made = said.publish(session, issue, erratum(issue, typed), signed(service, visit))
        note_about(session, visit, Act.ISSUE_CORRECTED, made)
        return made

    try:
        made = service.database.write(work)
    except REFUSALS as refusal:
        return see(f"{path_of(number)}?{typed.query}&done={REFUSED[type(refusal)]}")
    return see(f"{path_of(number)}/{made.id}?done=published")


@router.get("/editor/issues/{number}/corrections/shown")
def frame(
    service: ServicePart,
    visit: ViewerPart,
    number: Number,
    typed: TypedPart,
    look: Literal["archive", "letter"] = "archive",
) -> Response:
    """Give the archive page or the letter as it would be."""
    with service.database.reading() as session:
        issue, rows = issue_or_404(session, number), rows_of(session, number)
    try:
        draft = drafted(rows, issue, typed, signed(service, visit))
    except REFUSALS:
        raise HTTPException(404) from None
    if look == "letter":
        html = copy_of(service, issue, standing_of(rows, draft), visit).html
    else:
        html = archive_page(corrected(frozen.view(issue), [*rows, draft]))
    return framed(html)
