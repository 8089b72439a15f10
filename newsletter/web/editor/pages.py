"""How an editors' page is made, and the pages for those who do not get what they asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from newsletter.editors.roles import Role, may
from newsletter.editors.sessions import Visit
from newsletter.rendering.dates import long_date
from newsletter.service import Service
from newsletter.web.editor.cookies import NeedsHttps
from newsletter.web.editor.visits import FIRST, NotYourRole, SignInFirst
from newsletter.web.parts import page, prefers_json


class Place(NamedTuple):
    """A page of the navigation."""

    path: str
    words: str
    needed: Role


PLACES: Sequence[Place] = (
    Place(FIRST, "This week", Role.VIEWER),
    Place("/editor/issues", "Issues", Role.VIEWER),
    Place("/editor/subscribers", "Readers", Role.VIEWER),
    Place("/editor/growth", "Growth", Role.VIEWER),
    Place("/editor/log", "Log", Role.VIEWER),
    Place("/editor/people", "People", Role.OWNER),
    Place("/editor/account", "You", Role.VIEWER),
)
"""A new page is named here, with the role that its handler asks for."""


def editor_page(
    service: Service, visit: Visit | None, name: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Render a page of ``templates/web/editor``.

    Args:
        service: the service.
        visit: who is signed in, if somebody is; the navigation is theirs.
        name: of the template.
        status: of the answer.
        values: what else the template asks for.
    """
    places = [place for place in PLACES if visit and may(visit.role, place.needed)]
    return page(
        service,
        f"editor/{name}",
        status=status,
        visit=visit,
        places=places,
        when=lambda at: f"{_day(service, at)}, {_hour(service, at)}",
        day=lambda at: _day(service, at),
        hour=lambda at, seconds=False: _hour(service, at, seconds=seconds),
        weekday=lambda at: f"{service.window.local(at):%a}",
        zone=str(service.window.zone).replace("_", " "),
        **values,
    )


def see(path: str) -> RedirectResponse:
    """Send a browser on to a page, after a form or instead of a page."""
    return RedirectResponse(path, status_code=303)


def sign_in_and_back(back: str) -> str:
    """Give the address of the page to sign in that leads back to another one."""
    return "/editor/sign-in" if back == FIRST else f"/editor/sign-in?back={back}"


def add_editor_answers(app: FastAPI) -> None:
    """Answer whoever is kept out of a page, in words or, to our script, in JSON."""
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(NotYourRole, _not_your_role)
    app.add_exception_handler(NeedsHttps, _needs_https)


def _day(service: Service, at: datetime) -> str:
    return long_date(service.window.local(at).date())


def _hour(service: Service, at: datetime, *, seconds: bool = False) -> str:
    return f"{service.window.local(at):{'%H:%M:%S' if seconds else '%H:%M'}}"


def _sign_in_first(request: Request, kept_out: Any) -> Response:
    """Lead a browser to sign in; what a form brought is not kept, and its page says so."""
    way = sign_in_and_back(kept_out.back)
    if prefers_json(request):
        return JSONResponse({"detail": "sign in first", "sign_in": way}, 401)
    if request.method == "GET" or kept_out.again:
        return see(way)
    return _refusal(
        request,
        401,
        None,
        "Sign in first",
        "You are not signed in, or not any more. Nothing was changed: sign in, and do it once more.",
        way=way,
    )


def _not_your_role(request: Request, kept_out: Any) -> Response:
    needed, visit = kept_out.needed, kept_out.visit
    sentence = (
        f"This is for {_PEOPLE[needed]}, and you are {_ONE[visit.role]}. Nothing was changed."
    )
    return _refusal(request, 403, visit, f"For {_PEOPLE[needed]} only", sentence)


def _needs_https(request: Request, kept_out: Any) -> Response:
    return _refusal(request, 503, None, "Not over plain http", str(kept_out))


_PEOPLE = {Role.VIEWER: "viewers", Role.EDITOR: "editors", Role.OWNER: "owners"}
_ONE = {Role.VIEWER: "a viewer", Role.EDITOR: "an editor", Role.OWNER: "an owner"}


def _refusal(
    request: Request, status: int, visit: Visit | None, title: str, sentence: str, *, way: str = ""
) -> Response:
    if prefers_json(request):
        return JSONResponse({"detail": sentence}, status)
    service: Service = request.app.state.service
    return editor_page(
        service, visit, "refused.html", status=status, title=title, sentence=sentence, way=way
    )
