"""Preferences: the link of a letter has a fresh one mailed, and that one shows and changes them.

A letter may be forwarded and its links with it. So what stands in every letter names nobody and can
only have a link mailed to the reader's own address; whoever opens that one reads the mailbox.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from newsletter.delivery.headers import TEST_TOKEN
from newsletter.service import Service
from newsletter.web.links import opened
from newsletter.web.manage_buttons import Pressed, press
from newsletter.web.manage_link import MAIL, link_ended, link_mailed, link_offered
from newsletter.web.manage_page import Turn, show
from newsletter.web.parts import Form, FormPart, ServicePart, page
from subscribers.errors import (
    ExpiredToken,
    ForbiddenTransition,
    HasLeft,
    SubscriberError,
    UnknownSubscriber,
)
from subscribers.tokens import Claims, Purpose

router = APIRouter(include_in_schema=False)

Find = Annotated[str, Query(description="a part of a tool's name")]


@router.get("/manage/{token}")
def ask(service: ServicePart, token: str, find: Find = "") -> HTMLResponse:
    """Offer a fresh link, or show what this reader gets; nothing changes, whoever opens it."""
    if token == TEST_TOKEN:
        return page(service, "test_copy.html", leads_to="their own preferences")
    try:
        claims = opened(service, token, Purpose.MANAGE, Purpose.PREFERENCES)
    except ExpiredToken:
        return link_ended(service, token)
    if claims.purpose is Purpose.PREFERENCES:
        return link_offered(service, token)
    return show(service, claims, Turn(token, find))


@router.post("/manage/{token}")
def act(service: ServicePart, token: str, form: FormPart, find: Find = "") -> HTMLResponse:
    """Mail a fresh link, or do what the form's ``action`` says, and show how things are now."""
    try:
        claims = opened(service, token, Purpose.MANAGE, Purpose.PREFERENCES)
    except ExpiredToken as old:
        if form.get("action") != MAIL:
            return link_ended(service, token)
        return link_mailed(service, old.public_id)
    if claims.purpose is Purpose.PREFERENCES:
        return link_mailed(service, claims.public_id)
    return _press(service, claims, form, Turn(token, find, form.get("action", "")))


def _press(service: Service, claims: Claims, form: Form, turn: Turn) -> HTMLResponse:
    pressed = Pressed(claims.public_id, form, service.window, service.clock())
    try:
        with service.database.writing() as session:
            about = press(session, pressed)
    except (ForbiddenTransition, HasLeft, UnknownSubscriber):
        return show(service, claims, turn, status=409)
    except SubscriberError as problem:
        refused = replace(turn, problem=problem.code, typed=form)
        return show(service, claims, refused, status=422)
    return show(service, claims, replace(turn, about=about))
