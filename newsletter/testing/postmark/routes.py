"""Which path of the API leads where."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from newsletter.testing.postmark import account
from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.rooms import Rooms

Handler = Callable[..., Reply]


class Routes:
    """The table of paths, which are taken in any case."""

    def __init__(self, rooms: Rooms) -> None:
        table = [*_messages(rooms), *_templates(rooms), *_streams(rooms), *_bounces(rooms)]
        self._table = [
            (method, re.compile(path, re.IGNORECASE), handler) for method, path, handler in table
        ]

    def find(self, request: Request) -> tuple[Handler, tuple[Any, ...]]:
        """Give what answers a request, and the words in its path.

        Raises:
            Refused: when there is nothing.
        """
        for method, path, handler in self._table:
            if method == request.method and (match := path.fullmatch(request.path)):
                return handler, match.groups()
        raise Refused(None, "No such address.", HTTPStatus.NOT_FOUND)


def _messages(rooms: Rooms) -> list[tuple[str, str, Handler]]:
    sending, bulk, searching = rooms.sending, rooms.bulk, rooms.searching
    return [
        ("POST", "/email", sending.one),
        ("POST", "/email/batch", sending.batch),
        ("POST", "/email/withTemplate", sending.one_from_template),
        ("POST", "/email/batchWithTemplates", sending.batch_from_templates),
        ("POST", "/email/bulk", bulk.submit),
        ("GET", "/email/bulk", bulk.all),
        ("GET", "/email/bulk/([^/]+)", bulk.get),
        ("GET", "/messages/outbound", searching.outbound),
        ("GET", "/messages/outbound/([^/]+)/details", searching.details),
    ]


def _templates(rooms: Rooms) -> list[tuple[str, str, Handler]]:
    templates = rooms.templates
    return [
        ("POST", "/templates/validate", templates.validate),
        ("POST", "/templates", templates.create),
        ("GET", "/templates", templates.all),
        ("GET", "/templates/([^/]+)", templates.get),
        ("PUT", "/templates/([^/]+)", templates.edit),
        ("DELETE", "/templates/([^/]+)", templates.delete),
    ]


def _streams(rooms: Rooms) -> list[tuple[str, str, Handler]]:
    streams, suppressions = rooms.streams, rooms.suppressions
    return [
        ("GET", "/server", account.server),
        ("GET", "/message-streams", streams.all),
        ("GET", "/message-streams/([^/]+)", streams.get),
        ("PATCH", "/message-streams/([^/]+)", streams.edit),
        ("POST", "/message-streams/([^/]+)/suppressions", suppressions.suppress),
        ("POST", "/message-streams/([^/]+)/suppressions/delete", suppressions.delete),
        ("GET", "/message-streams/([^/]+)/suppressions/dump", suppressions.dump),
    ]


def _bounces(rooms: Rooms) -> list[tuple[str, str, Handler]]:
    bounces = rooms.bounces
    return [
        ("GET", "/deliverystats", bounces.statistics),
        ("GET", "/bounces", bounces.all),
        ("GET", "/bounces/tags", bounces.tags),
        ("GET", r"/bounces/(\d+)", bounces.get),
        ("GET", r"/bounces/(\d+)/dump", bounces.dump),
        ("PUT", r"/bounces/(\d+)/activate", bounces.activate),
    ]
