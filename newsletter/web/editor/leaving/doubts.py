"""Copies of which nobody knows whether they left: what is known of them, and somebody's word."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from newsletter.editors.acts import Act, Actor
from newsletter.editors.roles import Role, may
from newsletter.editors.sessions import Visit
from newsletter.service import Service
from newsletter.web.decide_view import known_of
from newsletter.web.deciding import Came, decide, verdict_of
from newsletter.web.editor.issue.acting import noted
from newsletter.web.editor.issue.issues import Number, issue_or_404
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import EditorPart, ViewerPart
from newsletter.web.parts import FormPart, ServicePart

router = APIRouter(include_in_schema=False)

MOST_CALLS = 50
"""Of which each is listed by itself; of more, only what they have in common."""

_STATUS: Mapping[Came, int] = {
    Came.UNCLEAR: 422,
    Came.PASSIVE: 503,
    Came.SILENT: 503,
    Came.OUTDATED: 409,
}


@router.get("/editor/issues/{number}/doubts")
def show(service: ServicePart, visit: ViewerPart, number: Number) -> HTMLResponse:
    """Show what is in doubt, and two buttons."""
    return _page(service, visit, number)


@router.post("/editor/issues/{number}/doubts")
def act(service: ServicePart, visit: EditorPart, number: Number, form: FormPart) -> Response:
    """Decide about what was shown, and about nothing that has changed since."""
    with service.database.reading() as session:
        issue_or_404(session, number)
    decided = decide(
        service,
        number,
        form,
        actor=Actor.of(visit.editor).words,
        beside=noted(visit, Act.COPIES_DECIDED, number, verdict_of(form) or ""),
    )
    if decided.came is not Came.DECIDED:
        return _page(service, visit, number, decided.came)
    done = "resend" if decided.verdict == "resend" else "left"
    return see(f"/editor/issues/{number}/live?done={done}")


def _page(service: Service, visit: Visit, number: int, came: Came | None = None) -> HTMLResponse:
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
    known = known_of(service, issue)
    return editor_page(
        service,
        visit,
        "doubts.html",
        status=_STATUS[came] if came else 200,
        number=number,
        known=known,
        calls=known.doubts.calls[:MOST_CALLS] if known else (),
        came=came,
        may_say=may(visit.role, Role.EDITOR),
    )
