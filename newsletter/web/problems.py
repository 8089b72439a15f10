"""The only place where something that went wrong meets a status number and a page."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from newsletter.web.parts import page

log = structlog.get_logger()

_WORDS = {
    404: ("Nothing here", "This address leads nowhere, or the link is damaged."),
    405: ("Not this way", "This address does not take that kind of request."),
    413: ("Too large", "The request is larger than this service reads."),
}
_OTHERWISE = ("Something is wrong", "This did not work. Nothing was changed.")


def add_problem_pages(app: FastAPI) -> None:
    """Answer every problem with a page, or with JSON under ``/api/``."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _failed)


def _refused(request: Request, problem: Any) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": problem.detail}, problem.status_code, problem.headers)
    return _page(request, problem.status_code)


def _failed(request: Request, problem: Exception) -> Response:
    log.error("request_failed", method=request.method, kind=type(problem).__name__)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": "internal error; nothing was changed"}, 500)
    return _page(request, 500)


def _page(request: Request, status: int) -> Response:
    title, sentence = _WORDS.get(status, _OTHERWISE)
    return page(
        request.app.state.service, "problem.html", status=status, title=title, sentence=sentence
    )
