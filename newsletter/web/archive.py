"""Past issues, for everybody: only what has begun to leave, and nothing personal."""

from datetime import datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from newsletter.issues import frozen, store
from newsletter.rendering.issue_json import public_issue
from newsletter.rendering.letter import archive_page
from newsletter.rendering.views import IssueView
from newsletter.service import Service
from newsletter.web.caching import cacheable
from newsletter.web.parts import ServicePart, page

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=65535)]


@router.get("/archive")
def archive(service: ServicePart) -> HTMLResponse:
    """List the published issues, newest first."""
    with service.database.reading() as session:
        issues = [frozen.view(issue) for issue in store.published(session)]
    return page(service, "archive.html", issues=issues)


@router.get("/archive/latest")
def latest(service: ServicePart) -> RedirectResponse:
    """Lead to the newest published issue."""
    with service.database.reading() as session:
        issues = store.published(session, 1)
    if not issues:
        raise HTTPException(404)
    return RedirectResponse(f"/archive/{issues[0].number}", status_code=302)


@router.get("/archive/{number}.json")
def issue_as_json(service: ServicePart, request: Request, number: Number) -> Response:
    """Give one published issue in the form of ``docs/issue-json.md``."""
    view, left_at = _published(service, number)
    return cacheable(request, orjson.dumps(public_issue(view)), "application/json", left_at)


@router.get("/archive/{number}")
def issue(service: ServicePart, request: Request, number: Number) -> Response:
    """Show one published issue; drafts and strangers get the same 404."""
    view, left_at = _published(service, number)
    return cacheable(request, archive_page(view).encode(), "text/html; charset=utf-8", left_at)


def _published(service: Service, number: int) -> tuple[IssueView, datetime]:
    """Give what a published issue says, and when it began to leave."""
    with service.database.reading() as session:
        found = store.published_issue(session, number)
    if found is None or found.sending_at is None:
        raise HTTPException(404)
    return frozen.view(found), found.sending_at
