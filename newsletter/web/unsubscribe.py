"""The way out: GET shows a page and changes nothing, POST acts (RFC 8058).

The POST needs no cookie, no login and no proof of origin: mailbox providers send it. The token in
the address is the whole authority, it never expires, and the answer comes after the commit. What
else may be wanted is offered below what happened, and only to whoever has just left: the link is
also in every forwarded letter, and must not bring back somebody who wanted to go.
"""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from newsletter.delivery.headers import TEST_TOKEN
from newsletter.leaving import leave, undo_token
from newsletter.service import Service
from newsletter.web.parts import ServicePart, page
from newsletter.web.undo import offers
from subscribers import queries
from subscribers.address import mask
from subscribers.errors import SubscriberError
from subscribers.states import OUT
from subscribers.tokens import Claims, Purpose
from subscribers.unsubscribe import By, Unsubscribed

router = APIRouter(include_in_schema=False)

_PAGE = "page"


@router.get("/unsubscribe/{token}")
def ask(service: ServicePart, token: str) -> HTMLResponse:
    """Show the address, masked, and one button; nothing changes, whoever opens the link."""
    if token == TEST_TOKEN:
        return page(service, "unsubscribe.html", address=None, test=True, left=False)
    public_id = _claims(service, token).public_id
    with service.database.reading() as session:
        found = queries.by_public_id(session, public_id)
    address = mask(found.email) if found and found.email else None
    left = found is None or found.state in OUT
    return page(service, "unsubscribe.html", address=address, test=False, left=left)


@router.post("/unsubscribe/{token}")
def act(service: ServicePart, token: str, by: str = "") -> HTMLResponse:
    """Unsubscribe, once or again, and say so; the body is not read.

    The button of our page says so in the address that it is sent to; a mail program does not.
    """
    claims, now = _claims(service, token), service.clock()
    source = _PAGE if by == _PAGE else "one-click"
    try:
        with service.database.writing() as session:
            done = leave(
                session, claims.public_id, now=now, source=source, by=By(issue=claims.issue)
            )
            offered = _offered(service, session, claims.public_id, done)
    except SQLAlchemyError:
        raise HTTPException(503) from None  # a provider that asked for somebody asks again
    return page(
        service, "unsubscribed.html", address=done.address, already=done.already, offers=offered
    )


def _offered(
    service: Service, session: Session, public_id: str, done: Unsubscribed
) -> dict[str, object] | None:
    reader = queries.by_public_id(session, public_id) if done.received else None
    if reader is None:
        return None
    token = undo_token(service.signer, session, reader, now=service.clock())
    return offers(token, reader) if token else None


def _claims(service: Service, token: str) -> Claims:
    """Read whose token it is, and of which letter; damaged, foreign and invented ones look alike."""
    try:
        return service.signer.read(token, Purpose.UNSUBSCRIBE)
    except SubscriberError:
        raise HTTPException(404) from None
