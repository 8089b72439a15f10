"""The files beside the pages: their styles, their scripts and their icon."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from newsletter.rendering.environment import templates_folder
from newsletter.web.caching import cacheable

router = APIRouter(include_in_schema=False)


@router.get("/style.css")
def style(request: Request) -> Response:
    """Serve the style sheet of all pages."""
    return _file(request, "style.css", "text/css; charset=utf-8")


@router.get("/editor.css")
def editor_style(request: Request) -> Response:
    """Serve what the editors' pages need beside it."""
    return _file(request, "editor.css", "text/css; charset=utf-8")


@router.get("/passkeys.js")
def passkeys(request: Request) -> Response:
    """Serve the script with which editors add a passkey and sign in with it."""
    return _file(request, "passkeys.js", "text/javascript; charset=utf-8")


@router.get("/countdown.js")
def countdown(request: Request) -> Response:
    """Serve the script that keeps the time left up to date."""
    return _file(request, "countdown.js", "text/javascript; charset=utf-8")


@router.get("/compose.js")
def compose(request: Request) -> Response:
    """Serve the script with which match-ups are dragged and moved by keys."""
    return _file(request, "compose.js", "text/javascript; charset=utf-8")


@router.get("/live.js")
def live(request: Request) -> Response:
    """Serve the script that listens to an issue that leaves."""
    return _file(request, "live.js", "text/javascript; charset=utf-8")


@router.get("/sign-up.js")
def script(request: Request) -> Response:
    """Serve the script that helps the sign-up form."""
    return _file(request, "sign-up.js", "text/javascript; charset=utf-8")


@router.get("/favicon.svg")
@router.get("/favicon.ico")
def icon(request: Request) -> Response:
    """Serve the icon, also where browsers look for one by themselves."""
    return _file(request, "favicon.svg", "image/svg+xml")


def _file(request: Request, name: str, media_type: str) -> Response:
    file = templates_folder() / "web" / name
    changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return cacheable(request, file.read_bytes(), media_type, changed)
