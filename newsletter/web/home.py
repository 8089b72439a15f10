"""The front page, and how verdicts are made."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from newsletter.issues import frozen, store
from newsletter.web.parts import ServicePart, lasting_page, page
from newsletter.web.sign_up import sign_up_form

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(service: ServicePart) -> HTMLResponse:
    """Say what this newsletter is, when the next issue comes, and show the latest."""
    with service.database.reading() as session:
        issues = store.published(session, 1)
    latest = frozen.readable(issues[0]) if issues else None
    slot = service.desk.slots.next()
    return page(
        service,
        "home.html",
        latest=latest,
        sent=bool(issues),
        next_at=service.window.local(slot.instant),
        zone=service.window.zone,
        **sign_up_form(service, "/"),
    )


@router.get("/how-verdicts-are-made")
def method(service: ServicePart, request: Request) -> Response:
    """Explain the rule behind Ship, Mixed and Skip, and where quotes come from."""
    return lasting_page(request, service, "method.html")
