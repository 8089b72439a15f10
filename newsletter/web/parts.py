"""What handlers ask for, as annotated dependencies, and how a page is made."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from newsletter.rendering.environment import html_environment
from newsletter.service import Service


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


def page(service: Service, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page of ``templates/web`` with the newsletter's name and address at hand."""
    template = html_environment().get_template(f"web/{name}")
    html = template.render(brand=service.desk.press.brand, **values)
    return HTMLResponse(html, status_code=status)
