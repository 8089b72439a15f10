"""A reader's own data: asked for by a button, mailed as a link, taken away or erased behind it.

Whoever opens the preferences may ask; only whoever reads the mailbox can see or erase anything.
"""

import orjson
from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import HTMLResponse

from newsletter import personal_data
from newsletter.notices.letters import LetterKind
from newsletter.reader_letters.own_data import LINK_FOR, ask_for_data_link, can_be_asked
from newsletter.service import Service
from newsletter.web.links import opened
from newsletter.web.manage_link import link_ended
from newsletter.web.parts import FormPart, ServicePart, page
from subscribers import queries
from subscribers.address import mask
from subscribers.errors import ExpiredToken
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.tokens import Claims, Purpose

router = APIRouter(include_in_schema=False)

_KINDS = {kind.value: kind for kind in (LetterKind.EXPORT, LetterKind.ERASE)}
_FILE = "my-data.json"


@router.get("/manage/{token}/data")
def choose(service: ServicePart, token: str) -> HTMLResponse:
    """Show the two buttons by themselves; nothing changes, whoever opens the link."""
    try:
        return _page(service, token, _asking(service, token))
    except ExpiredToken:
        return link_ended(service, token)


@router.post("/manage/{token}/data")
def ask(service: ServicePart, token: str, form: FormPart) -> HTMLResponse:
    """Mail the link that the button is for, one of its kind in an hour."""
    try:
        claims = _asking(service, token)
    except ExpiredToken:
        return link_ended(service, token)
    kind = _KINDS.get(form.get("send", ""))
    if kind is None:
        raise HTTPException(422)
    reader = _by_public_id(service, claims.public_id)
    with service.database.writing() as session:
        ask_for_data_link(session, reader, kind, pepper=service.pepper, now=service.clock())
    return _page(service, token, claims, sent=kind.value)


@router.get("/export/{token}")
def show_export(service: ServicePart, token: str) -> HTMLResponse:
    """Show a button; nothing is in the page itself, which a scanner may read."""
    try:
        reader = _reader(service, token, Purpose.EXPORT)
    except ExpiredToken:
        return _too_old(service)
    return page(service, "export.html", address=_masked(reader))


@router.post("/export/{token}")
def export(service: ServicePart, token: str) -> Response:
    """Give everything that is held, as a file; the body is not read."""
    try:
        reader = _reader(service, token, Purpose.EXPORT)
    except ExpiredToken:
        return _too_old(service)
    if reader.state == State.ERASED:
        return page(service, "export.html", status=410, address=None)
    with service.database.reading() as session:
        whole = personal_data.export(session, reader)
    return Response(
        orjson.dumps(whole, option=orjson.OPT_INDENT_2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{_FILE}"'},
    )


@router.get("/erase/{token}")
def show_erase(service: ServicePart, token: str) -> HTMLResponse:
    """Say what would be erased and what would stay, with one button."""
    try:
        reader = _reader(service, token, Purpose.ERASE)
    except ExpiredToken:
        return _too_old(service)
    return page(service, "erase.html", address=_masked(reader))


@router.post("/erase/{token}")
def erase(service: ServicePart, token: str) -> HTMLResponse:
    """Erase, once or again, and say so; the body is not read."""
    try:
        reader = _reader(service, token, Purpose.ERASE)
    except ExpiredToken:
        return _too_old(service)
    with service.database.writing() as session:
        personal_data.erase(session, reader.public_id, now=service.clock())
    return page(service, "erase.html", address=None)


def _asking(service: Service, token: str) -> Claims:
    return opened(service, token, Purpose.MANAGE, Purpose.PREFERENCES)


def _reader(service: Service, token: str, purpose: Purpose) -> Subscriber:
    return _by_public_id(service, opened(service, token, purpose).public_id)


def _by_public_id(service: Service, public_id: str) -> Subscriber:
    with service.database.reading() as session:
        reader = queries.by_public_id(session, public_id)
    if reader is None:
        raise HTTPException(404)
    return reader


def _masked(reader: Subscriber) -> str | None:
    return mask(reader.email) if reader.email else None


def _page(service: Service, token: str, claims: Claims, *, sent: str = "") -> HTMLResponse:
    """Make the page; to the link of a letter, which may be forwarded, it says nothing of the reader."""
    reader = _by_public_id(service, claims.public_id)
    with service.database.reading() as session:
        reachable = can_be_asked(session, reader)
    return page(
        service,
        "data.html",
        token=token,
        sent=sent,
        named=claims.purpose is Purpose.MANAGE,
        address=_masked(reader),
        reachable=reachable,
    )


def _too_old(service: Service) -> HTMLResponse:
    return page(service, "data_expired.html", status=410, minutes=LINK_FOR.seconds // 60)
