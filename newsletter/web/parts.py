"""What handlers ask for, as annotated dependencies, and how a page is made."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import ImmutableMultiDict

from newsletter.rendering.environment import html_environment
from newsletter.service import Service
from newsletter.web.caching import cacheable
from newsletter.web.guard import is_editors

_MOST_OF_A_FORM = 10_000
"""Bytes of the largest form; ours have few fields, and a box for each topic."""

_MOST_OF_EDITORS = 200_000
"""Of the editors': an article pasted into a field is refused beside that field, where it stays."""


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ServicePart = Annotated[Service, Depends(_service)]


class Heart(Protocol):
    """What beats in the background; see ``schedules.heartbeat``."""

    def is_beating(self) -> bool:
        """Say whether there was a sign of life lately."""
        ...

    def silence(self) -> timedelta:
        """Give the time since the last one."""
        ...


def _heart(request: Request) -> Heart | None:
    heart: Heart | None = request.app.state.heart
    return heart


HeartPart = Annotated[Heart | None, Depends(_heart)]


Form = ImmutableMultiDict[str, str]
"""The fields of a form; where one of a name is asked for, the last counts."""


async def _form(request: Request) -> Form:
    """Read the fields of a form as browsers send it; NUL, which no PostgreSQL keeps, becomes "\ufffd"."""
    body = await request.body()
    most = _MOST_OF_EDITORS if is_editors(request.scope["path"]) else _MOST_OF_A_FORM
    if len(body) > most:
        raise HTTPException(413)
    fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    return Form([(name, value.replace("\0", "\ufffd")) for name, value in fields])


FormPart = Annotated[Form, Depends(_form)]


def prefers_json(request: Request) -> bool:
    """Say whether a program asks: it sends JSON, or wants nothing else."""
    return any(
        request.headers.get(name, "").startswith("application/json")
        for name in ("content-type", "accept")
    )


def page(service: Service, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page of ``templates/web`` with the newsletter's name and address at hand."""
    template = html_environment().get_template(f"web/{name}")
    html = template.render(brand=service.desk.press.brand, **values)
    return HTMLResponse(html, status_code=status)


def lasting_page(
    request: Request,
    service: Service,
    name: str,
    *,
    changed: datetime | None = None,
    **values: Any,
) -> Response:
    """Render a page that is the same for everybody and holds no form, so that caches may keep it.

    Args:
        request: what was asked.
        service: the service.
        name: as for ``page``.
        changed: when what it tells last changed, where that is known.
        values: as for ``page``.
    """
    whole = page(service, name, **values)
    return cacheable(request, bytes(whole.body), "text/html; charset=utf-8", changed)
