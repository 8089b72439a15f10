"""Preferences: a reader's pause and time zone; GET shows them, POST changes them.

A letter may be forwarded and its links with it, so nothing here names the reader, and nothing can
be done that the reader could not take back.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from newsletter.delivery.headers import TEST_TOKEN
from newsletter.desk import Desk
from newsletter.service import Service
from newsletter.web.links import opened
from newsletter.web.parts import FormPart, ServicePart, page
from schedules.windows import Window, zone_named
from subscribers import queries
from subscribers.address import mask
from subscribers.errors import (
    ExpiredToken,
    ForbiddenTransition,
    HasLeft,
    InvalidPause,
    UnknownSubscriber,
    UnknownTimeZone,
)
from subscribers.models import Subscriber
from subscribers.pausing import LONGEST_PAUSE, is_pausing, pause, resume
from subscribers.profile import CADENCES
from subscribers.states import State
from subscribers.tokens import Claims, Purpose
from subscribers.zones import choose_zone, zones_by_region

router = APIRouter(include_in_schema=False)

_ON_THE_LIST = frozenset({State.ACTIVE, State.PAUSED})
_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)


@router.get("/manage/{token}")
def show(service: ServicePart, token: str) -> HTMLResponse:
    """Show what this reader gets and when; nothing changes, whoever opens the link."""
    if token == TEST_TOKEN:
        return page(service, "test_copy.html", leads_to="their own preferences")
    try:
        return _page(service, opened(service, token, Purpose.PREFERENCES))
    except ExpiredToken:
        return page(service, "manage_expired.html", status=410)


@router.post("/manage/{token}")
def act(service: ServicePart, token: str, form: FormPart) -> HTMLResponse:
    """Do what the form's ``action`` says, once or again, and show how things are now."""
    try:
        claims = opened(service, token, Purpose.PREFERENCES)
        _apply(service, claims.public_id, form)
    except ExpiredToken:
        return page(service, "manage_expired.html", status=410)
    except (InvalidPause, UnknownTimeZone) as problem:
        return _page(service, claims, status=422, problem=problem.code)
    except (ForbiddenTransition, HasLeft, UnknownSubscriber):
        return _page(service, claims, status=409)
    return _page(service, claims, done=form["action"])


def _apply(service: Service, public_id: str, form: dict[str, str]) -> None:
    now, window = service.clock(), service.window
    with service.database.writing() as session:
        match form.get("action"):
            case "pause-4":
                pause(session, public_id, until=_weeks_on(window, now, 4), now=now)
            case "pause-8":
                pause(session, public_id, until=_weeks_on(window, now, 8), now=now)
            case "pause-until":
                until = _morning_of(window, _date(form.get("until", "")))
                pause(session, public_id, until=until, now=now)
            case "resume":
                resume(session, public_id, now=now)
            case "timezone":
                choose_zone(session, public_id, form.get("timezone"))
            case _:
                raise HTTPException(422)


def _weeks_on(window: Window, now: datetime, weeks: int) -> datetime:
    return _morning_of(window, window.local(now).date() + timedelta(weeks=weeks))


def _morning_of(window: Window, day: date) -> datetime:
    """Give the instant at which a day begins in the newsletter's zone.

    Raises:
        InvalidPause: for a day at the end of the calendar.
    """
    try:
        return window.from_local(datetime.combine(day, time.min))
    except OverflowError:
        raise InvalidPause from None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidPause from None


def _page(
    service: Service, claims: Claims, *, status: int = 200, done: str = "", problem: str = ""
) -> HTMLResponse:
    with service.database.reading() as session:
        reader = queries.by_public_id(session, claims.public_id)
    if reader is None or reader.state not in _ON_THE_LIST:
        address = mask(reader.email) if reader and reader.email else None
        return page(service, "manage_away.html", status=status, address=address)
    unsubscribe = service.signer.sign(Purpose.UNSUBSCRIBE, claims.public_id, issue=claims.issue)
    return page(
        service,
        "manage.html",
        status=status,
        done=done,
        problem=problem,
        unsubscribe=unsubscribe,
        zones=zones_by_region(),
        **_as_it_is(reader, service),
    )


def _as_it_is(reader: Subscriber, service: Service) -> dict[str, Any]:
    """Say what a reader on the list gets and when, and which days a break can end on."""
    window, now = service.window, service.clock()
    pausing, until = is_pausing(reader, now), reader.paused_until
    today, next_letter = window.local(now).date(), _next_letter(reader, service.desk, now)
    return {
        "address": mask(reader.email or ""),
        "weekly": reader.cadence == CADENCES[0],
        "pausing": pausing,
        "pausing_until": window.local(until) if pausing and until else None,
        "next_letter": next_letter and window.local(next_letter),
        "next_letter_there": _there(next_letter, reader),
        "zone": window.zone,
        "own_zone": reader.timezone,
        "earliest": today + _DAY,
        "latest": today + LONGEST_PAUSE - _DAY,
    }


def _next_letter(reader: Subscriber, desk: Desk, now: datetime) -> datetime | None:
    """Say when the next slot opens that this reader's pause leaves free; None without an end."""
    if not is_pausing(reader, now):
        return desk.next_slot().instant
    if reader.paused_until is None:
        return None
    return desk.next_slot(reader.paused_until - _MOMENT).instant


def _there(instant: datetime | None, reader: Subscriber) -> datetime | None:
    """Give an instant where the reader is, if they have said where that is."""
    if instant is None or reader.timezone is None:
        return None
    return instant.astimezone(zone_named(reader.timezone))
