"""The feeds: the latest published issues, whole, for feed readers and programs."""

import orjson
from fastapi import APIRouter, Request, Response

from newsletter.issues import frozen, store
from newsletter.rendering.feed import Entry, atom, json_feed, last_change
from newsletter.service import Service
from newsletter.web.caching import cacheable
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)

MOST = 20
"""Issues in a feed; older ones stay in the archive."""


@router.get("/feed.xml")
def atom_feed(service: ServicePart, request: Request) -> Response:
    """Give the latest issues as Atom."""
    entries = _entries(service)
    body = atom(entries, service.desk.press.brand).encode()
    return cacheable(request, body, "application/atom+xml; charset=utf-8", last_change(entries))


@router.get("/feed.json")
def feed_as_json(service: ServicePart, request: Request) -> Response:
    """Give the same issues as JSON Feed."""
    entries = _entries(service)
    body = orjson.dumps(json_feed(entries, service.desk.press.brand))
    return cacheable(request, body, "application/feed+json", last_change(entries))


def _entries(service: Service) -> list[Entry]:
    with service.database.reading() as session:
        issues = store.published(session, MOST)
    return [Entry(frozen.view(one), one.sending_at) for one in issues if one.sending_at]
