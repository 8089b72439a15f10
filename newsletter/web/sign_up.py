"""Asking for the newsletter: a form, here or on any other page, and one answer to everybody.

What is posted is noted and answered later by mail, or not: so the answer, and all the work for it,
is the same for an address that is new, subscribed, left or kept off the list.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse

from newsletter.service import Service
from newsletter.sign_up import domains, places, wording
from newsletter.sign_up.asking import Asked
from newsletter.sign_up.submission import Submission, understood
from newsletter.web import answers
from newsletter.web.parts import ServicePart, page
from newsletter.web.posted import Posted, PostedPart
from newsletter.web.privacy import shown_notice
from subscribers.address import Address
from subscribers.errors import InvalidAddress

router = APIRouter(tags=["subscribing"])

_OWN_PAGES = frozenset({"/", "/subscribe"})
_UNTOLD = "a page that did not tell its address"


def sign_up_form(service: Service, own_page: str) -> dict[str, Any]:
    """Give what the form on one of our own pages needs.

    Args:
        service: the service.
        own_page: the page's path.
    """
    return {
        "own_page": own_page,
        "stamp": service.reception.stamp(),
        "consent": wording.present(service.settings.name),
    }


@router.get("/subscribe", include_in_schema=False)
def form(service: ServicePart) -> HTMLResponse:
    """Show the form by itself."""
    return page(service, "subscribe.html", problem="", **sign_up_form(service, "/subscribe"))


@router.get("/subscribe/challenge", include_in_schema=False)
def challenge(service: ServicePart, request: Request) -> Response:
    """Give a challenge for the form's script to solve; 204 while none is needed."""
    host = request.client.host if request.client else None
    made = service.reception.challenge(places.network(host))
    headers = {"Cache-Control": "no-store"}
    return JSONResponse(made, headers=headers) if made else Response(None, 204, headers)


@router.get("/embed", include_in_schema=False)
def embed(service: ServicePart) -> HTMLResponse:
    """Show the form as HTML to copy into another page; it needs no script."""
    return page(service, "embed.html", consent=wording.present(service.settings.name))


@router.post("/subscribe", responses=answers.ASKED, openapi_extra=answers.ASKING)
@router.post("/subscription/form", include_in_schema=False)
@router.post("/api/public/subscription", include_in_schema=False)
def subscribe(service: ServicePart, posted: PostedPart) -> Response:
    """Note that somebody asks, and say what happens now."""
    submission = understood(posted.fields)
    try:
        address = Address.parse(submission.email)
    except InvalidAddress as problem:
        return _refusal(service, posted, submission, str(problem))
    if not submission.trapped:
        _note(service, posted, submission, address)
    return _answer(service, posted, submission, domains.suggestion(address.domain))


def _note(service: Service, posted: Posted, submission: Submission, address: Address) -> None:
    source = _source(service, posted, submission)
    reception = service.reception
    reception.note(
        Asked(
            address=address,
            profile=submission.profile(source),
            wording=wording.shown(submission.consent, service.settings.name, source),
            privacy_version=shown_notice(service),
            network=places.network(posted.host),
            proof=reception.proof(submission.proof),
            hasty=reception.is_hasty(submission.stamp),
        )
    )


def _source(service: Service, posted: Posted, submission: Submission) -> str:
    if submission.page in _OWN_PAGES:
        return f"{service.settings.base_url}{submission.page}"
    return posted.place or _UNTOLD


def _answer(
    service: Service, posted: Posted, submission: Submission, suggestion: str | None
) -> Response:
    if posted.as_json:
        return JSONResponse({"data": {"has_optin": True}, "suggestion": suggestion})
    if submission.wants_text:
        return PlainTextResponse("1")
    if submission.next_page in service.settings.redirect_targets:
        return RedirectResponse(submission.next_page, status_code=303)
    values = sign_up_form(service, "/subscribe")
    return page(service, "asked.html", suggestion=suggestion, **values)


def _refusal(service: Service, posted: Posted, submission: Submission, problem: str) -> Response:
    if posted.as_json:
        return JSONResponse({"detail": problem}, 422)
    if submission.wants_text:
        return PlainTextResponse("Invalid email address.", 422)
    values = sign_up_form(service, "/subscribe")
    return page(service, "subscribe.html", status=422, problem=problem, **values)
