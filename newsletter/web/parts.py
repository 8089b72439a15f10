"""What handlers ask for, as annotated dependencies, and how a page is made."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from newsletter.rendering.environment import html_environment
from newsletter.service import Service

_MOST_OF_A_FORM = 10_000
"""Bytes of the largest form; ours have two fields."""


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ServicePart = Annotated[Service, Depends(_service)]

IsBeating = Callable[[], bool]
"""Says whether what runs in the background is alive."""


def _is_beating(request: Request) -> bool:
    is_beating: IsBeating = request.app.state.is_beating
    return is_beating()


BeatingPart = Annotated[bool, Depends(_is_beating)]


async def _form(request: Request) -> dict[str, str]:
    """Read the fields of a form as browsers send it; of a field given twice, the last counts."""
    body = await request.body()
    if len(body) > _MOST_OF_A_FORM:
        raise HTTPException(413)
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


FormPart = Annotated[dict[str, str], Depends(_form)]


def page(service: Service, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page of ``templates/web`` with the newsletter's name and address at hand."""
    template = html_environment().get_template(f"web/{name}")
    html = template.render(brand=service.desk.press.brand, **values)
    return HTMLResponse(html, status_code=status)
