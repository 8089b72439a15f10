"""Test copies: the short list of mailboxes that get them, and the button that sends them."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response

from newsletter.delivery.message import Outcome
from newsletter.editors import mailboxes
from newsletter.editors.acts import Actor
from newsletter.editors.mailboxes import TooManyMailboxes, TooManyTests
from newsletter.editors.roles import Role, may
from newsletter.editors.sessions import Visit
from newsletter.errors import NewsletterError
from newsletter.service import Service
from newsletter.web.editor.entry.account import RowId
from newsletter.web.editor.issue.issues import Number, issue_or_404
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import EditorPart, FreshPart, ViewerPart
from newsletter.web.parts import FormPart, ServicePart
from subscribers.address import Address, mask
from subscribers.errors import InvalidAddress

router = APIRouter(include_in_schema=False)

_DONE = {
    "added": "It gets test copies from now on.",
    "known": "It was on the list already.",
    "removed": "It gets no test copies any more.",
}


@router.get("/editor/mailboxes")
def show(service: ServicePart, visit: ViewerPart, done: str = "") -> HTMLResponse:
    """List the mailboxes."""
    return _page(service, visit, news=_DONE.get(done, ""))


@router.post("/editor/mailboxes")
def add(service: ServicePart, visit: EditorPart, _: FreshPart, form: FormPart) -> Response:
    """Put a mailbox on the list."""
    try:
        address = Address.parse(form.get("email", ""))
        with service.database.writing() as session:
            actor = Actor.of(visit.editor)
            new = mailboxes.add(session, address, actor=actor, now=visit.now)
    except InvalidAddress as problem:
        return _page(service, visit, status=422, problem=str(problem))
    except TooManyMailboxes as problem:
        return _page(service, visit, status=409, problem=str(problem))
    return see(f"/editor/mailboxes?done={'added' if new else 'known'}")


@router.post("/editor/mailboxes/{mailbox_id}/remove")
def remove(service: ServicePart, visit: EditorPart, _: FreshPart, mailbox_id: RowId) -> Response:
    """Take a mailbox off the list."""
    with service.database.writing() as session:
        actor = Actor.of(visit.editor)
        known = mailboxes.remove(session, mailbox_id, actor=actor, now=visit.now)
    if not known:
        raise HTTPException(404)
    return see("/editor/mailboxes?done=removed")


@router.post("/editor/issues/{number}/test")
def send(service: ServicePart, visit: EditorPart, number: Number) -> Response:
    """Send a copy marked as a test to each mailbox; no row of a delivery is touched."""
    back = f"/editor/issues/{number}?done="
    with service.database.reading() as session:
        issue_or_404(session, number)
    if service.fence.objection() is not None:
        return see(f"{back}passive")
    try:
        with service.database.writing() as session:
            actor = Actor.of(visit.editor)
            addresses = mailboxes.begin_round(session, number, actor=actor, now=visit.now)
    except TooManyTests:
        return see(f"{back}too-often")
    if not addresses:
        return see(f"{back}none")
    accepted = sum(_is_accepted(service, number, address) for address in addresses)
    return see(f"{back}tested&sent={accepted}&of={len(addresses)}")


def _is_accepted(service: Service, number: int, address: str) -> bool:
    try:
        return service.desk.test(number, address).outcome is Outcome.ACCEPTED
    except NewsletterError:
        return False  # one that cannot be written keeps no other from leaving


def _page(
    service: Service, visit: Visit, *, status: int = 200, news: str = "", problem: str = ""
) -> HTMLResponse:
    is_editor = may(visit.role, Role.EDITOR)
    with service.database.reading() as session:
        boxes = [
            (one.id, one.email if is_editor else mask(one.email), one.added_at)
            for one in mailboxes.listed(session)
        ]
    return editor_page(
        service,
        visit,
        "mailboxes.html",
        status=status,
        boxes=boxes,
        most=mailboxes.MOST,
        is_editor=is_editor,
        news=news,
        problem=problem,
    )
