"""The mailbox's answer to a request: yes, or never again. GET shows a button, only POST acts."""

from functools import partial

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from newsletter.service import Service
from newsletter.sign_up import wording
from newsletter.web.coming import coming
from newsletter.web.parts import ServicePart, page
from newsletter.web.privacy import shown_notice
from subscribers import queries, signup
from subscribers.address import mask
from subscribers.consent import Consent, ConsentEvent, fingerprint
from subscribers.errors import ExpiredToken, RequestGone, SubscriberError, UnknownSubscriber
from subscribers.models import Subscriber
from subscribers.states import ON_THE_LIST, State
from subscribers.suppression import refuse
from subscribers.tokens import Claims, Purpose

router = APIRouter(include_in_schema=False)

_REFUSED = (State.SUPPRESSED, State.COMPLAINED)


@router.get("/confirm/{token}")
def ask(service: ServicePart, token: str) -> HTMLResponse:
    """Show what is asked for and one button; nothing changes, whoever opens the link."""
    try:
        public_id = _confirming(service, token)
    except ExpiredToken:
        return _too_late(service)
    with service.database.reading() as session:
        reader = queries.by_public_id(session, public_id)
        is_open = reader is not None and signup.can_confirm(session, reader, now=service.clock())
    if reader is not None and reader.state in ON_THE_LIST:
        return _done(service, reader, already=True)
    if not is_open:
        return _too_late(service)
    words = wording.present(service.settings.name)
    return page(service, "confirm.html", address=_masked(reader), consent=words)


@router.post("/confirm/{token}")
def act(service: ServicePart, token: str) -> HTMLResponse:
    """Subscribe, once or again, and say so; the body is not read."""
    words = wording.present(service.settings.name)
    try:
        public_id = _confirming(service, token)
        consent = Consent(
            event=ConsentEvent.CONFIRMED,
            source=f"{service.settings.base_url}/confirm",
            at=service.clock(),
            wording=words.text,
            wording_version=words.version,
            privacy_version=shown_notice(service),
            token_hash=fingerprint(token),
        )
        with service.database.writing() as session:
            new = signup.confirm(session, public_id, consent=consent)
            reader = queries.by_public_id(session, public_id)
    except (ExpiredToken, RequestGone, UnknownSubscriber):
        return _too_late(service)
    assert reader is not None  # it has just said yes
    return _done(service, reader, already=not new)


@router.get("/never/{token}")
def ask_never(service: ServicePart, token: str) -> HTMLResponse:
    """Show the address, masked, and one button; nothing changes, whoever opens the link."""
    claims = _refusing(service, token)
    with service.database.reading() as session:
        reader = queries.by_public_id(session, claims.public_id)
    if reader is not None and reader.token_epoch != claims.issue:
        reader = None  # moved away from the mailbox that has this link
    refused = reader is not None and reader.state in _REFUSED
    return page(service, "never.html", address=_masked(reader), refused=refused)


@router.post("/never/{token}")
def act_never(service: ServicePart, token: str) -> HTMLResponse:
    """Keep this address from ever being written to, and say so; the body is not read."""
    claims = _refusing(service, token)
    with service.database.writing() as session:
        known = refuse(session, claims.public_id, now=service.clock(), epoch=claims.issue)
        address = _masked(queries.by_public_id(session, claims.public_id)) if known else None
    return page(service, "never.html", address=address, refused=known)


def _confirming(service: Service, token: str) -> str:
    """Read whose yes it would be.

    A request that was deleted in the meantime has left its link behind: that is too old, and no
    damaged one.

    Raises:
        HTTPException: 404 for a token that is none of ours, or not for this.
        ExpiredToken: for a genuine one that is too old.
    """
    with service.database.reading() as session:
        epoch_of = partial(queries.token_epoch, session)
        try:
            return service.signer.open(
                token,
                Purpose.CONFIRM,
                epoch_of=lambda public_id: epoch_of(public_id) or 0,
                now=service.clock(),
            ).public_id
        except ExpiredToken:
            raise
        except SubscriberError:
            raise HTTPException(404) from None


def _refusing(service: Service, token: str) -> Claims:
    """Read whose no it would be, and of which of their addresses.

    Raises:
        HTTPException: 404 for a token that is none of ours, or not for this.
    """
    try:
        return service.signer.read(token, Purpose.NEVER)
    except SubscriberError:
        raise HTTPException(404) from None


def _masked(reader: Subscriber | None) -> str | None:
    return mask(reader.email) if reader is not None and reader.email else None


def _done(service: Service, reader: Subscriber, *, already: bool) -> HTMLResponse:
    next_at = coming(service.desk, reader, service.clock()).next
    return page(service, "confirmed.html", next_at=next_at, already=already)


def _too_late(service: Service) -> HTMLResponse:
    return page(service, "confirm_gone.html", status=410)
