"""Taking a goodbye back: GET shows what there is to choose, only POST acts, for a day.

The link is on the page that follows a goodbye, and in the letter that tells the mailbox of it.
"""

from datetime import datetime, time, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from newsletter.leaving import Instead, take_back, undo_token
from newsletter.service import Service
from newsletter.web.links import opened
from newsletter.web.parts import Form, FormPart, ServicePart, page
from subscribers import queries
from subscribers.address import mask
from subscribers.errors import ExpiredToken, NothingToUndo
from subscribers.models import Subscriber
from subscribers.profile import CADENCES
from subscribers.states import ON_THE_LIST
from subscribers.tokens import Purpose
from subscribers.unsubscribe import undo_until

router = APIRouter(include_in_schema=False)

_REST = timedelta(weeks=4)


@router.get("/undo/{token}")
def ask(service: ServicePart, token: str) -> HTMLResponse:
    """Show what there is to choose; nothing changes, whoever opens the link."""
    try:
        return _as_it_is(service, opened(service, token, Purpose.UNDO).public_id)
    except ExpiredToken:
        return _too_late(service)


@router.post("/undo/{token}")
def act(service: ServicePart, token: str, form: FormPart) -> HTMLResponse:
    """Take the goodbye back and do what the form's ``choice`` says; once, however often pressed."""
    try:
        public_id = opened(service, token, Purpose.UNDO).public_id
        instead, now = _choice(form), service.clock()
        if instead is None:
            return _as_it_is(service, public_id, status=422)
        with service.database.writing() as session:
            rest_until = _in_four_weeks(service)
            back = take_back(session, public_id, instead, rest_until=rest_until, now=now)
    except (ExpiredToken, NothingToUndo):
        return _too_late(service)
    return _as_it_is(service, public_id, back=back)


def offers(token: str, reader: Subscriber) -> dict[str, object]:
    """Give what the buttons need to know; a letter a month is fewer only than one a week."""
    return {"path": f"/undo/{token}", "monthly": reader.cadence == CADENCES[0]}


def _choice(form: Form) -> Instead | None:
    try:
        return Instead(form.get("choice", ""))
    except ValueError:
        return None


def _in_four_weeks(service: Service) -> datetime:
    """Give the beginning of a day, so that a letter that is due that day comes."""
    window = service.window
    day = window.local(service.clock()).date() + _REST
    return window.from_local(datetime.combine(day, time.min))


def _as_it_is(
    service: Service, public_id: str, *, status: int = 200, back: bool = False
) -> HTMLResponse:
    now, local = service.clock(), service.window.local
    with service.database.reading() as session:
        reader = queries.by_public_id(session, public_id)
        until = reader and undo_until(session, reader, now=now)
        token = reader and undo_token(service.signer, session, reader, now=now)
    if reader is not None and reader.state in ON_THE_LIST:
        return _subscribed(service, reader, back=back)
    if not (reader and until and token):
        return _too_late(service)
    return page(
        service,
        "undo.html",
        status=status,
        address=mask(reader.email or ""),
        offers=offers(token, reader),
        until=local(until),
        zone=service.window.zone,
    )


def _subscribed(service: Service, reader: Subscriber, *, back: bool) -> HTMLResponse:
    person, epoch, until = reader.public_id, reader.token_epoch, reader.paused_until
    return page(
        service,
        "undone.html",
        address=mask(reader.email or ""),
        back=back,
        monthly=reader.cadence == "monthly",
        resting_until=service.window.local(until) if until else None,
        preferences=service.signer.sign(Purpose.PREFERENCES, person, epoch=epoch),
        unsubscribe=service.signer.sign(Purpose.UNSUBSCRIBE, person),
    )


def _too_late(service: Service) -> HTMLResponse:
    return page(service, "undo_gone.html", status=410)
