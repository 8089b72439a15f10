"""The web application: routers put together, every answer with its security headers."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response

from newsletter.web import api, archive, health, home, unsubscribe
from newsletter.web.guard import SizeLimit, security_headers
from newsletter.web.problems import add_problem_pages
from newsletter.wiring import Service

_Next = Callable[[Request], Awaitable[Response]]


def create_app(service: Service) -> FastAPI:
    """Build the application for a wired service."""
    app = FastAPI(
        title=service.settings.name,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.service = service
    for door in (home, archive, unsubscribe, api, health):
        app.include_router(door.router)
    add_problem_pages(app)
    app.add_middleware(SizeLimit)

    @app.middleware("http")
    async def add_headers(request: Request, call_next: _Next) -> Response:
        response = await call_next(request)
        for name, value in security_headers(request.url.path).items():
            response.headers.setdefault(name, value)
        return response

    return app
