"""The web application: routers put together, every answer with its security headers."""

from fastapi import Depends, FastAPI

from newsletter.service import Service
from newsletter.web import (
    api,
    archive,
    confirm,
    feed,
    files,
    health,
    home,
    preferences,
    sign_up,
    unsubscribe,
    votes,
)
from newsletter.web.guard import HeadLikeGet, SecurityHeaders, SizeLimit, from_our_own_page
from newsletter.web.parts import IsBeating
from newsletter.web.problems import add_problem_pages

DOORS = (
    home,
    sign_up,
    confirm,
    archive,
    feed,
    votes,
    preferences,
    unsubscribe,
    api,
    health,
    files,
)


def create_app(service: Service, is_beating: IsBeating = lambda: True) -> FastAPI:
    """Build the application for a wired service.

    Args:
        service: the service.
        is_beating: says whether the heartbeat of this process is alive, where it has one.
    """
    app = FastAPI(
        title=service.settings.name,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        dependencies=[Depends(from_our_own_page)],
        redirect_slashes=False,  # it would build addresses from the Host that somebody sends
    )
    app.state.service = service
    app.state.is_beating = is_beating
    for door in DOORS:
        app.include_router(door.router)
    add_problem_pages(app)
    for guard in (SizeLimit, HeadLikeGet, SecurityHeaders):  # the last one stands outside
        app.add_middleware(guard)
    return app
