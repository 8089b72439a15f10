"""Somebody's own passkeys and sessions, and the end of either."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from fastapi.responses import HTMLResponse, Response

from newsletter.editors import entering, passkeys, sessions
from newsletter.web.editor.cookies import require_cookie
from newsletter.web.editor.entry.passkeys import has_passkeys
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import FreshPart, ViewerPart
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""A number that a row can have."""

_DONE = {
    "registered": "The passkey is kept. You can sign in with it from now on; everywhere else you are signed out.",
    "removed": "The passkey is forgotten here. Everywhere else you are signed out.",
    "ended": "It is ended: whoever was signed in there is not any more.",
}


@router.get("/editor/account")
def show(service: ServicePart, visit: ViewerPart, done: str = "") -> HTMLResponse:
    """Show who one is here, how one gets in, and where one is signed in."""
    own = visit.editor.number
    with service.database.reading() as session:
        keys = passkeys.of_editor(session, own)
        open_ = sessions.of_editor(session, own, now=visit.now)
    return editor_page(
        service,
        visit,
        "account.html",
        passkeys=keys,
        sessions=sorted(open_, key=lambda one: one.id != visit.session.id),
        can_register=has_passkeys(service),
        news=_DONE.get(done, ""),
    )


@router.post("/editor/account/passkeys/{passkey_id}/remove")
def forget(service: ServicePart, visit: ViewerPart, _: FreshPart, passkey_id: RowId) -> Response:
    """Forget one of one's own passkeys."""
    cookie = require_cookie(service)
    with service.database.writing() as session:
        secret = passkeys.remove(session, visit, passkey_id)
    if secret is None:
        raise HTTPException(404)
    answer = see("/editor/account?done=removed")
    cookie.put(answer, secret)
    return answer


@router.post("/editor/account/sessions/{session_id}/end")
def end(service: ServicePart, visit: ViewerPart, session_id: RowId) -> Response:
    """End one of one's own sessions."""
    with service.database.writing() as session:
        entering.end_others(session, visit, session_id)
    return see("/editor/account?done=ended")


@router.post("/editor/account/sessions/end")
def end_others(service: ServicePart, visit: ViewerPart) -> Response:
    """End all of one's sessions but the present one."""
    with service.database.writing() as session:
        entering.end_others(session, visit)
    return see("/editor/account?done=ended")
