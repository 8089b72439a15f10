"""The only place where something that went wrong meets a status number and a page."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from newsletter.web.guard import complete, is_editors
from newsletter.web.parts import page, prefers_json

log = structlog.get_logger()

_WORDS = {
    401: ("Not without a token", "This address is for programs that show who they are."),
    403: ("Not from here", "This form was sent by a page of another site. Nothing was changed."),
    404: ("Nothing here", "This address leads nowhere, or the link is damaged or no longer open."),
    405: ("Not this way", "This address does not take that kind of request. Nothing was changed."),
    408: ("Too slow", "The request took too long to arrive. Nothing was changed; try again."),
    413: (
        "Too large",
        "The request is larger than this service reads. Nothing was changed; go back to change it.",
    ),
    422: ("Not understood", "Something in the form is missing or damaged. Nothing was changed."),
    429: ("Too often", "There were too many tries from your network. Try again in an hour."),
    503: (
        "Not at the moment",
        "This cannot be answered now. Nothing was changed; try again later.",
    ),
}
_OTHERWISE = ("Something is wrong", "This did not work. Nothing was changed.")
_FAILED = "internal error; nothing was changed"


def add_problem_pages(app: FastAPI) -> None:
    """Answer every problem with a page, or in JSON to programs."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(Exception, _failed)


def _refused(request: Request, problem: Any) -> Response:
    return _answer(request, problem.status_code, problem.detail, problem.headers)


def _not_understood(request: Request, problem: Any) -> Response:
    """Answer a request that fits no handler; what was in it is not repeated."""
    if not request.scope["path"].startswith("/api/"):
        return _answer(request, 404)  # only the address can be wrong, such as /archive/abc
    wrong = [{"loc": error["loc"], "msg": error["msg"]} for error in problem.errors()]
    return _answer(request, 422, wrong)


def _left(_request: Request, _problem: Exception) -> Response:
    """Answer nobody: who closes the line in the middle of a request is not there any more."""
    return Response(status_code=400)


def _failed(request: Request, problem: Exception) -> Response:
    log.error("request_failed", method=request.method, kind=type(problem).__name__)
    asks_again = request.scope["path"].startswith("/webhooks/")  # only 503 is certain to be retried
    answer = _answer(request, 503 if asks_again else 500, _FAILED)
    complete(answer.headers, request.scope)  # no middleware stands outside
    return answer


def _answer(
    request: Request,
    status: int,
    detail: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    if _is_program(request):
        detail = detail or HTTPStatus(status).phrase
        return JSONResponse({"detail": detail}, status, headers)
    title, sentence = _WORDS.get(status, _OTHERWISE)
    answer = page(
        request.app.state.service,
        "problem.html",
        status=status,
        title=title,
        sentence=sentence,
        is_editors=is_editors(request.scope["path"]),
    )
    answer.headers.update(headers or {})
    return answer


def _is_program(request: Request) -> bool:
    # Not from request.url: that is built from the Host header, which anybody may fill with nonsense.
    path: str = request.scope["path"]
    return path.startswith("/api/") or path.endswith(".json") or prefers_json(request)
