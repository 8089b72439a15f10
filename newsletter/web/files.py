"""The files beside the pages: their style, their icon, and what robots are told."""

from fastapi import APIRouter
from fastapi.responses import FileResponse

from newsletter.rendering.environment import templates_folder

router = APIRouter(include_in_schema=False)


@router.get("/style.css")
def style() -> FileResponse:
    """Serve the style sheet of all pages."""
    return _file("style.css", "text/css")


@router.get("/sign-up.js")
def script() -> FileResponse:
    """Serve the script that helps the sign-up form."""
    return _file("sign-up.js", "text/javascript")


@router.get("/favicon.svg")
@router.get("/favicon.ico")
def icon() -> FileResponse:
    """Serve the icon, also where browsers look for one by themselves."""
    return _file("favicon.svg", "image/svg+xml")


@router.get("/robots.txt")
def robots() -> FileResponse:
    """Tell robots where there is nothing for them."""
    return _file("robots.txt", "text/plain")


def _file(name: str, media_type: str) -> FileResponse:
    return FileResponse(templates_folder() / "web" / name, media_type=media_type)
