"""Past issues, for everybody: only what has begun to leave, and nothing personal.

An issue that another release froze, and that this one cannot read, keeps its place in the list. Its
page says that it cannot be shown now: 503, since it is neither gone nor changed.
"""

from typing import Annotated

import orjson
from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import RedirectResponse

from newsletter.issues import frozen, store
from newsletter.issues.models import Issue
from newsletter.rendering.issue_json import public_issue
from newsletter.rendering.letter import archive_page
from newsletter.service import Service
from newsletter.votes.showing import Shown, shown
from newsletter.web.answers import ISSUE
from newsletter.web.caching import cacheable
from newsletter.web.parts import ServicePart, lasting_page, page

router = APIRouter(tags=["issues"])

Number = Annotated[int, Path(ge=1, le=65535)]

_CANNOT = "this release cannot read how the issue was stored; nothing of it is lost"
_NOT_KEPT = {"Cache-Control": "no-store", "Retry-After": "3600"}


@router.get("/archive", include_in_schema=False)
def archive(service: ServicePart, request: Request) -> Response:
    """List the published issues, newest first."""
    with service.database.reading() as session:
        issues = [(issue, frozen.readable(issue)) for issue in store.published(session)]
    newest = issues[0][0].sending_at if issues else None
    return lasting_page(request, service, "archive.html", changed=newest, issues=issues)


@router.get("/archive/latest", include_in_schema=False)
def latest(service: ServicePart) -> RedirectResponse:
    """Lead to the newest published issue."""
    with service.database.reading() as session:
        issues = store.published(session, 1)
    if not issues:
        raise HTTPException(404)
    return RedirectResponse(f"/archive/{issues[0].number}", status_code=302)


@router.get("/archive/{number}.json", responses=ISSUE)
def issue_as_json(service: ServicePart, request: Request, number: Number) -> Response:
    """Give one published issue in the form of ``docs/issue-json.md``."""
    one = _published(service, number)
    if isinstance(one, Issue):
        raise HTTPException(503, _CANNOT, _NOT_KEPT)
    return cacheable(request, orjson.dumps(public_issue(one.view)), "application/json", one.changed)


@router.get("/archive/{number}", include_in_schema=False)
def issue(service: ServicePart, request: Request, number: Number) -> Response:
    """Show one published issue; drafts and strangers get the same 404."""
    one = _published(service, number)
    if isinstance(one, Issue):
        answer = page(service, "archive_unreadable.html", status=503, issue=one)
        answer.headers.update(_NOT_KEPT)
        return answer
    html = archive_page(one.view).encode()
    return cacheable(request, html, "text/html; charset=utf-8", one.changed)


def _published(service: Service, number: int) -> Shown | Issue:
    """Give a published issue as it is shown; the row alone when its content cannot be read.

    Raises:
        HTTPException: 404 for any other.
    """
    with service.database.reading() as session:
        found = store.published_issue(session, number)
        if found is None:
            raise HTTPException(404)
        at_least, now = service.settings.votes_least, service.clock()
        return next(iter(shown(session, [found], at_least=at_least, now=now)), found)
