"""The feeds: the latest published issues, whole, for feed readers and programs."""

import orjson
from fastapi import APIRouter, Request, Response

from newsletter.issues import store
from newsletter.rendering.feed import Entry, atom, json_feed, last_change
from newsletter.service import Service
from newsletter.votes.showing import shown
from newsletter.web.answers import FEED, FeedAnswer
from newsletter.web.caching import cacheable
from newsletter.web.parts import ServicePart

router = APIRouter(tags=["issues"])

MOST = 20
"""Issues in a feed; older ones stay in the archive."""


@router.get("/feed.xml", include_in_schema=False)
def atom_feed(service: ServicePart, request: Request) -> Response:
    """Give the latest issues as Atom."""
    entries = _entries(service)
    body = atom(entries, service.desk.press.brand).encode()
    return cacheable(request, body, "application/atom+xml; charset=utf-8", last_change(entries))


@router.get("/feed.json", response_class=FeedAnswer, responses=FEED)
def feed_as_json(service: ServicePart, request: Request) -> Response:
    """Give the same issues as JSON Feed."""
    entries = _entries(service)
    body = orjson.dumps(json_feed(entries, service.desk.press.brand))
    return cacheable(request, body, FeedAnswer.media_type, last_change(entries))


def _entries(service: Service) -> list[Entry]:
    """Give the latest issues; one that this release cannot read is left out."""
    with service.database.reading() as session:
        issues = shown(
            session,
            store.published(session, MOST),
            at_least=service.settings.votes_least,
            now=service.clock(),
        )
    return [Entry(one.view, one.published, one.changed) for one in issues]
