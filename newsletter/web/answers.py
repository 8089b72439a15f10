"""What programs get back, as the OpenAPI document describes it."""

from typing import Any, Literal

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from newsletter.content.pages.json_form import openapi_body
from newsletter.rendering.issue_json import PublicIssue

Responses = dict[int | str, dict[str, Any]]


class Health(BaseModel):
    """How the service is."""

    status: str = Field(description="ok, or what is wrong")


class Readiness(Health):
    """Whether it can work."""

    passive: str | None = Field(None, description="why nothing is sent from here, if so")


class Problem(BaseModel):
    """Why something was not done."""

    detail: str | list[dict[str, Any]]


class Refused(BaseModel):
    """One comparison that was not imported."""

    source: str
    reason: str


class Conflict(BaseModel):
    """A value that was replaced by a newer one."""

    model_config = ConfigDict(extra="allow")


class Report(BaseModel):
    """What became of the comparisons that were pushed."""

    added: int
    filled: int
    unchanged: int
    refused: list[Refused]
    conflicts: list[Conflict]


class OptIn(BaseModel):
    """What is asked of the mailbox."""

    has_optin: Literal[True]


class Asked(BaseModel):
    """The same for every address: a letter asks its mailbox, or none does."""

    data: OptIn
    suggestion: str | None = Field(description="the domain that was meant, if it looks like a slip")


class FeedItem(BaseModel):
    """One issue in the feed."""

    model_config = ConfigDict(extra="allow")

    id: str
    url: str
    title: str
    content_html: str
    date_published: str


class FeedAnswer(JSONResponse):
    """A JSON Feed has a media type of its own."""

    media_type = "application/feed+json"


class JsonFeed(BaseModel):
    """A JSON Feed, version 1.1."""

    model_config = ConfigDict(extra="allow")

    version: Literal["https://jsonfeed.org/version/1.1"]
    title: str
    home_page_url: str
    feed_url: str
    items: list[FeedItem]


class Request(BaseModel):
    """A wish to get the newsletter; field names of other services are understood as well."""

    model_config = ConfigDict(extra="allow")

    email: str = Field(max_length=320, json_schema_extra={"format": "email"})
    name: str = ""
    timezone: str = Field("", description="an IANA name, such as Europe/Berlin")
    tag: list[str] = Field([], description="the site's own marks")
    next: str = Field("", description="where to go on to; the publisher has to allow it")


_NOT_CHANGED: Responses = {304: {"description": "the asker's copy is still right"}}
_NONE: Responses = {"4XX": {"model": Problem, "description": "there is none"}}
_TOO_LARGE: Responses = {413: {"model": Problem, "description": "more than is read"}}

ISSUE: Responses = {
    200: {"model": PublicIssue, "description": "the issue, by docs/issue-json.md"},
    **_NOT_CHANGED,
    **_NONE,
    503: {"model": Problem, "description": "this release cannot read how it was stored"},
}
FEED: Responses = {200: {"model": JsonFeed}, **_NOT_CHANGED}
READY: Responses = {503: {"model": Readiness, "description": "it cannot work, and why"}}
PUSHED: Responses = {
    401: {"model": Problem, "description": "no token, or a wrong one"},
    **_TOO_LARGE,
    422: {"model": Report, "description": "everything was refused"},
    503: {"model": Problem, "description": "the API is off"},
}
ASKED: Responses = {
    200: {
        "model": Asked,
        "description": "JSON to programs, a page to people, 1 to Sendy's forms",
        "content": {"text/html": {}, "text/plain": {}},
    },
    303: {"description": "on to the page the form named, if the publisher allows it"},
    **_TOO_LARGE,
    422: {
        "model": Problem,
        "description": "no address that mail can be sent to",
        "content": {"text/html": {}, "text/plain": {}},
    },
}

PUSHING = openapi_body()
ASKING = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": Request.model_json_schema()}
            for kind in ("application/json", "application/x-www-form-urlencoded")
        },
    }
}
