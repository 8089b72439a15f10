"""Moving to another address: asked for in the preferences, and answered by both mailboxes.

Whoever asks is told the same whether the new address is free, taken or kept off the list, and the
work is the same. GET shows what would happen, only POST acts.
"""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from newsletter.service import Service
from newsletter.sign_up.domains import suggestion
from newsletter.sign_up.moving import Move, ask_both
from newsletter.web.links import opened
from newsletter.web.manage_link import link_ended
from newsletter.web.parts import FormPart, ServicePart, page
from subscribers import address_change, queries
from subscribers.address import Address, mask
from subscribers.address_change import Link, Mailbox, Standing
from subscribers.errors import ExpiredToken, HasLeft, InvalidAddress
from subscribers.models import Subscriber
from subscribers.tokens import Purpose

router = APIRouter(include_in_schema=False)

_MAILBOXES = {Purpose.CHANGE_FROM: Mailbox.OLD, Purpose.CHANGE_TO: Mailbox.NEW}
_ANSWERS = {Mailbox.OLD: ("yes", "no"), Mailbox.NEW: ("yes", "no", "never")}
_STATUS = {Standing.GONE: 410, Standing.IMPOSSIBLE: 409}


def moving_to(service: Service, reader: Subscriber) -> str | None:
    """Give the address, masked, that a reader wants to move to; None without an open wish."""
    with service.database.reading() as session:
        wish = address_change.open_wish(session, reader, service.clock())
    return mask(wish.new_email) if wish else None


@router.get("/manage/{token}/address")
def form(service: ServicePart, token: str) -> HTMLResponse:
    """Show the form for another address by itself."""
    try:
        opened(service, token, Purpose.MANAGE)
    except ExpiredToken:
        return link_ended(service, token)
    return page(service, "address_form.html", token=token, problem="")


@router.post("/manage/{token}/address")
def ask(service: ServicePart, token: str, form: FormPart) -> HTMLResponse:
    """Ask both mailboxes, or withdraw what was asked."""
    try:
        public_id = opened(service, token, Purpose.MANAGE).public_id
        if form.get("action") == "stay":
            return _stay(service, token, public_id)
        address = Address.parse(form.get("email", ""))
        _ask(service, Move(public_id, address))
    except ExpiredToken:
        return link_ended(service, token)
    except InvalidAddress as problem:
        return page(service, "address_form.html", status=422, token=token, problem=str(problem))
    except HasLeft:
        return page(service, "manage_away.html", status=409, token=token, address=None)
    meant = suggestion(address.domain)
    return page(service, "address_asked.html", token=token, suggestion=meant)


@router.get("/address/{token}")
def show(service: ServicePart, token: str) -> HTMLResponse:
    """Show what one of the mailboxes is asked, with a button for each answer; nothing changes."""
    try:
        link, is_past = _link(service, token)
    except ExpiredToken:
        return _too_late(service)
    with service.database.reading() as session:
        return _answered(service, session, link, is_past=is_past)


@router.post("/address/{token}")
def answer(service: ServicePart, token: str, form: FormPart) -> HTMLResponse:
    """Take the answer of one of the mailboxes, once or again, and say how things stand."""
    try:
        link, is_past = _link(service, token)
    except ExpiredToken:
        return _too_late(service)
    word = form.get("answer")
    if word not in _ANSWERS[link.mailbox]:
        raise HTTPException(422)
    with service.database.writing() as session:
        if not is_past:
            _act(service, session, link, word)
        return _answered(service, session, link, is_past=is_past)


def _ask(service: Service, move: Move) -> None:
    limits = service.reception.limits
    with service.database.writing() as session:
        ask_both(session, move, limits, pepper=service.pepper, now=service.clock())


def _stay(service: Service, token: str, public_id: str) -> HTMLResponse:
    with service.database.writing() as session:
        address_change.withdraw(session, public_id)
    return page(service, "address_stays.html", token=token)


def _act(service: Service, session: Session, link: Link, word: str) -> None:
    now, source = service.clock(), f"{service.settings.base_url}/address"
    if word == "yes":
        address_change.say_yes(session, link, now=now, source=source)
    elif word == "no":
        address_change.say_no(session, link)
    else:
        address_change.refuse(session, link, now)


def _link(service: Service, token: str) -> tuple[Link, bool]:
    """Open the link of one of the letters, and say whether its wish came true since.

    That withdraws both links; whoever presses a button twice is told the truth all the same.

    Raises:
        HTTPException: 404 for a token that is none of ours, or not for this.
        ExpiredToken: for a genuine one that is too old.
    """
    is_past = False
    try:
        claims = opened(service, token, *_MAILBOXES)
    except HTTPException:
        claims, is_past = opened(service, token, *_MAILBOXES, withdrawn=True), True
    return Link(claims.public_id, _MAILBOXES[claims.purpose], claims.issue), is_past


def _answered(service: Service, session: Session, link: Link, *, is_past: bool) -> HTMLResponse:
    standing = address_change.standing(session, link, service.clock())
    if is_past and standing is not Standing.DONE:
        standing = Standing.GONE
    reader = queries.by_public_id(session, link.public_id)
    wish = address_change.open_wish(session, reader, service.clock()) if reader else None
    return page(
        service,
        "address.html",
        status=_STATUS.get(standing, 200),
        standing=standing,
        mailbox=link.mailbox,
        new_address=mask(wish.new_email) if wish else "",
    )


def _too_late(service: Service) -> HTMLResponse:
    return page(
        service, "address.html", status=410, standing=Standing.GONE, mailbox=None, new_address=""
    )
