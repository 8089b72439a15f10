"""What search engines may look for: the sitemap, and what robots are asked to leave alone."""

from datetime import datetime

from fastapi import APIRouter, Request, Response

from newsletter.issues import store
from newsletter.rendering.environment import html_environment, text_environment
from newsletter.rendering.feed import instant
from newsletter.service import Service
from newsletter.votes.closing import closed
from newsletter.web.caching import cacheable
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)

_CHANGING = ("/", "/archive")
_STANDING = ("/subscribe", "/how-verdicts-are-made", "/privacy")


@router.get("/sitemap.xml")
def sitemap(service: ServicePart, request: Request) -> Response:
    """List the public pages, and the issues that have begun to leave."""
    with service.database.reading() as session:
        issues = store.published_numbers(session)
        issues |= closed(session, list(issues), service.clock())  # their votes were added then
    newest = max(issues.values(), default=None)
    pages: dict[str, datetime | None] = {
        **dict.fromkeys(_CHANGING, newest),
        **{f"/archive/{number}": left_at for number, left_at in issues.items()},
        **dict.fromkeys(_STANDING),
    }
    return cacheable(request, _xml(service, pages), "application/xml; charset=utf-8", newest)


@router.get("/robots.txt")
def robots(service: ServicePart, request: Request) -> Response:
    """Tell robots where the sitemap is, and where there is nothing for them."""
    template = text_environment().get_template("web/robots.txt")
    body = template.render(base_url=service.settings.base_url).encode()
    return cacheable(request, body, "text/plain; charset=utf-8")


def _xml(service: Service, pages: dict[str, datetime | None]) -> bytes:
    template = html_environment().get_template("web/sitemap.xml")
    return template.render(
        base_url=service.settings.base_url, pages=pages, instant=instant
    ).encode()
