"""Who gets in, as what: owners say so, with a fresh sign-in."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from newsletter.editors import accounts
from newsletter.editors.acts import Actor
from newsletter.editors.refusals import AlreadyEditor, NoOwnerAnyMore, NotYourself, UnknownEditor
from newsletter.editors.roles import MEANINGS, Role
from newsletter.editors.sessions import Visit
from newsletter.service import Service
from newsletter.web.editor.entry.account import RowId
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import FreshPart, OwnerPart
from newsletter.web.parts import Form, FormPart, ServicePart
from subscribers.address import Address
from subscribers.errors import InvalidAddress

router = APIRouter(include_in_schema=False)

_DONE = {
    "added": "They may sign in now. Nobody was mailed: tell them the address of this page.",
    "known": "They could sign in already.",
    "changed": "They are signed out everywhere, and sign in again with the new role.",
    "same": "That is what they were already: nothing was changed.",
    "removed": "They are signed out everywhere and cannot sign in any more.",
}
_TWICE = "They are here already, with another role: change it in the list."
_GONE = "Somebody was faster: things have changed since the page was opened. This is how they stand now."


@router.get("/editor/people")
def show(service: ServicePart, visit: OwnerPart, done: str = "") -> HTMLResponse:
    """List everybody who may sign in."""
    return _page(service, visit, news=_DONE.get(done, ""))


@router.post("/editor/people")
def add(service: ServicePart, visit: OwnerPart, _: FreshPart, form: FormPart) -> Response:
    """Let somebody in."""
    role = _role(form)
    if role is None:
        return _page(service, visit, status=422, problem="Choose a role.")
    try:
        address = Address.parse(form.get("email", ""))
        with service.database.writing() as session:
            new = accounts.add(
                session,
                address,
                role,
                pepper=service.pepper,
                actor=Actor.of(visit.editor),
                now=visit.now,
            )[1]
    except InvalidAddress as problem:
        return _page(service, visit, status=422, problem=str(problem))
    except AlreadyEditor:
        return _page(service, visit, status=409, problem=_TWICE)
    return see(f"/editor/people?done={'added' if new else 'known'}")


@router.post("/editor/people/{editor_id}/role")
def change(
    service: ServicePart, visit: OwnerPart, _: FreshPart, editor_id: RowId, form: FormPart
) -> Response:
    """Make somebody something else."""
    role = _role(form)
    if role is None:
        return _page(service, visit, status=422, problem="Choose a role.")
    try:
        with service.database.writing() as session:
            editor = accounts.require_other(session, visit.editor, editor_id)
            actor = Actor.of(visit.editor)
            news = accounts.change_role(session, editor, role, actor=actor, now=visit.now)
    except NotYourself as problem:
        return _page(service, visit, status=409, problem=str(problem))
    except (UnknownEditor, NoOwnerAnyMore):
        return _page(service, visit, status=409, problem=_GONE)
    return see(f"/editor/people?done={'changed' if news else 'same'}")


@router.post("/editor/people/{editor_id}/remove")
def remove(service: ServicePart, visit: OwnerPart, _: FreshPart, editor_id: RowId) -> Response:
    """Shut somebody out."""
    try:
        with service.database.writing() as session:
            editor = accounts.require_other(session, visit.editor, editor_id)
            accounts.remove(session, editor, actor=Actor.of(visit.editor), now=visit.now)
    except NotYourself as problem:
        return _page(service, visit, status=409, problem=str(problem))
    except (UnknownEditor, NoOwnerAnyMore):
        return _page(service, visit, status=409, problem=_GONE)
    return see("/editor/people?done=removed")


def _role(form: Form) -> Role | None:
    chosen = form.get("role")
    return next((role for role in Role if role == chosen), None)


def _page(
    service: Service, visit: Visit, *, status: int = 200, news: str = "", problem: str = ""
) -> HTMLResponse:
    with service.database.reading() as session:
        everybody = accounts.everybody(session)
    return editor_page(
        service,
        visit,
        "people.html",
        status=status,
        people=[one for one in everybody if one.disabled_at is None],
        meanings=MEANINGS,
        news=news,
        problem=problem,
    )
