"""Passkeys, as our script brings them: asked for with GET, which changes nothing, and shown with POST."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from newsletter.editors import asking, ceremonies, entering
from newsletter.editors.ceremonies import Terms
from newsletter.editors.refusals import RefusedPasskey
from newsletter.editors.relying import site
from newsletter.service import Service
from newsletter.web.editor.cookies import require_cookie
from newsletter.web.editor.entry.sign_in import network_of
from newsletter.web.editor.visits import FreshPart, ViewerPart, own_page
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)

_MOST_BYTES = 20_000
"""Of what a browser brings; a passkey has one or two thousand."""

_TOO_OFTEN = "There were too many tries from your network. Use the link by mail, or try in an hour."


def has_passkeys(service: Service) -> bool:
    """Say whether browsers make passkeys for the address of this service."""
    return site(service.settings.base_url, service.settings.name) is not None


def _terms(service: ServicePart) -> Terms:
    known = site(service.settings.base_url, service.settings.name)
    if known is None:
        raise HTTPException(404)
    return Terms(known, service.pepper)


TermsPart = Annotated[Terms, Depends(_terms)]


async def _brought(request: Request) -> dict[str, Any]:
    body = await request.body()
    if len(body) > _MOST_BYTES:
        raise HTTPException(413)
    try:
        brought = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise HTTPException(422) from None
    if not isinstance(brought, dict) or not isinstance(brought.get("credential"), dict):
        raise HTTPException(422)
    return brought


BroughtPart = Annotated[dict[str, Any], Depends(_brought)]


@router.get("/editor/passkeys/challenge")
def challenge(service: ServicePart, terms: TermsPart) -> Response:
    """Give what a browser needs to show a passkey; the same to everybody but for a nonce."""
    return _json(ceremonies.to_sign_in(terms, now=service.clock()))


@router.post("/editor/passkeys/sign-in")
def sign_in(
    service: ServicePart, request: Request, terms: TermsPart, brought: BroughtPart
) -> Response:
    """Sign in whose passkey is shown."""
    cookie, now = require_cookie(service), service.clock()
    with service.database.writing() as session:
        if not asking.may_try(session, network_of(request), pepper=service.pepper, now=now):
            raise HTTPException(429, _TOO_OFTEN)
    try:
        with service.database.writing() as session:
            editor = ceremonies.accept(session, terms, brought["credential"], now=now)
            secret = entering.enter(
                session, editor, entering.BY_PASSKEY, now=now, instead_of=cookie.token(request)
            )
    except RefusedPasskey as refusal:
        return JSONResponse({"detail": str(refusal)}, 403)
    answer = JSONResponse({"next": own_page(str(brought.get("back", "")))})
    cookie.put(answer, secret)
    return answer


@router.get("/editor/account/challenge")
def new_challenge(
    service: ServicePart, visit: ViewerPart, _: FreshPart, terms: TermsPart
) -> Response:
    """Give what the browser of somebody signed in needs to make a passkey."""
    with service.database.reading() as session:
        return _json(ceremonies.to_register(session, terms, visit))


@router.post("/editor/account/passkeys")
def register(
    service: ServicePart, visit: ViewerPart, _: FreshPart, terms: TermsPart, brought: BroughtPart
) -> Response:
    """Keep a new passkey; everywhere else its owner is signed out."""
    cookie, label = require_cookie(service), str(brought.get("label", ""))
    try:
        with service.database.writing() as session:
            secret = ceremonies.register(session, terms, visit, brought["credential"], label)
    except RefusedPasskey as refusal:
        return JSONResponse({"detail": str(refusal)}, 403)
    answer = JSONResponse({"next": "/editor/account?done=registered"})
    cookie.put(answer, secret)
    return answer


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
