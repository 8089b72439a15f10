"""Signing in by a mailed link, and out: GET shows a button, POST acts; the answer tells nobody who is known."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from newsletter.editors import asking, entering, links
from newsletter.editors.refusals import LinkOver, UnknownLink
from newsletter.editors.relying import site
from newsletter.editors.sessions import Visit
from newsletter.service import Service
from newsletter.sign_up import places
from newsletter.web.editor.cookies import cookie_of, require_cookie
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import AnybodyPart, own_page
from newsletter.web.parts import FormPart, ServicePart
from subscribers.address import Address
from subscribers.errors import InvalidAddress

router = APIRouter(include_in_schema=False)


@router.get("/editor/sign-in")
def form(service: ServicePart, visit: AnybodyPart, back: str = "") -> HTMLResponse:
    """Show both ways in; also to who is signed in and has to show once more who they are."""
    require_cookie(service)
    return _form(service, visit, own_page(back))


@router.post("/editor/sign-in")
def ask(service: ServicePart, request: Request, form: FormPart) -> HTMLResponse:
    """Note that somebody wants a link, whoever it is; the letter leaves with the next heartbeat."""
    require_cookie(service)
    back = own_page(form.get("back", ""))
    try:
        address = Address.parse(form.get("email", ""))
    except InvalidAddress as problem:
        return _form(service, None, back, str(problem))
    asked = asking.Request(address, network_of(request), back)
    with service.database.writing() as session:
        asking.ask(session, asked, pepper=service.pepper, now=service.clock())
    passive = service.fence.objection() is not None
    return editor_page(service, None, "sign_in_asked.html", passive=passive, back=back)


@router.get("/editor/sign-in/{token}")
def look(service: ServicePart, token: str) -> HTMLResponse:
    """Show the button; scanners that open every link of a letter use nothing up."""
    try:
        with service.database.reading() as session:
            links.look(session, token, now=service.clock())
    except UnknownLink:
        raise HTTPException(404) from None
    except LinkOver:
        return _over(service)
    return editor_page(service, None, "sign_in_button.html")


@router.post("/editor/sign-in/{token}")
def enter(service: ServicePart, request: Request, token: str) -> Response:
    """Sign in, once; a session that this browser had ends."""
    cookie = require_cookie(service)
    before = cookie.token(request)
    try:
        with service.database.writing() as session:
            secret, back = entering.by_link(session, token, now=service.clock(), instead_of=before)
    except UnknownLink:
        raise HTTPException(404) from None
    except LinkOver:
        return _over(service)
    answer = see(own_page(back))
    cookie.put(answer, secret)
    return answer


@router.post("/editor/sign-out")
def leave(service: ServicePart, request: Request, visit: AnybodyPart) -> Response:
    """End this session; also the cookie of one that is over goes."""
    answer = see("/editor/sign-in")
    if visit is not None:
        with service.database.writing() as session:
            entering.leave(session, visit)
    cookie = cookie_of(service)
    if cookie and cookie.token(request):
        cookie.take(answer)
    return answer


def network_of(request: Request) -> str:
    """Give the network a request comes from, by which tries are counted."""
    return places.network(request.client.host if request.client else None)


def _form(service: Service, visit: Visit | None, back: str, problem: str = "") -> HTMLResponse:
    settings = service.settings
    return editor_page(
        service,
        visit,
        "sign_in.html",
        status=422 if problem else 200,
        back=back,
        problem=problem,
        can_passkey=site(settings.base_url, settings.name) is not None,
    )


def _over(service: Service) -> HTMLResponse:
    return editor_page(service, None, "link_over.html", status=410)
