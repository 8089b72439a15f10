"""The JSON API: comparisons come in by push, with a bearer token."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from newsletter.content.importing import import_documents
from newsletter.content.pages.documents import Document
from newsletter.web import answers
from newsletter.web.bearer import ASK_FOR_IT, REFUSAL, Shown, shows_the_token
from newsletter.web.parts import ServicePart

router = APIRouter(prefix="/api/v1", tags=["content"])


def _holds_the_token(service: ServicePart, shown: Shown) -> None:
    if service.settings.api_token is None:
        raise HTTPException(503, "the API is off; set NEWSLETTER_API_TOKEN to switch it on")
    if not shows_the_token(service, shown):
        raise HTTPException(401, REFUSAL, ASK_FOR_IT)


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post(
    "/comparisons",
    dependencies=[Depends(_holds_the_token)],
    openapi_extra=answers.PUSHING,
    response_model=answers.Report,
    responses=answers.PUSHED,
)
def push(
    service: ServicePart, body: Annotated[bytes, Depends(_body)], response: Response
) -> dict[str, Any]:
    """Import comparisons in the form of ``docs/comparison-json.md``.

    Answers what ``newsletter content import --json`` prints: 200 when anything went in or nothing
    was wrong, 422 when everything was refused.
    """
    report = import_documents(
        service.database.writing, [Document("request", body)], now=service.clock()
    )
    if report.refused and not (report.added or report.filled or report.unchanged):
        response.status_code = 422
    return report.as_json()
