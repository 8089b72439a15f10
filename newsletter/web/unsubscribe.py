"""The way out: GET shows a page and changes nothing, POST acts (RFC 8058).

The POST needs no cookie, no login and no proof of origin: mailbox providers send it. The token in
the address is the whole authority, it never expires, and the answer comes after the commit.
"""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from newsletter.delivery.headers import TEST_TOKEN
from newsletter.service import Service
from newsletter.web.parts import ServicePart, page
from subscribers import queries
from subscribers.address import mask
from subscribers.errors import SubscriberError
from subscribers.states import OUT
from subscribers.tokens import Purpose
from subscribers.unsubscribe import unsubscribe

router = APIRouter(include_in_schema=False)


@router.get("/unsubscribe/{token}")
def ask(service: ServicePart, token: str) -> HTMLResponse:
    """Show the address, masked, and one button; nothing changes, whoever opens the link."""
    if token == TEST_TOKEN:
        return page(service, "unsubscribe.html", address=None, test=True, left=False)
    public_id = _public_id(service, token)
    with service.database.reading() as session:
        found = queries.by_public_id(session, public_id)
    address = mask(found.email) if found and found.email else None
    left = found is None or found.state in OUT
    return page(service, "unsubscribe.html", address=address, test=False, left=left)


@router.post("/unsubscribe/{token}")
def act(service: ServicePart, token: str) -> HTMLResponse:
    """Unsubscribe, once or again, and say so; the body is not read."""
    public_id = _public_id(service, token)
    with service.database.writing() as session:
        done = unsubscribe(session, public_id, now=service.clock(), source="one-click")
    return page(service, "unsubscribed.html", address=done.address, already=done.already)


def _public_id(service: Service, token: str) -> str:
    """Read whose token it is; damaged, foreign and invented ones look alike."""
    try:
        return service.signer.read(token, Purpose.UNSUBSCRIBE).public_id
    except SubscriberError:
        raise HTTPException(404) from None
