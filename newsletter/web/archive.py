"""Past issues, for everybody: only what has begun to leave, and nothing personal."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from newsletter.issues import frozen, store
from newsletter.rendering.letter import archive_page
from newsletter.web.parts import ServicePart, page

router = APIRouter(include_in_schema=False)


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
        issues = store.published(session)
    if not issues:
        raise HTTPException(404)
    return RedirectResponse(f"/archive/{issues[0].number}", status_code=302)


@router.get("/archive/{number}")
def issue(
    service: ServicePart, request: Request, number: Annotated[int, Path(ge=1, le=65535)]
) -> Response:
    """Show one published issue; drafts and strangers get the same 404."""
    with service.database.reading() as session:
        found = next((one for one in store.published(session) if one.number == number), None)
    if found is None:
        raise HTTPException(404)
    headers = {"ETag": f'"{found.content_hash[:32]}"', "Cache-Control": "public, max-age=300"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(archive_page(frozen.view(found)), headers=headers)
