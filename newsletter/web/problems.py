"""The only place where something that went wrong meets a status number and a page."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from newsletter.web.guard import security_headers
from newsletter.web.parts import page

log = structlog.get_logger()

_WORDS = {
    403: ("Not from here", "This form was sent by a page of another site. Nothing was changed."),
    404: ("Nothing here", "This address leads nowhere, or the link is damaged."),
    405: ("Not this way", "This address does not take that kind of request."),
    413: ("Too large", "The request is larger than this service reads."),
}
_OTHERWISE = ("Something is wrong", "This did not work. Nothing was changed.")


def add_problem_pages(app: FastAPI) -> None:
    """Answer every problem with a page, or with JSON under ``/api/``."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(Exception, _failed)


def _refused(request: Request, problem: Any) -> Response:
    if _is_api(request):
        return JSONResponse({"detail": problem.detail}, problem.status_code, problem.headers)
    return _page(request, problem.status_code)


def _not_understood(request: Request, problem: Any) -> Response:
    """Answer a request that fits no handler; what was in it is not repeated."""
    if _is_api(request):
        wrong = [{"loc": error["loc"], "msg": error["msg"]} for error in problem.errors()]
        return JSONResponse({"detail": wrong}, 422)
    return _page(request, 404)  # only the address of a page can be wrong, such as /archive/abc


def _left(_request: Request, _problem: Exception) -> Response:
    """Answer nobody: who closes the line in the middle of a request is not there any more."""
    return Response(status_code=400)


def _failed(request: Request, problem: Exception) -> Response:
    log.error("request_failed", method=request.method, kind=type(problem).__name__)
    if _is_api(request):
        answer: Response = JSONResponse({"detail": "internal error; nothing was changed"}, 500)
    else:
        answer = _page(request, 500)
    answer.headers.update(security_headers(request.scope["path"]))  # no middleware stands outside
    return answer


def _is_api(request: Request) -> bool:
    # Not from request.url: that is built from the Host header, which anybody may fill with nonsense.
    path: str = request.scope["path"]
    return path.startswith("/api/")


def _page(request: Request, status: int) -> Response:
    title, sentence = _WORDS.get(status, _OTHERWISE)
    return page(
        request.app.state.service, "problem.html", status=status, title=title, sentence=sentence
    )
