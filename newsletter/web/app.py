"""The web application: routers put together, every answer with its security headers."""

from functools import cache
from importlib.metadata import version

from fastapi import APIRouter, Depends, FastAPI

from newsletter.service import Service
from newsletter.web import (
    account,
    address,
    api,
    archive,
    confirm,
    decide,
    editor,
    feed,
    files,
    health,
    home,
    manage,
    metrics,
    privacy,
    sign_up,
    sitemap,
    undo,
    unsubscribe,
    votes,
    webhooks,
)
from newsletter.web.bodies import BodyLimit, not_too_large
from newsletter.web.counting import Counted, Counts
from newsletter.web.editor.leaving.listening import Listeners
from newsletter.web.editor.leaving.live import reader_of
from newsletter.web.editor.pages import add_editor_answers
from newsletter.web.foreign_pages import ForeignPages
from newsletter.web.guard import HeadLikeGet, SecurityHeaders, from_our_own_page
from newsletter.web.parts import Heart
from newsletter.web.problems import add_problem_pages

DOORS = (
    home,
    sign_up,
    confirm,
    archive,
    feed,
    votes,
    manage,
    address,
    account,
    unsubscribe,
    undo,
    decide,
    webhooks,
    privacy,
    sitemap,
    api,
    health,
    metrics,
    files,
    *editor.DOORS,
)

EVERYWHERE = (Depends(from_our_own_page), Depends(not_too_large))
"""What every handler depends on."""

GUARDS = (Counted, BodyLimit, HeadLikeGet, ForeignPages, SecurityHeaders)
"""From the inside out."""


def create_app(service: Service, heart: Heart | None = None) -> FastAPI:
    """Build the application for a wired service.

    Args:
        service: the service.
        heart: what beats in the background of this process, where something does.
    """
    app = FastAPI(
        title=service.settings.name,
        version=version("weekly-verdict"),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        dependencies=EVERYWHERE,
        routes=[*_doors().routes],
        redirect_slashes=False,  # it would build addresses from the Host that somebody sends
    )
    app.state.service = service
    app.state.heart = heart
    app.state.counts = Counts()
    app.state.listeners = Listeners(reader_of(service))
    add_problem_pages(app)
    add_editor_answers(app)
    for guard in GUARDS:
        app.add_middleware(guard)
    return app


@cache
def _doors() -> APIRouter:
    """Put the doors together, once for all applications of this process.

    What FastAPI finds out about a handler when it is first asked for is kept here; an application
    for each look of preflight would find it out again, which took longer than to answer.
    """
    router = APIRouter(dependencies=EVERYWHERE)
    for door in DOORS:
        router.include_router(door.router)
    return router
